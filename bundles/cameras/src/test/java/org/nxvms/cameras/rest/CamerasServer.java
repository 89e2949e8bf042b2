// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.ws.rs.core.Application;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.nxvms.cameras.fake.FakeGuard;
import org.nxvms.cameras.fake.FakePublisher;
import org.nxvms.cameras.fake.Registry;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.DeviceDiscovery;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.test.kit.NotedTrail;

/** The applications of this bundle over HTTP, with a new registry for each story. */
final class CamerasServer implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** By which cameras are waited for that are to stand: it goes on when it is waited by. */
    final SteppedClock clock = new SteppedClock();

    private final TestServer server;
    private volatile Registry registry;
    private volatile CameraRegistry service;
    private volatile CameraControl control;
    private volatile DriverRollouts rollouts;
    private volatile DeviceDiscovery discovery;
    final FakePublisher events = new FakePublisher();
    final NotedTrail trail = new NotedTrail();

    CamerasServer() {
        PtzTurns turns = new PtzTurns(System::nanoTime);
        server = new TestServer(Map.of(
                CamerasResource.BASE,
                application(
                        new CamerasResource(() -> service, () -> control, new Snapshots(() -> null, () -> null)),
                        new SetupResource(() -> service, () -> registry.setup()),
                        new SetupBatchResource(() -> registry.setup(), () -> trail),
                        new ManualRecordingResource(() -> service),
                        new PtzResource(() -> control, turns),
                        new PresetsResource(() -> control, turns, clock),
                        new ImagingResource(() -> control, () -> events),
                        new EncodersResource(() -> control),
                        new PrivacyMasksResource(() -> control),
                        new EdgeResource(() -> control),
                        new TalkResource(() -> control),
                        new DeviceResource(() -> control),
                        new DeviceUsersResource(() -> service, () -> control)),
                DriversResource.BASE,
                application(new DriversResource(() -> service, () -> rollouts)),
                DiscoveryResource.BASE,
                application(new DiscoveryResource(() -> discovery)),
                GroupsResource.BASE,
                application(new GroupsResource(() -> service)),
                ServersResource.BASE,
                application(new ServersResource(() -> registry.server()))));
    }

    /** A clock that nobody's machine is too slow for. */
    static final class SteppedClock implements Standing.Clock {
        private final AtomicLong nowNs = new AtomicLong();
        /** What is to be over before a pause is. */
        volatile Runnable awaited = () -> {};

        @Override
        public long nanoTime() {
            return nowNs.get();
        }

        @Override
        public void pause(long ms) {
            awaited.run();
            nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
        }
    }

    private Application application(Object... resources) {
        AccessGuard guard = new FakeGuard();
        return new RestApplication() {
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
                return List.of(resources);
            }

            @Override
            protected List<Object> providers() {
                return List.of(
                        new CameraProblems.OfDriver(),
                        new CameraProblems.OfMissingDriver(),
                        new CameraProblems.OfConfiguration());
            }
        };
    }

    @Override
    public void beforeEach(ExtensionContext story) {
        trail.notes.clear();
        trail.often.clear();
        clock.awaited = () -> {};
        use(new Registry());
    }

    /** Another registry in the place of the one that was made for the story. */
    void useInstead(Registry other) {
        registry.close();
        use(other);
    }

    private void use(Registry made) {
        registry = made;
        service = registry.cameras();
        control = registry.control();
        rollouts = registry.rollouts();
    }

    @Override
    public void afterEach(ExtensionContext story) {
        registry.close();
    }

    Registry registry() {
        return registry;
    }

    void discovery(DeviceDiscovery now) {
        discovery = now;
    }

    /** As while the registry's bundle is replaced. */
    void registryGone() {
        service = null;
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return server.send(method, path, body, headers);
    }

    /** {@return the path of a new camera with a password} */
    String add(String name, String more) throws IOException, InterruptedException {
        HttpResponse<String> created = send(
                "POST",
                CamerasResource.BASE,
                "{\"name\":\"" + name + "\",\"driver\":\"rtsp\",\"address\":\"rtsp://cam/" + name
                        + "\",\"username\":\"admin\",\"password\":\"geheim\"" + more + "}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return CamerasResource.BASE + "/"
                + JSON.readTree(created.body()).path("id").asText();
    }

    @Override
    public void afterAll(ExtensionContext stories) throws Exception {
        server.close();
    }
}
