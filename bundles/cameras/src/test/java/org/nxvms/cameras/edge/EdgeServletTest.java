// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.cameras.fake.House.draft;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.servlet.DispatcherType;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.FakeGuard;
import org.nxvms.cameras.fake.House;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.test.kit.NotedTrail;
import org.nxvms.test.kit.Whiteboard;

/** A camera's own footage over HTTP, on the distribution's web server. */
class EdgeServletTest {
    private static final String RANGE = "?from=2026-01-01T10:00:00Z&to=2026-01-01T10:01:00Z";

    private final FakeDevice device = new FakeDevice();
    private final FakeDriver driver = new FakeDriver("rtsp");
    private final House house = new House();
    private final NotedTrail trail = new NotedTrail();
    private final FakeGuard people = new FakeGuard();
    private final AtomicLong nanos = new AtomicLong();
    /** From when on nobody may anything any more. */
    private volatile long withdrawnNanos = Long.MAX_VALUE;

    private final AccessGuard guard = new AccessGuard() {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            return people.authenticate(request);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            if (nanos.get() >= withdrawnNanos) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, "Not any more.");
            }
            people.require(user, permission, cameraId);
        }
    };
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private String base;
    /** Takes the servlet away. */
    private Runnable away;

    @BeforeEach
    void start() throws Exception {
        driver.device = Optional.of(device);
        Camera camera = house.withAll().install(driver, "1.0.0").add(draft("rtsp://cam/1"));
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath(EdgeContext.PATH);
        EdgeContext security = new EdgeContext(guard);
        EdgeServlet edge =
                new EdgeServlet(guard, house.control, trail, () -> nanos.addAndGet(TimeUnit.SECONDS.toNanos(3)));
        away = security.serve(Whiteboard.bundle(() -> {}), edge, EdgeContext.ALL);
        context.addFilter(new FilterHolder(Whiteboard.door(security)), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(edge), "/*");
        server.setHandler(context);
        server.start();
        base = "http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort() + EdgeContext.PATH
                + "/" + camera.id();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private HttpResponse<byte[]> get(String url, String token) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String behind) throws IOException, InterruptedException {
        return get(base + behind, "admin");
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void whileItIsExchangedWhoAsksIsToldToComeAgain() throws Exception {
        away.run();
        HttpResponse<byte[]> refused = get("/r1" + RANGE);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void footageComesAsItIs() throws Exception {
        for (int i = 0; i < 100; i++) {
            byte[] piece = new byte[60_000];
            java.util.Arrays.fill(piece, (byte) i);
            device.footage.add(piece);
        }
        HttpResponse<byte[]> file = get("/r1" + RANGE);
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.headers().firstValue("Content-Type")).contains("video/x-matroska");
        assertThat(file.body()).hasSize(6_000_000);
        for (int i = 0; i < 100; i++) {
            assertThat(file.body()[i * 60_000]).isEqualTo((byte) i);
        }
        assertThat(device.told).contains("fetch r1 2026-01-01T10:00:00Z 2026-01-01T10:01:00Z");
        assertThat(trail.often).singleElement().satisfies(note -> {
            assertThat(note.action()).isEqualTo("footage.viewed");
            assertThat(note.after())
                    .containsOnly(
                            Map.entry("way", "edge"),
                            Map.entry("from", "2026-01-01T10:00:00Z"),
                            Map.entry("to", "2026-01-01T10:01:00Z"));
        });
    }

    @Test
    void whoAsksFirstLearnsWhyAndFindsTheCameraFree() throws Exception {
        for (int i = 0; i < 20; i++) {
            HttpResponse<byte[]> would = get("/r1" + RANGE + "&try=true");
            assertThat(would.statusCode()).as(text(would)).isEqualTo(204);
        }
        assertThat(get("/r1" + RANGE).statusCode()).isEqualTo(200);
        device.behaviour = () -> {
            throw new DriverException(Kind.UNREACHABLE, "It is off.");
        };
        assertThat(text(get("/r1" + RANGE + "&try=true"))).contains("/problems/camera-unreachable", "It is off.");
    }

    @Test
    void halfAFileDoesNotLookLikeAWholeOne() {
        for (int size : new int[] {10, 100_000}) {
            device.footage.add(new byte[size / 2]);
            device.footage.add(new byte[size / 2]);
            device.footage.add(new DriverException(Kind.UNREACHABLE, "It went away."));
            assertThatThrownBy(() -> get("/r1" + RANGE)).as(size + " bytes").isInstanceOf(IOException.class);
        }
    }

    @Test
    void aRightThatIsTakenAwayCutsWhatIsBeingSent() throws Exception {
        for (int i = 0; i < 10; i++) {
            device.footage.add(new byte[60_000]);
        }
        assertThat(get("/r1" + RANGE).body()).hasSize(600_000);

        for (int i = 0; i < 10; i++) {
            device.footage.add(new byte[60_000]);
        }
        // Of ten pieces or more some are sent by then, each three seconds after the one before.
        withdrawnNanos = nanos.get() + TimeUnit.SECONDS.toNanos(10);
        assertThatThrownBy(() -> get("/r1" + RANGE)).isInstanceOf(IOException.class);
    }

    @Test
    void whatCannotBeFetchedIsAProblemWithItsReason() throws Exception {
        assertThat(get("/r9" + RANGE).statusCode()).isEqualTo(404);
        assertThat(text(get("/r9" + RANGE))).contains("no recording r9");
        assertThat(text(get("/r1?from=0&to=90000000"))).contains("24 h");
        assertThat(text(get("/r1?from=5"))).contains("\"field\":\"to\"");
        assertThat(get("/a/b" + RANGE).statusCode()).isEqualTo(404);
        assertThat(get(base.replaceAll("[^/]+$", new UUID(9, 9).toString()) + "/r1" + RANGE, "admin")
                        .statusCode())
                .isEqualTo(404);
        assertThat(get(base + "/r1" + RANGE, "viewer").statusCode()).isEqualTo(403);
        assertThat(get(base + "/r1" + RANGE, "nobody").statusCode()).isEqualTo(401);
        device.behaviour = () -> {
            throw new DriverException(Kind.BUSY, "The card is busy.");
        };
        HttpResponse<byte[]> busy = get("/r1" + RANGE);
        assertThat(busy.statusCode()).isEqualTo(422);
        assertThat(busy.headers().firstValue("Retry-After")).isPresent();
        assertThat(text(busy)).contains("/problems/camera-busy", "The card is busy.");
        house.uninstall(driver);
        assertThat(text(get("/r1" + RANGE))).contains("/problems/camera-driver-missing");
    }
}
