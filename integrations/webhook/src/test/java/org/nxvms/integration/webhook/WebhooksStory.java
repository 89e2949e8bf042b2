// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.integration.webhook.deliver.Courier;
import org.nxvms.integration.webhook.fake.MemoryLog;
import org.nxvms.integration.webhook.fake.Receiver;
import org.nxvms.integration.webhook.rest.WebhooksApplication;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.test.kit.BindingVault;

/** Webhooks over HTTP on the distribution's engine, who receives them, and what is noted of it. */
abstract class WebhooksStory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "/api/v1/webhooks";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    final MemoryLog log = new MemoryLog();
    final List<AuditNote> notes = new CopyOnWriteArrayList<>();
    final List<AutoCloseable> carriedOut = new ArrayList<>();

    @TempDir
    Path folder;

    Receiver receiver;
    Webhooks webhooks;

    @BeforeEach
    void start() throws Exception {
        receiver = new Receiver();
        webhooks = new Webhooks(identity(), folder, new Courier.Pace(2, 10, 5, 5, 5, 5));
        webhooks.services(log, null, new BindingVault());
        webhooks.localAllowed(true);
        WebhooksApplication application = new WebhooksApplication();
        application.services(guard(), webhooks, trail());
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new CXFNonSpringJaxrsServlet(application)), BASE + "/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : carriedOut) {
            one.close();
        }
        webhooks.close();
        server.stop();
        receiver.close();
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

    private ServerIdentity identity() {
        return new ServerIdentity() {
            @Override
            public UUID serverId() {
                return MemoryLog.SERVER;
            }

            @Override
            public String name() {
                return "test";
            }

            @Override
            public Path dataFolder() {
                return folder;
            }
        };
    }

    /** The administrator may all, others all but manage plugins. */
    private static AccessGuard guard() {
        return new AccessGuard() {
            @Override
            public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
                String token = request.authorization().orElse("").replace("Bearer ", "");
                if (token.isEmpty()) {
                    throw new AccessDeniedException(AccessDeniedException.Kind.UNAUTHENTICATED, "Sign in.");
                }
                return new AuthenticatedUser(new UUID(0, token.hashCode()), token, token, false);
            }

            @Override
            public AuthenticatedUser reauthenticate(RequestCredentials request) throws AccessDeniedException {
                return authenticate(request);
            }

            @Override
            public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                    throws AccessDeniedException {
                if (!user.role().equals("admin") && permission == Permission.MANAGE_WEBHOOKS) {
                    throw new AccessDeniedException(
                            AccessDeniedException.Kind.FORBIDDEN, "MANAGE_WEBHOOKS is missing.");
                }
            }
        };
    }

    record Got(int status, JsonNode json, String text, Optional<String> etag) {
        Got expect(int wanted) {
            assertThat(status).as(text).isEqualTo(wanted);
            return this;
        }
    }

    Got send(String method, String path, String body, String... headers) throws Exception {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + BASE + path))
                .header("Authorization", "Bearer admin")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        String text = response.body();
        return new Got(
                response.statusCode(),
                text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text),
                text,
                response.headers().firstValue("ETag"));
    }

    /** As the framework does when it sees the files. */
    void carryOut() throws Exception {
        for (AutoCloseable one : carriedOut) {
            one.close();
        }
        carriedOut.clear();
        webhooks.files().all().values().forEach(stored -> carriedOut.add(webhooks.add(stored.values())));
    }

    String draft(String more) {
        return "{\"name\":\"soc\",\"url\":\"" + receiver.url() + "\"" + more + "}";
    }
}
