// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.gapfill.job.FillJobs;
import org.nxvms.gapfill.job.FillScene;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.test.kit.Awaiting;
import org.nxvms.test.kit.NotedTrail;

/** Filling over HTTP. */
class GapFillsRestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = GapFillsResource.BASE;

    private final Set<UUID> hidden = ConcurrentHashMap.newKeySet();
    private final NotedTrail trail = new NotedTrail();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final FillScene scene = new FillScene();

    private final AccessGuard guard = new AccessGuard() {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) {
            return new AuthenticatedUser(new UUID(7, 7), "anna", "administrator", false);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            if (cameraId.filter(hidden::contains).isPresent() || permission != Permission.MANAGE_CAMERAS) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, "You may not.");
            }
        }
    };

    @BeforeEach
    void start() throws Exception {
        FillJobs jobs = scene.jobs();
        GapFillsResource resource = new GapFillsResource(() -> jobs, scene::registry, () -> FillScene.NOW_US / 1_000);
        RestApplication application = new RestApplication() {
            @Override
            protected AccessGuard guard() {
                return guard;
            }

            @Override
            protected AuditTrail audit() {
                return trail;
            }

            @Override
            protected List<Object> resources() {
                return List.of(resource);
            }
        };
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new CXFNonSpringJaxrsServlet(application)), BASE + "/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        scene.close();
    }

    private HttpRequest.Builder request(String path) {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + BASE + path))
                .header("Authorization", "Bearer good");
    }

    private HttpResponse<String> post(UUID camera, long fromUs, long toUs) throws Exception {
        Map<String, Object> body = Map.of(
                "cameraId",
                camera,
                "from",
                time(fromUs).toString(),
                "to",
                time(toUs).toString());
        return client.send(
                request("")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode job(String id) {
        try {
            return JSON.readTree(get("/" + id).body());
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static Instant time(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS);
    }

    @Test
    void whatIsAskedForIsDoneAndNoted() throws Exception {
        HttpResponse<String> ordered = post(FillScene.CAMERA, FillScene.AWAY_US, FillScene.BACK_US);
        assertThat(ordered.statusCode()).as(ordered.body()).isEqualTo(202);
        String id = JSON.readTree(ordered.body()).get("id").asText();
        assertThat(ordered.headers().firstValue("Location"))
                .hasValueSatisfying(at -> assertThat(at).endsWith(BASE + "/" + id));

        Awaiting.until("it is over", () -> job(id).get("state").asText().equals("done"));

        JsonNode done = job(id);
        assertThat(done.get("filledMs").asLong()).isEqualTo(10_800);
        assertThat(done.get("missingMs").asLong()).isEqualTo(10_800);
        assertThat(done.get("pictures").asInt()).isEqualTo(270);
        assertThat(done.get("placed").asText()).isEqualTo("by_pictures");
        assertThat(done.get("createdBy").asText()).isEqualTo("anna");
        assertThat(done.has("detail")).isFalse();
        AuditNote note = trail.last("footage.fill_ordered");
        assertThat(note.toString())
                .contains("camera/" + FillScene.CAMERA, time(FillScene.AWAY_US).toString());
        assertThat(JSON.readTree(get("").body()).get("items")).hasSize(1);
        hidden.add(FillScene.CAMERA);
        assertThat(JSON.readTree(get("").body()).get("items")).isEmpty();
        assertThat(get("/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void whatCannotBeIsRefusedAndSaysWhichFieldAndWhy() throws Exception {
        HttpResponse<String> ahead =
                post(FillScene.CAMERA, FillScene.NOW_US + 60_000_000, FillScene.NOW_US + 61_000_000);
        assertThat(ahead.statusCode()).isEqualTo(422);
        assertThat(ahead.body()).contains("\"from\"", "future");
        HttpResponse<String> months =
                post(FillScene.CAMERA, FillScene.AWAY_US - 40L * 86_400_000_000L, FillScene.BACK_US);
        assertThat(months.statusCode()).isEqualTo(422);
        assertThat(months.body()).contains("\"to\"", "31 days");
        assertThat(post(new UUID(1, 2), FillScene.AWAY_US, FillScene.BACK_US).statusCode())
                .isEqualTo(404);
        hidden.add(FillScene.CAMERA);
        assertThat(post(FillScene.CAMERA, FillScene.AWAY_US, FillScene.BACK_US).statusCode())
                .isEqualTo(403);
        assertThat(get("/" + new UUID(8, 8)).statusCode()).isEqualTo(404);
    }
}
