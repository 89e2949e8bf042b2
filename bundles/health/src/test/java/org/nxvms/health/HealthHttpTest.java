// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.servlet.DispatcherType;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.EarlyRemoval;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.health.HealthCheck.Result;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.support.SupportBundles;
import org.nxvms.platform.api.support.SupportBusyException;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.test.kit.NotedTrail;
import org.nxvms.test.kit.TestCamera;

/** Who asks learns whether the server is ready; only who may learns why, and the figures. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HealthHttpTest {
    /** Behind the other camera. */
    private static final UUID OTHER = UUID.fromString("f0000000-0000-4000-8000-00000000000a");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Health health = new Health(HealthTest.settings("database"), new SameThread());
    private final AccessGuard guard = new Neighbours.Guard();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final MetricsServlet metrics = new MetricsServlet("1.2.3");
    private final NotedTrail trail = new NotedTrail();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final SupportBundles support = (out, progress) -> {
        if (busy.get()) {
            throw new SupportBusyException();
        }
        out.write("zip".getBytes(StandardCharsets.UTF_8));
        return new SupportBundles.Written(1, 3);
    };
    private URI base;

    @BeforeAll
    void start() throws Exception {
        ServerIdentity identity = Neighbours.answering(
                ServerIdentity.class,
                Map.of("serverId", new UUID(0, 9), "name", "test-server", "dataFolder", Path.of("target")));
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
                return List.of(
                        new HealthResource(() -> health, () -> identity, "1.2.3"),
                        new SupportBundleResource(() -> support),
                        new CamerasHealthResource(
                                () -> cameras(),
                                () -> Neighbours.answering(Archive.class, Map.of("gaps", List.of(gap()))),
                                List.of(Neighbours.ingest())));
            }
        };
        metrics.services(guard, health, identity);
        metrics.media(
                Neighbours.hub(),
                Neighbours.recorder(Optional.of(org.nxvms.media.GapCause.DISK_SLOW)),
                Neighbours.archive("ready"),
                Neighbours.noCameras());
        metrics.removals(() -> List.of(new EarlyRemoval.OfVolume(OTHER, "main", 12, 3_400)));
        metrics.bindIngest(Neighbours.ingest());
        metrics.bindIntegration(Neighbours.integration());
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new CXFNonSpringJaxrsServlet(application)), HealthResource.BASE + "/*");
        context.addServlet(new ServletHolder(metrics), "/metrics/*");
        context.addFilter(new FilterHolder(new From()), "/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(context);
        server.start();
        base = URI.create("http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
    }

    /** As the front door tells who asks. */
    private static final class From implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            HttpServletRequest http = (HttpServletRequest) request;
            String from = http.getHeader("X-From");
            chain.doFilter(
                    from == null
                            ? http
                            : new HttpServletRequestWrapper(http) {
                                @Override
                                public String getRemoteAddr() {
                                    return from;
                                }
                            },
                    response);
        }
    }

    @AfterAll
    void stop() throws Exception {
        server.stop();
        health.deactivate();
    }

    @Test
    void notReadyIs503UntilTheDatabaseWorks() throws Exception {
        HttpResponse<String> down = get(HealthResource.BASE, "");
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(down.headers().firstValue("Retry-After")).contains("1");
        assertThat(down.body())
                .isEqualTo("{\"status\":\"down\",\"ready\":false,\"version\":\"1.2.3\","
                        + "\"parts\":[{\"name\":\"database\",\"status\":\"down\"}]}");

        HealthCheck database =
                CheckRunnerTest.check("database", () -> new Result(HealthCheck.Status.UP, "", Map.of("pool", 5)));
        health.bindCheck(database);
        try {
            HttpResponse<String> up = get(HealthResource.BASE, "");
            assertThat(up.statusCode()).isEqualTo(200);
            assertThat(up.body()).doesNotContain("pool", "test-server");

            JsonNode detailed = JSON.readTree(get(HealthResource.BASE, "admin").body());
            assertThat(detailed.path("serverName").asText()).isEqualTo("test-server");
            assertThat(detailed.path("serverId").asText()).isEqualTo(new UUID(0, 9).toString());
            assertThat(detailed.path("uptimeSeconds").isIntegralNumber()).isTrue();
            assertThat(detailed.path("parts")
                            .get(0)
                            .path("figures")
                            .path("pool")
                            .asInt())
                    .isEqualTo(5);
            assertThat(get(HealthResource.BASE, "viewer").body()).doesNotContain("pool");
            assertThat(get(HealthResource.BASE, "forged").body()).doesNotContain("test-server");
        } finally {
            health.unbindCheck(database);
        }
    }

    @Test
    void whoSignedInIsToldWhatTheServerIsCalledAndByWhichClocksItLives() throws Exception {
        String zone = ZoneId.systemDefault().getId();
        for (String user : List.of("admin", "viewer")) {
            JsonNode told = JSON.readTree(getFrom("192.0.2.7", user).body());
            assertThat(told.path("timeZone").asText()).as(user).isEqualTo(zone);
            assertThat(told.path("serverName").asText()).as(user).isEqualTo("test-server");
            assertThat(told.path("serverId").asText()).as(user).isEqualTo(new UUID(0, 9).toString());
        }
        assertThat(getFrom("::1", "").body()).doesNotContain("timeZone", "test-server", "serverId");
        assertThat(getFrom("192.0.2.7", "").body()).doesNotContain("timeZone", "test-server");
    }

    @Test
    void whoAsksWithAWordThatIsNoneIsToldSo() throws Exception {
        for (String word : List.of("yes", "1", "FALSE")) {
            HttpResponse<String> answer = get(HealthResource.BASE + "?wait=" + word, "");
            assertThat(answer.statusCode()).as(word).isEqualTo(400);
            assertThat(answer.body()).contains("\\\"wait\\\" must be true or false");
        }
        assertThat(get(HealthResource.BASE + "?wait=false", "").statusCode()).isEqualTo(503);
    }

    @Test
    void strangersAreToldWhetherItWorksAndNothingOfWhatItConsists() throws Exception {
        for (String stranger : List.of("192.0.2.7", "2001:db8::7", "unknown")) {
            assertThat(getFrom(stranger, "").body()).as(stranger).isEqualTo("{\"status\":\"down\",\"ready\":false}");
            assertThat(getFrom(stranger, "forged").body()).as(stranger).doesNotContain("version", "parts");
        }
        assertThat(getFrom("::1", "").body()).as("the machine itself").contains("\"version\"", "\"database\"");
        assertThat(JSON.readTree(getFrom("192.0.2.7", "viewer").body()).path("parts"))
                .as("signed in")
                .isNotEmpty();
        assertThat(getFrom("192.0.2.7", "admin").body()).contains("test-server");
    }

    @Test
    void aSupportBundleIsForWhoMayTakeAllAlongAndNoted() throws Exception {
        String path = HealthResource.BASE + "/support-bundle";
        assertThat(get(path, "").statusCode()).isEqualTo(401);
        assertThat(get(path, "viewer").statusCode()).isEqualTo(403);
        HttpResponse<String> made = get(path, "admin");
        assertThat(made.statusCode()).isEqualTo(200);
        assertThat(made.body()).isEqualTo("zip");
        assertThat(made.headers().firstValue("Content-Type")).contains("application/zip");
        assertThat(made.headers().firstValue("Content-Disposition").orElseThrow())
                .matches("attachment; filename=\"nxvms-support-\\d{8}-\\d{6}\\.zip\"");
        busy.set(true);
        HttpResponse<String> refused = get(path, "admin");
        busy.set(false);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.body()).contains("Another support bundle");
        assertThat(trail.notes)
                .extracting(note -> note.action() + " " + note.done())
                .contains("support_bundle.sent false", "support_bundle.sent true");
    }

    private static Gap gap() {
        long nowUs = System.currentTimeMillis() * 1_000;
        return new Gap(
                new UUID(0, 5),
                Neighbours.STREAM,
                nowUs - 60_000_000,
                OptionalLong.of(nowUs - 30_000_000),
                GapCause.CAMERA_UNREACHABLE,
                "");
    }

    /** Two, both offline. */
    static CameraRegistry cameras() {
        CameraStatus status = new CameraStatus(
                CameraStatus.State.OFFLINE,
                Optional.of(GapCause.CAMERA_UNREACHABLE),
                "",
                Instant.EPOCH,
                true,
                List.of(new CameraStatus.Stream(
                        StreamRole.MAIN,
                        "1",
                        CameraStatus.State.OFFLINE,
                        Optional.empty(),
                        "",
                        Optional.empty(),
                        2_000,
                        12.5,
                        Optional.of(Instant.EPOCH),
                        Optional.empty())));
        return Neighbours.answering(
                CameraRegistry.class,
                Map.of(
                        "list",
                        List.of(
                                TestCamera.of(OTHER).camera(),
                                TestCamera.of(Neighbours.STREAM.cameraId()).camera()),
                        "find",
                        Optional.of(TestCamera.of(Neighbours.STREAM.cameraId()).camera()),
                        "status",
                        Optional.of(status)));
    }

    @Test
    void howCamerasAreIsToldPageByPageToWhoMaySeeHealth() throws Exception {
        String path = HealthResource.BASE + "/cameras";
        assertThat(get(path, "").statusCode()).isEqualTo(401);
        assertThat(get(path, "viewer").statusCode()).isEqualTo(403);
        assertThat(get(path + "?limit=501", "admin").statusCode()).isEqualTo(400);
        JsonNode first = JSON.readTree(get(path + "?limit=1", "admin").body());
        assertThat(first.at("/items"))
                .isEqualTo(JSON.readTree("[{\"cameraId\":\"" + Neighbours.STREAM.cameraId()
                        + "\",\"state\":\"offline\",\"cause\":\"camera_unreachable\","
                        + "\"since\":\"1970-01-01T00:00:00.000Z\",\"framesPerSecond\":12.5,\"bitrateBps\":2000,"
                        + "\"lastFrame\":\"1970-01-01T00:00:00.000Z\",\"packetsLost\":7,\"gaps\":1,"
                        + "\"missingSeconds\":30}]"));
        JsonNode second = JSON.readTree(
                get(path + "?limit=1&cursor=" + first.get("nextCursor").asText(), "admin")
                        .body());
        assertThat(second.at("/items/0/cameraId").asText()).isEqualTo(OTHER.toString());
        assertThat(second.at("/items/0/missingSeconds").asLong()).isZero();
        assertThat(second.get("nextCursor")).isNull();
    }

    @Test
    void metricsNeedCredentialsAndTheRight() throws Exception {
        assertThat(get("/metrics", "").statusCode()).isEqualTo(401);
        assertThat(get("/metrics", "").body()).contains("/problems/unauthenticated");
        assertThat(get("/metrics", "viewer").statusCode()).isEqualTo(403);
        assertThat(get("/metrics/more", "admin").statusCode()).isEqualTo(404);
    }

    @Test
    void metricsTellWhatTheServicesCount() throws Exception {
        HttpResponse<String> answer = get("/metrics", "admin");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
        String of = "camera=\"00000000-0000-4000-8000-00000000000a\"";
        assertThat(answer.body().lines())
                .contains(
                        "# TYPE nxvms_stream_pictures_total counter",
                        "nxvms_stream_pictures_total{" + of + ",stream=\"main\"} 700.0",
                        "nxvms_stream_bytes_total{" + of + ",stream=\"main\"} 123456.0",
                        "nxvms_stream_live{" + of + ",stream=\"main\"} 1.0",
                        "nxvms_stream_last_frame_timestamp_seconds{" + of + ",stream=\"main\"} 1.7000000005E9",
                        "nxvms_reader_lapped_total{" + of + ",reader=\"live\",stream=\"main\"} 3.0",
                        "nxvms_reader_skipped_total{" + of + ",reader=\"live\",stream=\"main\"} 25.0",
                        "nxvms_ingest_packets_lost_total{" + of + ",stream=\"main\"} 7.0",
                        "nxvms_ingest_clock_skew_ppm{" + of + ",stream=\"main\"} 42.5",
                        "nxvms_ingest_camera_clock_offset_seconds{" + of + ",stream=\"main\"} -1.5",
                        "nxvms_recorder_access_units_lost_total{" + of + ",stream=\"main\"} 3.0",
                        "nxvms_recording_gap{" + of + ",cause=\"disk_slow\",stream=\"main\"} 1.0",
                        "nxvms_integration_delivered_total{connection=\"soc\",integration=\"webhook\"} 41.0",
                        "nxvms_integration_lost_total{connection=\"soc\",integration=\"webhook\"} 3.0",
                        "nxvms_integration_waiting{connection=\"soc\",integration=\"webhook\"} 12.0",
                        "nxvms_integration_up{connection=\"soc\",integration=\"webhook\"} 0.0",
                        "nxvms_volume_removed_early_segments_total{name=\"main\",volume=\"" + OTHER + "\"} 12.0",
                        "nxvms_volume_removed_early_bytes_total{name=\"main\",volume=\"" + OTHER + "\"} 3400.0",
                        "nxvms_cameras{state=\"recording\"} 0.0",
                        "nxvms_ready 0.0",
                        "nxvms_part_health{part=\"database\"} 0.0");
        assertThat(answer.body())
                .contains(
                        "jvm_memory_used_bytes{area=\"heap\"}",
                        "process_cpu_seconds_total",
                        "nxvms_volume_usable_bytes")
                .as("unknown is left out rather than shown as -1")
                .doesNotContain("nxvms_volume_segments");
    }

    private HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(base.resolve(path)), token);
    }

    private HttpResponse<String> getFrom(String address, String token) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(base.resolve(HealthResource.BASE)).header("X-From", address), token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String token)
            throws IOException, InterruptedException {
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
