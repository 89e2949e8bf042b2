// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.RecordingSettings;

/** A camera that was away for ten seconds, what the archive has of it, and jobs. */
public final class FillScene implements AutoCloseable {
    public static final UUID CAMERA = FakeFootage.CAMERA_ID;
    public static final long AWAY_US = Pictures.takenUs(130);
    public static final long BACK_US = Pictures.takenUs(400);
    public static final long NOW_US = Pictures.takenUs(460);

    final FakeFootage footage = new FakeFootage();
    final FakeCamera camera = new FakeCamera();
    private Optional<FillJobs> jobs = Optional.empty();

    public FillScene() {
        footage.received(0, 130, 0);
        footage.received(400, 460, 0);
        footage.missing(AWAY_US, BACK_US, GapCause.CAMERA_UNREACHABLE);
        camera.recorded.add(new int[] {0, 460});
    }

    Gap gap() {
        return footage.gaps.get(0);
    }

    /** @param byThemselves cameras that are filled without being asked for */
    public FillJobs jobs(Set<UUID> byThemselves) {
        FillJobs.Services services = new FillJobs.Services(
                () -> Optional.of(footage.archive()),
                () -> Optional.of(footage),
                () -> Optional.of(camera.control(460)),
                () -> Optional.of(registry()));
        FillJobs made = new FillJobs(services, limits(byThemselves), () -> NOW_US);
        jobs = Optional.of(made);
        return made;
    }

    static FillLimits limits(Set<UUID> byThemselves) {
        return new FillLimits(false, byThemselves, 1L << 40, 0, 3_600_000_000L);
    }

    public CameraRegistry registry() {
        Camera one = new Camera(
                CAMERA,
                1,
                CAMERA,
                "Gate",
                "onvif",
                URI.create("http://192.0.2.7/"),
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                Optional.empty(),
                Map.of(),
                RecordingSettings.DEFAULT,
                Instant.EPOCH,
                Instant.EPOCH);
        return (CameraRegistry) Proxy.newProxyInstance(
                CameraRegistry.class.getClassLoader(),
                new Class<?>[] {CameraRegistry.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "list" -> List.of(one);
                    case "find" -> Optional.of(one).filter(camera -> camera.id().equals(arguments[0]));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Override
    public void close() {
        jobs.ifPresent(FillJobs::close);
    }
}
