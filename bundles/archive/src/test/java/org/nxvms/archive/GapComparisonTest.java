// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.ArchiveMaintenance.Report;
import org.nxvms.platform.api.archive.Gap;

/** Gaps prove to be none, and end, while journals are compared with the index: that is no problem, and stays so. */
class GapComparisonTest {
    private static final long BLINK_US = 100_000;

    @TempDir
    Path folder;

    private ArchiveHouse house;

    @BeforeEach
    void aGapIsOpen() {
        house = new ArchiveHouse(folder);
        house.archive.gap(CAMERA, T0, GapCause.CAMERA_UNREACHABLE, "unplugged");
        house.settledGaps();
    }

    @AfterEach
    void close() {
        house.index.beforeGaps = () -> {};
        house.volume.readGate = (operation, path) -> {};
        house.volume.gate = (operation, path) -> {};
        house.close();
    }

    private static boolean isJournal(String path) {
        return path.startsWith("journal/gaps-");
    }

    /** Footage begins at once: it was none. */
    private void theGapWasNone() {
        record(BLINK_US);
    }

    private void record(long afterUs) {
        house.archive.ledger().runStarts(CAMERA, T0 + afterUs);
    }

    /** A journal that cannot be written keeps the change on its way, while its row is gone already. */
    private void journalsHang() {
        house.volume.gate = (operation, path) -> {
            if (isJournal(path)) {
                throw new IOException("later");
            }
        };
    }

    private void theRowIsGone() {
        ArchiveHouse.await(() ->
                house.index.gaps.isEmpty() && house.archive.rows().droppedGaps().isEmpty());
    }

    private static void isSound(Report report) {
        assertThat(report.problems()).as(report.examples().toString()).isEmpty();
    }

    @Test
    void oneWhoseChangeIsOnItsWayToAJournalIsNotMissing() {
        journalsHang();
        theGapWasNone();
        theRowIsGone();
        isSound(house.archive.check(false, progress -> {}));
        isSound(house.archive.rebuild(progress -> {}));
        assertThat(house.index.gaps).isEmpty();
    }

    @Test
    void oneThatIsTakenBackOnceTheJournalsWereReadIsNotMissing() {
        AtomicBoolean first = new AtomicBoolean(true);
        house.index.beforeGaps = () -> {
            if (first.getAndSet(false)) {
                theGapWasNone();
                house.settledGaps();
            }
        };
        isSound(house.archive.rebuild(progress -> {}));
        assertThat(first).isFalse();
        assertThat(house.index.gaps).isEmpty();
    }

    @Test
    void oneThatEndsOnceTheJournalsWereReadStaysEnded() {
        AtomicBoolean first = new AtomicBoolean(true);
        house.index.beforeGaps = () -> {
            if (first.getAndSet(false)) {
                record(SECOND_US);
                house.settledGaps();
            }
        };
        isSound(house.archive.rebuild(progress -> {}));
        assertThat(house.index.gaps.values()).singleElement().satisfies(gap -> assertThat(gap.toUs())
                .hasValue(T0 + SECOND_US));
    }

    @Test
    void oneThatIsTakenBackWhileItIsBeingRestoredIsNotBroughtBack() {
        house.index.gaps.clear();
        AtomicInteger reads = new AtomicInteger();
        house.volume.readGate = (operation, path) -> {
            if (isJournal(path) && reads.incrementAndGet() == 2) {
                journalsHang();
                theGapWasNone();
                theRowIsGone();
            }
        };
        isSound(house.archive.rebuild(progress -> {}));
        assertThat(reads.get()).isGreaterThanOrEqualTo(2);
        assertThat(house.index.gaps).isEmpty();
    }

    @Test
    void oneThatWasNoneIsNoneAlsoWhenTheClockWasSetBackBefore() {
        house.nowUs.addAndGet(-3_600 * SECOND_US);
        theGapWasNone();
        theRowIsGone();
        house.settledGaps();
        isSound(house.archive.check(false, progress -> {}));
        isSound(house.archive.rebuild(progress -> {}));
        assertThat(house.index.gaps).isEmpty();
    }

    @Test
    void oneThatIsMissingIsToldAndRestored() {
        Gap gap = house.index.gaps.values().iterator().next();
        house.index.gaps.clear();
        assertThat(house.archive.check(false, progress -> {}).problems()).containsOnlyKeys("gap without a row");
        assertThat(house.archive.rebuild(progress -> {}).repaired()).isEqualTo(1);
        assertThat(house.index.gaps.values()).containsExactly(gap);
        isSound(house.archive.check(false, progress -> {}));
    }
}
