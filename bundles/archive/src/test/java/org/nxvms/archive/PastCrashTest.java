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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.PastFootage.NotMissingException;
import org.nxvms.platform.api.archive.Segment;

/**
 * The process dies before each single change of the disk while footage is put into the past. After each death every second
 * is footage or missing, never both, and the rest can be put there.
 */
class PastCrashTest {
    private static final int AWAY = 2;
    private static final int BACK = 8;
    private static final int END = 10;
    private static final int STEPS_MAX = 200;

    @TempDir
    Path folder;

    @Test
    void afterADeathAtAnyStepEachSecondIsFootageOrMissingAndTheRestCanBeFilled() throws Exception {
        int step = 1;
        while (!diesAtStep(step)) {
            step++;
            assertThat(step).isLessThan(STEPS_MAX);
        }
        assertThat(step).as("steps that were tried").isGreaterThan(15);
    }

    private static long at(int second) {
        return T0 + second * SECOND_US;
    }

    /** {@return whether the work was done before that step came} */
    private boolean diesAtStep(int step) throws Exception {
        ArchiveHouse house =
                new ArchiveHouse(folder.resolve("step" + step), new ArchiveSettings(3, 256 << 20, 1, 1, 24, 5));
        house.nowUs.set(at(END));
        house.record(CAMERA, at(0), AWAY);
        house.archive.gap(CAMERA, at(AWAY), GapCause.CAMERA_UNREACHABLE, "unplugged");
        house.record(CAMERA, at(BACK), END - BACK);
        house.settledGaps();
        AtomicInteger steps = new AtomicInteger();
        AtomicBoolean dead = new AtomicBoolean();
        house.volume.tornBytes = step * 37 % 700;
        house.volume.gate = (operation, path) -> {
            if (steps.incrementAndGet() >= step) {
                dead.set(true);
                throw new IOException("died at step " + step + ": " + operation + " of " + path);
            }
        };
        int acknowledged = fill(house, AWAY);
        ArchiveHouse.await(() -> dead.get() || acknowledged == BACK - AWAY && isDone(house));
        boolean done = !dead.get();
        house.kill();

        house.start();
        house.settled();
        house.settledGaps();
        int filledTo = BACK;
        for (int second = 0; second < END; second++) {
            long middle = at(second) + SECOND_US / 2;
            boolean footage = !house.segments(CAMERA, middle, middle + 1).isEmpty();
            boolean missing = !house.footage.gaps(CAMERA, middle, middle + 1, 1).isEmpty();
            assertThat(footage)
                    .as("step " + step + ", second " + second + ", missing: " + missing)
                    .isNotEqualTo(missing);
            filledTo = missing ? Math.min(filledTo, second) : filledTo;
        }
        assertThat(filledTo).as("step " + step).isGreaterThanOrEqualTo(AWAY + acknowledged);
        if (filledTo < BACK) {
            assertThat(fill(house, filledTo)).as("step " + step).isEqualTo(BACK - filledTo);
            house.settled();
            house.settledGaps();
        }
        assertThat(house.footage.gaps(CAMERA, at(0), at(END), 10)).isEmpty();
        assertThat(house.segments(CAMERA, at(0), at(END)).stream()
                        .mapToLong(Segment::accessUnits)
                        .sum())
                .isEqualTo((long) END * Footage.FRAMES);
        var report = house.archive.check(true, progress -> {});
        assertThat(report.problems())
                .as("step " + step + " " + report.examples())
                .isEmpty();
        house.stop();
        return done;
    }

    private static boolean isDone(ArchiveHouse house) {
        return house.openChunks().isEmpty()
                && house.archive.toJournal().isEmpty()
                && house.index.gaps.values().stream().map(Gap::cause).noneMatch(GapCause.CAMERA_UNREACHABLE::equals);
    }

    /** {@return how many seconds were acknowledged} */
    private static int fill(ArchiveHouse house, int from) throws NotMissingException {
        int acknowledged = 0;
        FootageSink.RunRequest request = new FootageSink.RunRequest(
                CAMERA, Footage.FORMAT, at(from), ClockSource.DEVICE_RECORDING, FootageTerms.days(30));
        try (FootageSink.Run run = new PastRuns(house.archive).open(request, at(BACK))) {
            for (int second = 0; second < BACK - from; second++) {
                if (ArchiveHouse.append(run, at(from), second)) {
                    acknowledged++;
                }
            }
            run.end(at(BACK));
        } catch (IOException | FootageSink.RefusedException died) {
            return acknowledged;
        }
        return acknowledged;
    }
}
