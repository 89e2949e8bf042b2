// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.PluginTrial;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.Frames;
import org.nxvms.platform.api.plugin.SwapReceipt.Operation;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;
import org.nxvms.platform.api.plugin.SwapReceipt.Windows;
import org.nxvms.platform.api.plugin.TrustedCertificate;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.rest.kit.jaxrs.RestApplication;

/** Plugins over HTTP on the distribution's engine: shapes, rights, problems. */
class PluginsRestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "org.example.driver";
    private static final UUID ID = new UUID(1, 2);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final List<String> asked = new ArrayList<>();
    private Exception refusal;

    private final PluginAdmin admin = (PluginAdmin) Proxy.newProxyInstance(
            PluginsRestTest.class.getClassLoader(), new Class<?>[] {PluginAdmin.class}, (proxy, method, arguments) -> {
                if (refusal != null) {
                    throw refusal;
                }
                return answer(method.getName(), arguments);
            });

    private final List<AuditNote> notes = new CopyOnWriteArrayList<>();
    private final AuditTrail trail = (AuditTrail) Proxy.newProxyInstance(
            AuditTrail.class.getClassLoader(),
            new Class<?>[] {AuditTrail.class},
            (self, method, arguments) -> notes.add((AuditNote) arguments[0]) ? null : null);

    private Object answer(String method, Object[] arguments) throws Exception {
        return switch (method) {
            case "plugins" -> List.of(plugin());
            case "find" -> arguments[0].equals(NAME) ? Optional.of(plugin()) : Optional.empty();
            case "receipts" -> List.of(receipt());
            case "receipt" -> arguments[0].equals(ID) ? Optional.of(receipt()) : Optional.empty();
            case "trusted" -> List.of(certificate());
            case "trust" -> {
                if (!arguments[0].equals("PEM")) {
                    throw new IllegalArgumentException("pem must be one X.509 certificate");
                }
                yield certificate();
            }
            case "distrust" -> arguments[0].equals("cd34");
            case "install" -> operated("install", (PluginSource) arguments[0], arguments[1], arguments[2]);
            case "update" ->
                operated("update " + arguments[0], (PluginSource) arguments[1], arguments[2], arguments[3]);
            case "tryOut" ->
                operated(
                        "try " + arguments[0] + " " + ((PluginTrial) arguments[3]).canary() + " "
                                + ((PluginTrial) arguments[3]).soakSeconds(),
                        (PluginSource) arguments[1],
                        arguments[2],
                        arguments[4]);
            default -> {
                if (!arguments[0].equals(NAME)) {
                    throw new NoSuchResourceException("none");
                }
                asked.add(method + " " + arguments[0] + " " + arguments[1]);
                yield receipt();
            }
        };
    }

    private SwapReceipt operated(String what, PluginSource source, Object unsigned, Object by) throws Exception {
        String content = source.content().isPresent()
                ? new String(source.content().get().readAllBytes(), StandardCharsets.UTF_8)
                : "";
        asked.add(what + " " + source.from() + " " + content + " " + unsigned + " " + by);
        return receipt();
    }

    private static Plugin plugin() {
        return new Plugin(
                NAME,
                Plugin.State.ACTIVE,
                "",
                new PluginVersion(
                        "1.1.0",
                        "Example",
                        "Example Inc.",
                        "MIT",
                        List.of("(x)"),
                        Optional.of(new PluginVersion.Conformance("1.0", 61, 0, 2)),
                        "ab12",
                        "upload",
                        Optional.of(new PluginVersion.Signer("CN=Example", "cd34")),
                        Instant.EPOCH,
                        "admin"),
                Optional.empty());
    }

    private static SwapReceipt receipt() {
        return new SwapReceipt(
                ID,
                Operation.UPDATE,
                NAME,
                Optional.of("1.0.0"),
                Optional.of("1.1.0"),
                Optional.of("ab12"),
                "admin",
                Instant.EPOCH,
                Optional.of(Instant.EPOCH),
                Outcome.DONE,
                "",
                List.of(new SwapReceipt.BundleChange(97, "nxvms-plugin:x", true)),
                140,
                Optional.of(new Windows(1000, 40, 1000)),
                List.of(new Frames(StreamId.main(new UUID(7, 7)), 25, 1, 25, 0, true)),
                Optional.of("a.b.c"));
    }

    private static TrustedCertificate certificate() {
        return new TrustedCertificate("cd34", "CN=Example", Instant.EPOCH);
    }

    /** An administrator by the token {@code admin}, an operator by {@code operator}. */
    private static final class Guard implements AccessGuard {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            String name = request.authorization().orElse("").replace("Bearer ", "");
            if (name.isEmpty()) {
                throw new AccessDeniedException(AccessDeniedException.Kind.UNAUTHENTICATED, "Sign in first.");
            }
            return new AuthenticatedUser(new UUID(1, 1), name, name, false);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            if (!user.username().equals("admin") && permission == Permission.MANAGE_PLUGINS) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, "You may not manage plugins.");
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        RestApplication application = new RestApplication() {
            @Override
            protected AccessGuard guard() {
                return new Guard();
            }

            @Override
            protected AuditTrail audit() {
                return trail;
            }

            @Override
            protected List<Object> resources() {
                return List.of(
                        new PluginsResource(() -> admin),
                        new ReceiptsResource(() -> admin),
                        new TrustedResource(() -> admin));
            }

            @Override
            protected List<Object> providers() {
                return List.of(new RefusalMapper());
            }
        };
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new CXFNonSpringJaxrsServlet(application)), PluginsResource.BASE + "/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private HttpResponse<String> send(String user, String method, String path, String type, String body)
            throws Exception {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + PluginsResource.BASE + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!user.isEmpty()) {
            request.header("Authorization", "Bearer " + user);
        }
        if (!body.isEmpty()) {
            request.header("Content-Type", type);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = send("admin", method, path, "application/json", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body().isEmpty() ? JSON.getNodeFactory().missingNode() : JSON.readTree(answer.body());
    }

    @Test
    void whoDidWhatToWhichVersionIsInTheAudit() throws Exception {
        json("POST", "", "{\"url\":\"file:/tmp/x.jar\",\"allowUnsigned\":true}", 201);
        json("POST", "/" + NAME + "/update", "{\"url\":\"mvn:a/b/1\"}", 200);
        for (String operation : List.of("rollback", "disable", "enable")) {
            json("POST", "/" + NAME + "/" + operation, "", 200);
        }
        json("DELETE", "/" + NAME, "", 200);
        json("POST", "/trusted", "{\"pem\":\"PEM\"}", 201);
        json("DELETE", "/trusted/cd34", "", 204);
        assertThat(notes)
                .extracting(note -> note.action() + " " + note.subject())
                .containsExactly(
                        "plugin.installed plugin/" + NAME,
                        "plugin.updated plugin/" + NAME,
                        "plugin.rolled_back plugin/" + NAME,
                        "plugin.disabled plugin/" + NAME,
                        "plugin.enabled plugin/" + NAME,
                        "plugin.removed plugin/" + NAME,
                        "plugin.vendor_trusted certificate/cd34",
                        "plugin.vendor_distrusted certificate/cd34");
        assertThat(notes).allMatch(note -> note.done() && note.actor().name().equals("admin"));
        assertThat(notes.get(1).before()).containsOnly(Map.entry("version", "1.0.0"));
        assertThat(notes.get(1).after())
                .containsOnly(
                        Map.entry("version", "1.1.0"),
                        Map.entry("sha256", "ab12"),
                        Map.entry("receipt", ID.toString()));

        notes.clear();
        send("operator", "POST", "", "application/json", "{\"url\":\"https://u:geheim@example.com/x.jar\"}");
        refusal = new IllegalStateException("another operation runs");
        json("POST", "", "{\"url\":\"https://u:geheim@example.com/x.jar\",\"allowUnsigned\":true}", 409);
        assertThat(notes).extracting(AuditNote::done).containsExactly(false, false);
        assertThat(notes.get(1).after())
                .containsOnly(
                        Map.entry("source", "https://example.com/x.jar"),
                        Map.entry("allowUnsigned", "true"),
                        Map.entry("refused", "409"));
    }

    @Test
    void pluginsAreListedInstalledAndOperated() throws Exception {
        JsonNode one = json("GET", "", "", 200).at("/items/0");
        assertThat(one.at("/name").asText()).isEqualTo(NAME);
        assertThat(one.at("/state").asText()).isEqualTo("active");
        assertThat(one.at("/current/signer/subject").asText()).isEqualTo("CN=Example");
        assertThat(one.has("previous")).isFalse();
        assertThat(json("GET", "/" + NAME, "", 200).at("/current/version").asText())
                .isEqualTo("1.1.0");
        json("GET", "/org.example.none", "", 404);

        JsonNode done = json("POST", "", "{\"url\":\"file:/tmp/x.jar\",\"allowUnsigned\":true}", 201);
        assertThat(done.at("/receipt").asText()).isEqualTo(ID.toString());
        assertThat(done.at("/plugin/name").asText()).isEqualTo(NAME);
        json("POST", "/" + NAME + "/update", "{\"url\":\"mvn:a/b/1\"}", 200);
        for (String operation : List.of("rollback", "disable", "enable")) {
            json("POST", "/" + NAME + "/" + operation, "", 200);
        }
        json("DELETE", "/" + NAME, "", 200);
        json("DELETE", "/org.example.none", "", 404);
        assertThat(send("admin", "POST", "/uploads?allowUnsigned=true", "application/octet-stream", "JAR")
                        .statusCode())
                .isEqualTo(201);
        assertThat(send("admin", "POST", "/uploads?updates=" + NAME, "application/java-archive", "JAR")
                        .statusCode())
                .isEqualTo(201);
        assertThat(asked)
                .containsExactly(
                        "install file:/tmp/x.jar  true admin",
                        "update " + NAME + " mvn:a/b/1  false admin",
                        "rollback " + NAME + " admin",
                        "disable " + NAME + " admin",
                        "enable " + NAME + " admin",
                        "remove " + NAME + " admin",
                        "install upload JAR true admin",
                        "update " + NAME + " upload JAR false admin");
    }

    @Test
    void anUpdateIsTriedByOneCameraFirst() throws Exception {
        UUID camera = new UUID(7, 7);
        json("POST", "/" + NAME + "/update", "{\"url\":\"mvn:a/b/1\",\"trial\":{}}", 200);
        json(
                "POST",
                "/" + NAME + "/update",
                "{\"url\":\"mvn:a/b/1\",\"trial\":{\"cameraId\":\"" + camera + "\",\"soakSeconds\":10}}",
                200);
        assertThat(send("admin", "POST", "/uploads?soakSeconds=20&updates=" + NAME, "application/java-archive", "JAR")
                        .statusCode())
                .isEqualTo(201);
        assertThat(asked)
                .containsExactly(
                        "try " + NAME + " Optional.empty 60 mvn:a/b/1  false admin",
                        "try " + NAME + " Optional[" + camera + "] 10 mvn:a/b/1  false admin",
                        "try " + NAME + " Optional.empty 20 upload JAR false admin");
        assertThat(json("POST", "/" + NAME + "/update", "{\"url\":\"mvn:a/b/1\",\"trial\":{\"soakSeconds\":1}}", 422)
                        .at("/errors/0/field")
                        .asText())
                .isEqualTo("trial.soakSeconds");
        assertThat(json("POST", "", "{\"url\":\"mvn:a/b/1\",\"trial\":{}}", 422)
                        .at("/errors/0/field")
                        .asText())
                .isEqualTo("trial");
        refusal = new IllegalArgumentException("The camera is switched off.");
        assertThat(json("POST", "/" + NAME + "/update", "{\"url\":\"mvn:a/b/1\",\"trial\":{}}", 422)
                        .at("/errors/0/field")
                        .asText())
                .isEqualTo("trial.cameraId");
    }

    @Test
    void receiptsAndCertificatesHaveTheirShape() throws Exception {
        JsonNode receipt = json("GET", "/receipts?limit=1", "", 200);
        assertThat(receipt.at("/nextCursor").isTextual()).isTrue();
        assertThat(receipt.at("/items/0/frames/0/stream/role").asText()).isEqualTo("main");
        assertThat(receipt.at("/items/0/operation").asText()).isEqualTo("update");
        json("GET", "/receipts?cursor=eA", "", 400);
        assertThat(json("GET", "/receipts/" + ID, "", 200).at("/signature").asText())
                .isEqualTo("a.b.c");
        json("GET", "/receipts/" + new UUID(9, 9), "", 404);

        assertThat(json("GET", "/trusted", "", 200).at("/items/0/sha256").asText())
                .isEqualTo("cd34");
        json("POST", "/trusted", "{\"pem\":\"PEM\"}", 201);
        assertThat(json("POST", "/trusted", "{\"pem\":\"x\"}", 422)
                        .at("/errors/0/field")
                        .asText())
                .isEqualTo("pem");
        json("DELETE", "/trusted/cd34", "", 204);
        json("DELETE", "/trusted/ef56", "", 404);
    }

    @Test
    void aRefusalSaysWhatIsToBlame() throws Exception {
        refusal = new PluginRefusedException(
                PluginRefusedException.Kind.MANIFEST, "Export-Package", "It exports something.");
        JsonNode problem = json("POST", "", "{\"url\":\"file:/tmp/x.jar\"}", 422);
        assertThat(problem.at("/type").asText()).isEqualTo("/problems/plugin-manifest");
        assertThat(problem.at("/errors/0/field").asText()).isEqualTo("Export-Package");
        assertThat(problem.at("/detail").asText()).isEqualTo("It exports something.");
        refusal = new IllegalStateException("Another operation is running");
        assertThat(json("DELETE", "/" + NAME, "", 409).at("/detail").asText())
                .isEqualTo("Another operation is running.");
        assertThat(json("POST", "", "{}", 400).at("/errors/0/field").asText()).isEqualTo("url");
    }

    @Test
    void onlyAnAdministratorMayDoThis() throws Exception {
        assertThat(send("operator", "GET", "", "", "").statusCode()).isEqualTo(200);
        for (String[] call : new String[][] {
            {"POST", "", "{\"url\":\"file:/tmp/x.jar\"}"},
            {"POST", "/uploads", "{}"},
            {"POST", "/" + NAME + "/update", "{\"url\":\"file:/tmp/x.jar\"}"},
            {"POST", "/" + NAME + "/rollback", ""},
            {"POST", "/" + NAME + "/disable", ""},
            {"POST", "/" + NAME + "/enable", ""},
            {"DELETE", "/" + NAME, ""},
            {"GET", "/receipts", ""},
            {"GET", "/trusted", ""},
            {"POST", "/trusted", "{\"pem\":\"PEM\"}"},
            {"DELETE", "/trusted/cd34", ""},
        }) {
            String type = call[1].equals("/uploads") ? "application/octet-stream" : "application/json";
            assertThat(send("operator", call[0], call[1], type, call[2]).statusCode())
                    .as(call[0] + " " + call[1])
                    .isEqualTo(403);
            assertThat(send("", call[0], call[1], type, call[2]).statusCode())
                    .as(call[0] + " " + call[1])
                    .isEqualTo(401);
        }
        assertThat(asked).isEmpty();
    }
}
