// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamRole;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.camera.ProbeReport;
import org.nxvms.platform.api.camera.RecordingSettings;

/** A registry in memory that takes everything but a blank name. */
final class FakeRegistry implements CameraRegistry {
    final List<Camera> cameras = new ArrayList<>();
    final List<CameraDraft> drafts = new ArrayList<>();
    DriverException probeFailure;
    /** How cameras fare, one after the other; the last one from then on. */
    final Deque<CameraStatus.State> states = new ArrayDeque<>(List.of(CameraStatus.State.OFFLINE));

    Camera add(String name) {
        Camera camera = new Camera(
                UUID.nameUUIDFromBytes((name + cameras.size()).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                1,
                new UUID(0, 1),
                name,
                "rtsp",
                URI.create("rtsp://cam/" + cameras.size()),
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                Optional.empty(),
                Map.of(),
                RecordingSettings.DEFAULT,
                Instant.EPOCH,
                Instant.EPOCH);
        cameras.add(camera);
        return camera;
    }

    @Override
    public List<Camera> list() {
        return List.copyOf(cameras);
    }

    @Override
    public Optional<Camera> find(UUID id) {
        return cameras.stream().filter(camera -> camera.id().equals(id)).findFirst();
    }

    @Override
    public Optional<CameraStatus> status(UUID id) {
        return find(id).map(camera -> new CameraStatus(
                states.size() > 1 ? states.remove() : states.element(),
                Optional.of(GapCause.CAMERA_UNREACHABLE),
                "No answer.",
                Instant.EPOCH,
                false,
                List.of()));
    }

    @Override
    public Camera create(CameraDraft draft) throws InvalidCameraException {
        if (draft.name().isBlank()) {
            throw new InvalidCameraException(Map.of("name", "Give the camera a name.", "address", "Is no address."));
        }
        drafts.add(draft);
        return add(draft.name());
    }

    @Override
    public Camera update(UUID id, Optional<Long> expectedVersion, CameraDraft draft) {
        throw new ConcurrentModificationException();
    }

    @Override
    public boolean delete(UUID id, Optional<Long> expectedVersion) {
        return cameras.removeIf(camera -> camera.id().equals(id));
    }

    @Override
    public ProbeReport probe(CameraDraft draft, Optional<UUID> stored) throws DriverException {
        if (probeFailure != null) {
            throw probeFailure;
        }
        StreamFormat format = new StreamFormat(
                List.of(new TrackFormat(Codec.H264, 90_000, "avc1.640028", 1920, 1080, 0, 25, new byte[0])));
        return new ProbeReport(
                DeviceIdentity.UNKNOWN, List.of(new ProbeReport.Stream(StreamRole.MAIN, "/1", format, 99)), 120);
    }

    @Override
    public List<InstalledDriver> drivers() {
        return List.of(new InstalledDriver(
                new DriverInfo("rtsp", "RTSP camera", "House", "rtsp://192.0.2.10/1", List.of("rtsp"), true),
                "1.2.3",
                "org.nxvms.driver.rtsp",
                cameras.size()));
    }

    @Override
    public void startRecording(
            UUID id, java.util.Set<org.nxvms.media.StreamRole> streams, Optional<java.time.Duration> duration) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stopRecording(UUID id) {
        throw new UnsupportedOperationException();
    }
}
