// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.VolumeMoves;

/** Footage moves from volume to volume; at no moment is it less than whole, whatever dies or fails. */
class MoverTest extends MoveStory {
    private static final int STEPS_MAX = 100;

    @Test
    void aRetiredVolumeIsEmptiedAndItsFootageIsTheSameElsewhereWithLocksAndGaps() throws Exception {
        start(folder);
        use(a);
        List<Segment> before = record(FootageTerms.days(30));
        Map<UUID, ByteBuffer> bytes = bytes();
        archive.gap(CAMERA, T0 + 6 * SECOND_US, GapCause.AUTH, "");
        EvidenceLock lock = new EvidenceLock(
                UUID.randomUUID(), List.of(CAMERA.cameraId()), T0, T0 + 6 * SECOND_US, "theft", "admin", T0);
        new ArchiveProofs(archive).lock(lock);
        ArchiveHouse.await(() -> archive.toJournal().isEmpty());
        use(b);

        a.retired = true;
        assertThat(archive.volumeFor(CAMERA, FootageTerms.days(30))).isEqualTo("b");
        ArchiveHouse.await(() -> files(a).isEmpty() && move().chunksMoved() == 3);
        assertThat(files(b)).hasSize(3);
        assertThat(segments())
                .extracting(Segment::id)
                .isEqualTo(before.stream().map(Segment::id).toList());
        assertThat(allOn(b)).isTrue();
        assertThat(bytes()).isEqualTo(bytes);
        ArchiveHouse.await(() -> move().chunksLeft() == 0);
        assertThat(move())
                .isEqualTo(new VolumeMoves.Move(
                        "a",
                        VolumeMoves.Reason.RETIRED,
                        0,
                        0,
                        3,
                        before.stream().mapToLong(Segment::sizeBytes).sum(),
                        ""));
        ArchiveHouse.await(() -> !Files.exists(folder.resolve("a/journal/gaps-2026-11.tsv")));
        isSound();

        // The old volume is never seen again, and neither is the database.
        var rows = Map.copyOf(index.rows);
        var gaps = Map.copyOf(index.gaps);
        assertThat(gaps).isNotEmpty();
        archive.removeVolume(a);
        index.rows.clear();
        index.gaps.clear();
        Files.delete(folder.resolve("locks.tsv"));
        archive.rebuild(progress -> {});
        assertThat(index.rows).isEqualTo(rows);
        assertThat(index.gaps).isEqualTo(gaps);
        assertThat(Files.readString(folder.resolve("b").resolve(LockBook.PATH)))
                .contains(lock.id().toString());
    }

    @Test
    void aDeathAtAnyStepOfAMoveLosesNothingAndLeavesNothingBehind() throws Exception {
        int step = 1;
        while (!diesAtStep(step)) {
            step++;
            assertThat(step).isLessThan(STEPS_MAX);
        }
        assertThat(step).as("steps that were tried").isGreaterThan(8);
    }

    /** {@return whether all was moved before that step came} */
    private boolean diesAtStep(int step) throws Exception {
        Path at = folder.resolve(String.valueOf(step));
        index.rows.clear();
        start(at);
        use(a);
        use(b);
        record(new FootageTerms(0, 30, List.of("a")), 2);
        AtomicInteger steps = new AtomicInteger();
        AtomicBoolean dead = new AtomicBoolean();
        FaultyVolume.Gate gate = (operation, path) -> {
            if (dead.get() || isOfAMove(path) && steps.incrementAndGet() >= step) {
                dead.set(true);
                throw new IOException("died at step " + step + ": " + operation + " of " + path);
            }
        };
        b.tornBytes = step * 37 % 700;
        a.gate = gate;
        b.gate = gate;
        a.retired = true;
        ArchiveHouse.await(() -> dead.get() || files(a).isEmpty() && unsettled().isEmpty());
        boolean done = !dead.getAndSet(true);
        die();

        start(at);
        a.retired = true;
        use(a);
        use(b);
        ArchiveHouse.await(() -> files(a).isEmpty() && unsettled().isEmpty());
        assertThat(files(b)).as("after step " + step).hasSize(1);
        assertThat(allOn(b)).isTrue();
        isSound();
        stop();
        return done;
    }

    private static boolean isOfAMove(String path) {
        return path.startsWith("journal/move/") || path.endsWith(".mp4");
    }

    @Test
    void aCopyThatTheDiskSpoiltIsNotBelieved() throws Exception {
        start(folder);
        use(a);
        record(FootageTerms.days(30));
        AtomicBoolean told = new AtomicBoolean();
        b.readGate = (operation, path) -> {
            Path copy = folder.resolve("b").resolve(path);
            if (path.endsWith(".mp4") && !told.get() && Files.size(copy) > 900) {
                Files.write(copy, new byte[] {0x55}, StandardOpenOption.APPEND);
            }
        };
        use(b);
        a.retired = true;
        ArchiveHouse.await(() -> move().trouble().contains("the copy of"));
        told.set(true);
        ArchiveHouse.await(() -> allOn(b) && files(a).isEmpty() && move().chunksMoved() == 3);
        isSound();
    }

    @Test
    void aRetirementThatIsTakenBackLeavesTheRestWhereItIs() throws Exception {
        start(folder);
        use(a);
        record(FootageTerms.days(30));
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger copies = new AtomicInteger();
        b.gate = (operation, path) -> {
            if (operation.equals("create") && path.endsWith(".mp4") && copies.incrementAndGet() == 2) {
                reached.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        use(b);
        a.retired = true;
        ArchiveHouse.await(() -> reached.getCount() == 0);
        a.retired = false;
        goOn.countDown();
        ArchiveHouse.await(() -> unsettled().isEmpty());
        assertThat(files(b)).hasSize(1);
        assertThat(files(a)).hasSize(2);
        isSound();
    }

    @Test
    void aVolumeThatIsTakenOutOfUseWaitsForNoCopy() throws Exception {
        start(folder, 1 << 20);
        use(a);
        FootageTerms terms = FootageTerms.days(30);
        FootageSink.Run run = archive.openRun(
                archive.volumeFor(CAMERA, terms),
                new FootageSink.RunRequest(CAMERA, Footage.FORMAT, T0, ClockSource.ARRIVAL, terms));
        ArchiveHouse.append(run, T0, 0, 800_000, () -> true);
        ArchiveHouse.append(run, T0, 1, 800_000, () -> true);
        run.end(T0 + 2 * SECOND_US);
        ArchiveHouse.await(() -> index.rows.size() == 1);
        AtomicInteger blocks = new AtomicInteger();
        b.gate = (operation, path) -> {
            if (operation.equals("write") && path.endsWith(".mp4")) {
                blocks.incrementAndGet();
            }
        };
        use(b);
        a.retired = true;
        ArchiveHouse.await(() -> blocks.get() > 0);

        archive.removeVolume(a);
        long bytes = index.rows.values().iterator().next().segment().sizeBytes();
        assertThat((long) blocks.get() * ChunkCopy.BLOCK_BYTES)
                .as("40 MB at 1 MiB/s would take 38 s")
                .isLessThan(bytes);
        ArchiveHouse.await(() -> unsettled().isEmpty());
        assertThat(files(a)).hasSize(1);
        assertThat(files(b)).isEmpty();
    }

    @Test
    void withoutRoomElsewhereARetiredVolumeSaysSoAndKeepsItsFootage() throws Exception {
        start(folder);
        use(a);
        record(FootageTerms.days(30));
        b.quota = OptionalLong.of(100);
        use(b);
        a.retired = true;
        ArchiveHouse.await(() -> move().trouble().contains("no other volume has room"));
        assertThat(files(a)).hasSize(3);
        b.quota = OptionalLong.empty();
        ArchiveHouse.await(() -> files(a).isEmpty() && move().trouble().isEmpty());
    }

    @Test
    void aCameraThatIsGivenAnotherVolumeTakesItsFootageAlongAsFarAsThereIsRoom() throws Exception {
        start(folder);
        use(a);
        record(FootageTerms.days(30));
        b.quota = OptionalLong.of(14_000);
        use(b);
        archive.volumeFor(CAMERA, new FootageTerms(0, 30, List.of("b")));
        ArchiveHouse.await(() -> files(b).size() == 1 && unsettled().isEmpty());
        assertThat(files(a))
                .as("4 kB each, 14 kB allowed, and room for two more is kept")
                .hasSize(2);
        isSound();
    }

    @Test
    void whatWasWrittenElsewhereWhileItsVolumeWasAwayComesHome() throws Exception {
        start(folder);
        use(a);
        FootageTerms terms = new FootageTerms(0, 30, List.of("b"));
        record(terms);
        assertThat(files(a)).hasSize(3);

        use(b);
        ArchiveHouse.await(() -> files(a).isEmpty());
        assertThat(files(b)).hasSize(3);
        assertThat(move().reason()).isEqualTo(VolumeMoves.Reason.BELONGS_ELSEWHERE);
        isSound();
    }
}
