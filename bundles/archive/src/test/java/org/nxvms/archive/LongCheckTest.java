// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.ArchiveMaintenance.Report;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;

/** A large archive is walked for hours, and its gaps change meanwhile. */
class LongCheckTest extends BackupStory {
    @Test
    void aGapThatEndsWhileFilesAreLookedAtStaysAsItIs() throws Exception {
        for (boolean rebuild : new boolean[] {false, true}) {
            start(folder.resolve(String.valueOf(rebuild)));
            // Backups are walked last, and gaps are not written on them.
            use(a);
            use(b);
            record(FootageTerms.days(30));
            archive.gap(CAMERA, T0 + 6 * SECOND_US, GapCause.CAMERA_UNREACHABLE, "");
            ArchiveHouse.await(this::allIsWritten);
            FootageSink.Run[] run = new FootageSink.Run[1];
            AtomicBoolean once = new AtomicBoolean();
            b.listGate = (operation, path) -> {
                if (path.isEmpty() && !once.getAndSet(true)) {
                    run[0] = opened(T0 + 30 * SECOND_US);
                    ArchiveHouse.await(this::allIsWritten);
                }
            };
            Supplier<Report> comparison =
                    () -> rebuild ? archive.rebuild(progress -> {}) : archive.check(false, progress -> {});
            assertThat(comparison.get().problems()).as("rebuild: " + rebuild).isEmpty();
            assertThat(once).isTrue();
            assertThat(index.gaps.values())
                    .filteredOn(gap -> gap.cause() == GapCause.CAMERA_UNREACHABLE)
                    .extracting(gap -> gap.toUs().orElse(0))
                    .containsExactly(T0 + 30 * SECOND_US);
            run[0].end(T0 + 31 * SECOND_US);
            stop();
            index.rows.clear();
            index.gaps.clear();
        }
    }

    private FootageSink.Run opened(long startUs) {
        try {
            FootageSink.Run run = archive.openRun(
                    "a",
                    new FootageSink.RunRequest(
                            CAMERA, Footage.FORMAT, startUs, ClockSource.ARRIVAL, FootageTerms.days(30)));
            ArchiveHouse.append(run, startUs, 0);
            return run;
        } catch (FootageSink.RefusedException | IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private boolean allIsWritten() {
        return archive.toJournal().isEmpty()
                && archive.rows().waitingGaps().isEmpty()
                && archive.rows().droppedGaps().isEmpty();
    }
}
