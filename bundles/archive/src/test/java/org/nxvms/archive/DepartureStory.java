// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;

/** Volumes that are taken out of use, and come back. */
abstract class DepartureStory extends MoveStory {
    List<Gap> gaps() {
        return footage.gaps(CAMERA, T0, T0 + 10 * SECOND_US, 10).stream()
                .filter(gap -> gap.cause() == GapCause.VOLUME_ABSENT)
                .toList();
    }

    void comesBack(FaultyVolume volume) {
        use(volume);
        Path left = folder.resolve("volumes/left").resolve(volume.id().toString());
        ArchiveHouse.await(() -> !Files.exists(left));
    }

    /** {@return whether it was seen to be out of use} */
    boolean isGone(FaultyVolume volume) {
        Path left = folder.resolve("volumes/left").resolve(volume.id().toString());
        try {
            return Files.readString(left).startsWith("gone");
        } catch (IOException notThere) {
            return false;
        }
    }

    void leaves(FaultyVolume volume) {
        new ArchiveVolumes(archive).leaves(volume.id(), volume.name());
        archive.removeVolume(volume);
    }

    void removedByHand(List<Segment> segments) {
        HandRemoval removal = new HandRemoval(archive);
        Segment first = segments.get(0);
        var plan = removal.plan(CAMERA.cameraId(), first.startUs(), first.endUs());
        // Who has changed its row just now may hold it for a moment more, and decides first.
        ArchiveHouse.await(() -> removal.remove(plan, "admin").removed() == 1);
    }
}
