// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.VolumeBackups;

/** Chunks on a and their copies on b, a backup volume. */
abstract class BackupStory extends MoveStory {
    static final FootageTerms TERMS = new FootageTerms(0, 30, List.of(), List.of("b"));

    @Override
    void start(Path at) {
        super.start(at);
        b.backup = true;
    }

    VolumeBackups.Backup copies() {
        return new ArchiveBackups(archive).backups().get(0);
    }

    /** Three chunks on a, and their copies on b. */
    List<Segment> recordAndCopy() throws Exception {
        use(a);
        use(b);
        List<Segment> segments = record(TERMS);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        // Waits until nobody has any of them.
        isSound();
        return segments;
    }

    void recordLater(String volume, FootageTerms terms, long startUs, int seconds) throws Exception {
        try (FootageSink.Run run = archive.openRun(
                volume, new FootageSink.RunRequest(CAMERA, Footage.FORMAT, startUs, ClockSource.ARRIVAL, terms))) {
            for (int second = 0; second < seconds; second++) {
                ArchiveHouse.append(run, startUs, second);
            }
            run.end(startUs + seconds * SECOND_US);
        }
        // In the order in which a chunk goes.
        ArchiveHouse.await(() ->
                archive.footageVolumes().stream().allMatch(one -> one.live().isEmpty())
                        && archive.rows().waitingSegments().isEmpty());
    }

    List<Gap> gaps(GapCause cause) {
        return footage.gaps(CAMERA, T0, T0 + 10 * SECOND_US, 10).stream()
                .filter(gap -> gap.cause() == cause)
                .toList();
    }

    List<String> copying() {
        try {
            return Markers.copy(b).all();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
