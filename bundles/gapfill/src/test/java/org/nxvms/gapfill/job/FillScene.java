// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    static final FillLimits LIMITS = new FillLimits(1L << 40, 0, 3_600_000_000L);

    final FakeFootage footage = new FakeFootage();
    final FakeCamera camera = new FakeCamera();
    private Optional<FillJobs> jobs = Optional.empty();
    /** Whether the camera is filled without being asked for. */
    volatile boolean byItself;

    public FillScene() {
        footage.received(0, 130, 0);
        footage.received(400, 460, 0);
        footage.missing(AWAY_US, BACK_US, GapCause.CAMERA_UNREACHABLE);
        camera.recorded.add(new int[] {0, 460});
    }

    Gap gap() {
        return footage.gaps.get(0);
    }

    public FillJobs jobs() {
        FillJobs.Services services = new FillJobs.Services(
                () -> Optional.of(footage.archive()),
                () -> Optional.of(footage),
                () -> Optional.of(camera.control(460)),
                () -> Optional.of(registry()));
        FillJobs made = new FillJobs(services, LIMITS, () -> NOW_US);
        jobs = Optional.of(made);
        return made;
    }

    public CameraRegistry registry() {
        RecordingSettings usual = RecordingSettings.DEFAULT;
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
                new RecordingSettings(
                        usual.mode(),
                        usual.streams(),
                        usual.retentionDaysMax(),
                        usual.streamModes(),
                        usual.schedule(),
                        usual.trigger(),
                        usual.retentionDaysMin(),
                        usual.volumes(),
                        usual.backup(),
                        byItself),
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
