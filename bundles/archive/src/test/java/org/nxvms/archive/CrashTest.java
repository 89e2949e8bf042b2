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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.Segment;

/**
 * The process dies before each single change of the disk in turn: making markers and files, writing heads, fragments,
 * seals and journals, syncing, removing. After each death a new process must find the house in order by itself.
 */
class CrashTest {
    private static final int SECONDS = 6;
    private static final int STEPS_MAX = 400;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(FootageEncryption.class)
    void afterADeathAtAnyStepEveryAcknowledgedFragmentIsThereAndTheArchiveIsSound(FootageEncryption encryption)
            throws Exception {
        int step = 1;
        while (!diesAtStep(step, encryption)) {
            step++;
            assertThat(step).isLessThan(STEPS_MAX);
        }
        assertThat(step).as("steps that were tried").isGreaterThan(25);
    }

    /** {@return whether the work was done before that step came} */
    private boolean diesAtStep(int step, FootageEncryption encryption) throws Exception {
        ArchiveSettings settings = new ArchiveSettings(3, 256 << 20, 1, 1, 24, 5);
        Path place = folder.resolve(encryption.id() + step);
        ArchiveHouse house = encryption == FootageEncryption.NONE
                ? new ArchiveHouse(place, settings)
                : ArchiveHouse.encrypted(place, settings);
        AtomicInteger steps = new AtomicInteger();
        AtomicBoolean dead = new AtomicBoolean();
        house.volume.tornBytes = step * 37 % 700;
        house.volume.gate = (operation, path) -> {
            if (steps.incrementAndGet() >= step) {
                dead.set(true);
                throw new IOException("died at step " + step + ": " + operation + " of " + path);
            }
        };
        int acknowledged = record(house);
        ArchiveHouse.await(() -> dead.get() || isDone(house, acknowledged));
        boolean done = !dead.get();
        house.kill();

        house.start();
        house.settled();
        var report = house.archive.check(true, progress -> {});
        assertThat(report.problems())
                .as("step " + step + " " + report.examples())
                .isEmpty();
        long end = house.segments(CAMERA, T0, T0 + SECONDS * SECOND_US).stream()
                .mapToLong(Segment::endUs)
                .max()
                .orElse(T0);
        assertThat(end).as("footage after step " + step).isGreaterThanOrEqualTo(T0 + acknowledged * SECOND_US);
        assertThat(house.chunkFiles()).hasSize(house.index.rows.size());

        house.nowUs.set(T0 + 60 * SECOND_US);
        house.record(CAMERA, T0 + 60 * SECOND_US, 1);
        if (acknowledged > 0) {
            ArchiveHouse.await(() -> house.footage.gaps(CAMERA, end, end + SECOND_US, 10).stream()
                    .anyMatch(gap -> gap.fromUs() <= end + 200_000 && gap.toUs().orElse(0) == T0 + 60 * SECOND_US));
        }
        house.stop();
        return done;
    }

    private static boolean isDone(ArchiveHouse house, int acknowledged) {
        return acknowledged == SECONDS
                && house.index.rows.size() == 2
                && house.openChunks().isEmpty()
                && java.nio.file.Files.exists(house.folder.resolve("archive/journal/gaps-2026-11.tsv"));
    }

    private static int record(ArchiveHouse house) {
        int acknowledged = 0;
        try (FootageSink.Run run = house.open(CAMERA, T0)) {
            for (int i = 0; i < SECONDS; i++) {
                if (ArchiveHouse.append(run, T0, i)) {
                    acknowledged++;
                }
            }
            run.end(T0 + SECONDS * SECOND_US);
            house.archive.gap(CAMERA, T0 + SECONDS * SECOND_US, GapCause.CAMERA_UNREACHABLE, "unplugged");
        } catch (IOException | FootageSink.RefusedException died) {
            return acknowledged;
        }
        return acknowledged;
    }
}
