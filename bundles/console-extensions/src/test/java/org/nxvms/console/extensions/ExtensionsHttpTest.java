// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.apache.felix.framework.Felix;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.console.extensions.found.Extension;
import org.nxvms.console.extensions.rest.ExtensionsApplication;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.osgi.framework.Constants;

/** What browsers get, on the distribution's engine: who sees which extension, and how its files travel. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExtensionsHttpTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LIST = "/api/v1/console/extensions";
    private static final String ADMIN = "Bearer admin";
    private static final String GUEST = "Bearer guest";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private Felix framework;
    private ExtensionTracker tracker;
    private int port;
    private Extension plates;
    private Extension open;

    /** The administrator may all, the guest nothing of what is asked for. */
    private static final class Guard implements AccessGuard {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            String name = request.authorization().orElse("").replace("Bearer ", "");
            if (name.isEmpty()) {
                throw new AccessDeniedException(AccessDeniedException.Kind.UNAUTHENTICATED, "Sign in first.");
            }
            return new AuthenticatedUser(new UUID(0, 1), name, name, false);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            if (!user.username().equals("admin")) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, "No right " + permission);
            }
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString());
        framework = new Felix(configuration);
        framework.init();
        framework.start();
        tracker = new ExtensionTracker(framework.getBundleContext(), new UUID(1, 1), Clock.systemUTC());
        tracker.open();
        // For all who sign in, but for one lane of it.
        install(BroughtJar.version("1.0.0").named("org.example.open").describedBy(BroughtJar.description("open")));
        // For administrators of plugins.
        install(BroughtJar.version("1.0.0")
                .describedBy(BroughtJar.description("plates")
                        .replace(
                                "\"title\": \"title\",\n",
                                "\"title\": \"title\", \"requires\": [\"manage_plugins\"],\n")));
        install(BroughtJar.version("1.0.0").named("org.example.flawed").without("console/plates.js"));
        open = tracker.shelf().shown().get(0);
        plates = tracker.shelf().shown().get(1);

        AccessGuard guard = new Guard();
        ExtensionsApplication application = new ExtensionsApplication();
        application.services(guard, tracker);
        ExtensionServlet files = new ExtensionServlet();
        files.services(guard, tracker);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new CXFNonSpringJaxrsServlet(application)), LIST + "/*");
        context.addServlet(new ServletHolder(files), Extension.PATH + "/*");
        server.setHandler(context);
        server.start();
        port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    @AfterAll
    void stop() throws Exception {
        server.stop();
        tracker.close();
        framework.stop();
        framework.waitForStop(30_000);
    }

    private void install(BroughtJar jar) throws Exception {
        framework
                .getBundleContext()
                .installBundle("test:" + jar.hashCode(), jar.open())
                .start();
    }

    private HttpResponse<String> get(String path, String who) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (!who.isEmpty()) {
            request.header("Authorization", who);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void eachSeesWhatTheRightsAreThereFor() throws Exception {
        JsonNode all = JSON.readTree(get(LIST, ADMIN).body()).get("items");
        assertThat(all.findValuesAsText("id")).containsExactly("open", "plates");
        JsonNode one = all.get(1);
        assertThat(one.get("base").asText()).isEqualTo(plates.base());
        assertThat(one.get("entry").asText()).isEqualTo(plates.base() + "plates.js");
        assertThat(one.get("hash").asText()).isEqualTo(plates.files().hash());
        assertThat(one.at("/texts/de/title").asText()).isEqualTo("Kennzeichen");
        assertThat(one.get("contributes").findValuesAsText("slot")).containsExactly("nav.page", "timeline.lane");
        assertThat(one.at("/contributes/0/icon").asText()).isEqualTo(plates.base() + "plates.svg");

        JsonNode few = JSON.readTree(get(LIST, GUEST).body()).get("items");
        assertThat(few.findValuesAsText("id")).containsExactly("open");
        assertThat(few.get(0).get("contributes").findValuesAsText("slot"))
                .as("the lane needs the right to see events")
                .containsExactly("nav.page");
        assertThat(get(LIST, "").statusCode()).isEqualTo(401);
    }

    @Test
    void whyOneIsNotShownIsForThoseWhoSeeTheConfiguration() throws Exception {
        JsonNode refused = JSON.readTree(get(LIST + "/refused", ADMIN).body()).get("items");
        assertThat(refused).hasSize(1);
        assertThat(refused.get(0).get("bundle").asText()).isEqualTo("org.example.flawed");
        assertThat(refused.get(0).get("reason").asText()).contains("plates.js");
        assertThat(get(LIST + "/refused", GUEST).statusCode()).isEqualTo(403);
    }

    @Test
    void aFileIsKeptForGoodByTheBrowserAlone() throws Exception {
        HttpResponse<String> answer = get(plates.base() + "plates.js", ADMIN);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("export function activate() {}");
        Map<String, String> headers = new HashMap<>();
        answer.headers().map().forEach((name, values) -> headers.put(name.toLowerCase(), values.get(0)));
        assertThat(headers)
                .containsEntry("content-type", "text/javascript;charset=utf-8")
                .containsEntry("cache-control", "private, max-age=31536000, immutable")
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("cross-origin-resource-policy", "same-origin")
                .containsEntry("content-length", "29");
        assertThat(headers.get("content-security-policy"))
                .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe-eval");
        assertThat(get(plates.base() + "plates.svg", ADMIN).headers().firstValue("content-security-policy"))
                .as("a picture that is opened by itself runs nothing")
                .hasValue("default-src 'none'; style-src 'unsafe-inline'; sandbox");
        assertThat(get(plates.base() + "parts/list.js", ADMIN).body()).contains("list = 1");
    }

    @Test
    void whoMayNotSeeItFindsNothingThere() throws Exception {
        assertThat(get(open.base() + "plates.js", GUEST).statusCode()).isEqualTo(200);
        HttpResponse<String> hidden = get(plates.base() + "plates.js", GUEST);
        assertThat(hidden.statusCode()).isEqualTo(404);
        assertThat(hidden.body())
                .isEqualTo(get(plates.base() + "nothing.js", GUEST).body());
        assertThat(hidden.headers().firstValue("cache-control")).hasValue("no-store");
        HttpResponse<String> stranger = get(plates.base() + "plates.js", "");
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(stranger.body()).doesNotContain("activate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret.js",
                "../../../../secret.js",
                "parts/../../secret.js",
                "..%2fsecret.js",
                "%2e%2e/secret.js",
                "%2e%2e%2fsecret.js",
                "..\\secret.js",
                "..%5csecret.js",
                "parts//list.js",
                "parts/",
                "plates.js/",
                "plates.js%00",
                "plates.js;x=y/../../secret.js",
                "%252e%252e/secret.js"
            })
    void noPathLeadsOutOfTheFolder(String path) throws Exception {
        // As it is: a client's library would tidy it first.
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("GET " + plates.base() + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                                    + "Authorization: " + ADMIN + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("outside");
        }
    }

    @Test
    void anotherHashIsAnotherFile() throws Exception {
        String other = plates.base().replace(plates.files().hash(), "0123456789abcdef");
        assertThat(get(other + "plates.js", ADMIN).statusCode()).isEqualTo(404);
        assertThat(get(Extension.PATH + "/" + BroughtJar.NAME, ADMIN).statusCode())
                .isEqualTo(404);
    }
}
