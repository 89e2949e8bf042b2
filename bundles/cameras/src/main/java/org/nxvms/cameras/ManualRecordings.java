// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.nxvms.cameras.control.Supervisor;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.Camera;

/** Recordings that somebody begins by hand. */
final class ManualRecordings {
    private final Supervisor supervisor;

    ManualRecordings(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    /** @throws IllegalStateException when the camera is switched off */
    void start(Camera camera, Set<StreamRole> streams, Optional<Duration> duration) {
        if (!camera.enabled()) {
            throw new IllegalStateException("The camera is switched off. Switch it on first");
        }
        Set<StreamRole> usual = camera.recording().streams().isEmpty()
                ? Set.of(StreamRole.MAIN)
                : camera.recording().streams();
        supervisor.startRecording(
                camera.id(),
                streams.isEmpty() ? usual : Set.copyOf(streams),
                duration.isPresent() ? OptionalLong.of(duration.get().toNanos() / 1_000) : OptionalLong.empty());
    }
}
