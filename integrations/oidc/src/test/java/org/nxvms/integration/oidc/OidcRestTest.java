// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.integration.oidc.fake.Issuer;
import org.nxvms.integration.oidc.rest.OidcApplication;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.security.AuthenticationProvider;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.platform.api.security.OutsideSignIn;
import org.nxvms.test.kit.Awaiting;
import org.nxvms.test.kit.BindingVault;

/** What browsers and providers get to see, over HTTP on the distribution's engine. */
class OidcRestTest {
    private static final String TICKET = "ticket=1; Path=/api/v1/auth; HttpOnly";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final List<AuditNote> notes = new CopyOnWriteArrayList<>();
    private final List<OutsideIdentity> admitted = new CopyOnWriteArrayList<>();
    private final List<String> gone = new CopyOnWriteArrayList<>();
    private final List<AuthenticationProvider> published = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> carriedOut = new ArrayList<>();
    private volatile boolean databaseAway;
    private volatile Clock now = Clock.systemUTC();

    @TempDir
    private Path folder;

    private Issuer issuer;
    private Providers providers;

    @BeforeEach
    void start() throws Exception {
        issuer = new Issuer();
        providers = new Providers(
                folder,
                provider -> {
                    published.add(provider);
                    return () -> published.remove(provider);
                },
                clock());
        BindingVault vault = new BindingVault();
        providers.vault(vault);
        OidcApplication application = new OidcApplication();
        application.services(providers, door(), vault, trail());
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new CXFNonSpringJaxrsServlet(application)), Provider.BASE + "/*");
        server.setHandler(context);
        server.start();
        configure(Map.of());
    }

    private void configure(Map<String, String> others) {
        Map<String, String> values = new HashMap<>(Map.of(
                "name",
                "corp",
                "title",
                "Corp",
                "issuer",
                issuer.name(),
                "clientId",
                Issuer.CLIENT,
                "clientSecret",
                Issuer.SECRET,
                "roles",
                "guards=operator"));
        // Nothing here is to fail because the machine is busy.
        values.put("timeoutMs", "30000");
        values.putAll(others);
        carriedOut.add(providers.add(values));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : carriedOut) {
            one.close();
        }
        providers.close();
        server.stop();
        issuer.close();
    }

    /** As {@link #now} says at that moment. */
    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return now.getZone();
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return now.withZone(zone);
            }

            @Override
            public Instant instant() {
                return now.instant();
            }
        };
    }

    private OutsideSignIn door() {
        return new OutsideSignIn() {
            @Override
            public String admit(OutsideIdentity identity, boolean secure) {
                admitted.add(identity);
                return TICKET;
            }

            @Override
            public boolean endSessions(String provider, String subject) {
                if (databaseAway) {
                    throw new StoreException("the database is away", null);
                }
                gone.add(provider + "/" + subject);
                return true;
            }
        };
    }

    private AuditTrail trail() {
        return new AuditTrail() {
            @Override
            public void note(AuditNote note) {
                notes.add(note);
            }

            @Override
            public boolean flush() {
                return true;
            }

            @Override
            public Verdict verify() {
                throw new AssertionError("nobody verifies");
            }

            @Override
            public List<String> acknowledge(AuditNote.Actor who, String why) {
                throw new AssertionError("nobody acknowledges");
            }
        };
    }

    private URI at(String path) {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        return URI.create("http://127.0.0.1:" + port + Provider.BASE + path);
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(at(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> logout(String form) throws Exception {
        return client.send(
                HttpRequest.newBuilder(at("/corp/logout"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    /** {@return what a browser keeps of an answer} */
    private static String kept(HttpResponse<String> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith("nxvms_oidc="))
                .findFirst()
                .orElseThrow()
                .split(";", 2)[0];
    }

    private String back(HttpResponse<String> started) {
        Map<String, String> brought = issuer.signIn(URI.create(location(started)));
        return "/corp/callback?code=" + brought.get("code") + "&state=" + brought.get("state");
    }

    @Test
    void fromTheButtonToTheConsole() throws Exception {
        assertThat(published.get(0).redirect().orElseThrow().path()).isEqualTo("/api/v1/oidc/corp/start");
        HttpResponse<String> started = get("/corp/start");
        String page = location(started);
        assertThat(page).startsWith(issuer.name() + "/authorize?");
        assertThat(Issuer.query(URI.create(page).getRawQuery()))
                .containsEntry("redirect_uri", at("/corp/callback").toString());
        assertThat(started.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly", "SameSite=Lax", "Path=/api/v1/oidc", "Max-Age=600");
        // What a provider adds is passed over (RFC 6749 4.1.2).
        HttpResponse<String> back = get(back(started) + "&session_state=abc&hd=corp.example", "Cookie", kept(started));
        assertThat(location(back)).isEqualTo("/console/?signin=done");
        assertThat(back.headers().allValues("Set-Cookie"))
                .contains(TICKET)
                .anyMatch(cookie -> cookie.startsWith("nxvms_oidc=; ") && cookie.contains("Max-Age=0"));
        assertThat(admitted).containsExactly(new OutsideIdentity("corp", "subject-1", "mia", Optional.of("operator")));
    }

    @Test
    void whoIsInNoGroupOfThisServerComesWithoutARole() throws Exception {
        issuer.claims("groups", List.of("cooks"));
        HttpResponse<String> started = get("/corp/start");
        get(back(started), "Cookie", kept(started));
        assertThat(admitted).extracting(OutsideIdentity::role).containsExactly(Optional.empty());
    }

    @Test
    void anotherBrowserGetsNothingFromTheAddress() throws Exception {
        HttpResponse<String> mine = get("/corp/start");
        HttpResponse<String> theirs = get("/corp/start");
        String back = back(mine);
        assertThat(location(get(back))).isEqualTo("/console/?signin=expired");
        assertThat(location(get(back, "Cookie", kept(theirs)))).isEqualTo("/console/?signin=expired");
        assertThat(location(get(back, "Cookie", "nxvms_oidc=v1.forged"))).isEqualTo("/console/?signin=expired");
        assertThat(admitted).isEmpty();
        assertThat(location(get(back, "Cookie", kept(mine)))).isEqualTo("/console/?signin=done");
        assertThat(location(get(back, "Cookie", kept(mine)))).isEqualTo("/console/?signin=expired");
        assertThat(admitted).hasSize(1);
    }

    @Test
    void noAddressLeadsElsewhereThanToTheConsole() throws Exception {
        for (String path : new String[] {
            "/corp/callback?error=x&error_description=%0d%0aLocation:%20https://evil.example",
            "/corp/callback?code=a&state=b&redirect_uri=https://evil.example",
            "/none/start",
            "/none/callback?code=a&state=b"
        }) {
            assertThat(location(get(path))).as(path).matches("/console/\\?signin=(expired|unavailable)");
        }
        assertThat(get("/corp/start?to=https://evil.example").statusCode()).isEqualTo(400);
    }

    @Test
    void aForgedTokenIsNotedAndNobodyComesIn() throws Exception {
        issuer.tokens(token -> token.substring(0, token.length() - 6) + "AAAAAA");
        HttpResponse<String> started = get("/corp/start");
        assertThat(location(get(back(started), "Cookie", kept(started)))).isEqualTo("/console/?signin=token_invalid");
        assertThat(admitted).isEmpty();
        assertThat(notes)
                .extracting(note -> note.action() + " " + note.done() + " " + new TreeMap<>(note.after()))
                .containsExactly("auth.login false {provider=corp, refused=token_invalid}");
    }

    @Test
    void aProviderThatIsAwayIsSaidInWordsAndByHealth() throws Exception {
        issuer.close();
        // Nobody has ever had an answer of this one.
        configure(Map.of("name", "second"));
        assertThat(location(get("/second/start"))).isEqualTo("/console/?signin=provider_unreachable");
        HealthCheck.Result result = providers.check();
        assertThat(result.status()).isEqualTo(HealthCheck.Status.DEGRADED);
        assertThat(result.findings())
                .contains(new HealthCheck.Finding("oidc_unreachable", Map.of("provider", "second")));
        assertThat(providers.requiredForReadiness()).isFalse();
    }

    @Test
    void whoProvedTooLongAgoOrByALineThatHasGoneIsSomebodyNoMore() throws Exception {
        HttpResponse<String> started = get("/corp/start");
        get(back(started), "Cookie", kept(started));
        OutsideIdentity known = admitted.get(0);
        assertThat(published.get(0).lookUp(known)).contains(known);
        carriedOut.remove(0).close();
        configure(Map.of("roles", "guards=viewer"));
        assertThat(published.get(0).lookUp(known).orElseThrow().role()).contains("viewer");
        carriedOut.remove(0).close();
        configure(Map.of("roles", "cooks=viewer"));
        assertThat(published.get(0).lookUp(known).orElseThrow().role()).isEmpty();
        OutsideIdentity stranger = new OutsideIdentity("corp", "subject-2", "eve", Optional.of("operator"));
        assertThat(published.get(0).lookUp(stranger)).isEmpty();
        carriedOut.remove(0).close();
        now = Clock.offset(Clock.systemUTC(), Duration.ofHours(13));
        configure(Map.of());
        assertThat(published.get(0).lookUp(known)).isEmpty();
    }

    @Test
    void anotherIssuerUnderTheSameNameIsRefused() throws Exception {
        HttpResponse<String> started = get("/corp/start");
        get(back(started), "Cookie", kept(started));
        carriedOut.remove(0).close();
        configure(Map.of("issuer", "https://login.example"));
        assertThat(published).isEmpty();
        assertThat(providers.check().findings())
                .containsExactly(new HealthCheck.Finding("oidc_misconfigured", Map.of("provider", "corp")));
    }

    @Test
    void aSettingThatCannotWorkIsSaidAndTheOthersGoOn() throws Exception {
        configure(Map.of("name", "second", "algorithms", "none"));
        configure(Map.of());
        assertThat(published).hasSize(1);
        assertThat(providers.check().findings())
                .contains(
                        new HealthCheck.Finding("oidc_misconfigured", Map.of("provider", "second")),
                        new HealthCheck.Finding("oidc_misconfigured", Map.of("provider", "corp")));
        assertThat(location(get("/corp/start"))).startsWith(issuer.name());
    }

    @Test
    void behindAnotherNameTheProviderIsToldThatOne() throws Exception {
        carriedOut.remove(0).close();
        assertThat(published).isEmpty();
        configure(Map.of("origin", "https://nvr.example:8443"));
        assertThat(Issuer.query(URI.create(location(get("/corp/start"))).getRawQuery()))
                .containsEntry("redirect_uri", "https://nvr.example:8443/api/v1/oidc/corp/callback");
    }

    @Test
    void whoHasGoneAtTheProviderHasGoneHere() throws Exception {
        String token = issuer.logoutToken(Map.of("sid", "session-1"));
        HttpResponse<String> answer = logout("logout_token=" + token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(gone).containsExactly("corp/subject-1");
        assertThat(notes).extracting(AuditNote::action).containsExactly("session.ended");
        HttpResponse<String> again = logout("logout_token=" + token);
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("\"invalid_request\"", "second time");
        assertThat(gone).hasSize(1);
    }

    @Test
    void aSessionThatIsNamedAloneIsFoundAlsoAfterARestart() throws Exception {
        HttpResponse<String> started = get("/corp/start");
        get(back(started), "Cookie", kept(started));
        carriedOut.remove(0).close();
        configure(Map.of());
        Map<String, Object> sessionOnly = new HashMap<>();
        sessionOnly.put("sub", null);
        sessionOnly.put("sid", "session-1");
        assertThat(logout("logout_token=" + issuer.logoutToken(sessionOnly)).statusCode())
                .isEqualTo(200);
        assertThat(gone).containsExactly("corp/subject-1");
        sessionOnly.put("sid", "never-seen");
        assertThat(logout("logout_token=" + issuer.logoutToken(sessionOnly)).statusCode())
                .isEqualTo(200);
        assertThat(gone).hasSize(1);
        assertThat(Files.readString(folder.resolve("corp.json"))).contains("session-1");
    }

    @Test
    void whatIsNoLogoutTokenEndsNothing() throws Exception {
        for (String form : new String[] {
            "",
            "a=b",
            "logout_token=",
            "logout_token=x",
            "logout_token=%zz",
            "logout_token=a&logout_token=b",
            "logout_token=" + "x".repeat(70_000)
        }) {
            HttpResponse<String> answer = logout(form);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("invalid_request");
        }
        assertThat(gone).isEmpty();
    }

    @Test
    void whatCouldNotBeEndedMayBeAskedForAgain() throws Exception {
        databaseAway = true;
        String token = issuer.logoutToken(Map.of());
        HttpResponse<String> answer = logout("logout_token=" + token);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("temporarily_unavailable");
        databaseAway = false;
        assertThat(logout("logout_token=" + token).statusCode()).isEqualTo(200);
        assertThat(gone).hasSize(1);
    }

    @Test
    void theSecretInTheFileIsSealed() throws Exception {
        carriedOut.remove(0).close();
        Path file = folder.resolve("org.nxvms.integration.oidc-corp.cfg");
        Files.writeString(file, "clientSecret = " + Issuer.SECRET + "\n");
        configure(Map.of("felix.fileinstall.filename", file.toUri().toString()));
        Awaiting.until("it is sealed", () -> read(file).startsWith("clientSecret = sealed:"));
        assertThat(read(file)).doesNotContain(Issuer.SECRET);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
