// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;

/** What a move does when row, copy and original do not agree: nothing goes that is not surely there twice. */
class MoveRecoveryTest extends MoveStory {
    private static final FootageTerms TERMS = FootageTerms.days(30);

    /** As if the process died: what it has open is not closed in order. */
    private void restart() {
        archive.close();
        disks.values().forEach(disk -> disk.close());
        start(folder);
    }

    private void copy(String from, String to, Segment segment) throws IOException {
        Path target = folder.resolve(to).resolve(segment.path());
        Files.createDirectories(target.getParent());
        Files.copy(folder.resolve(from).resolve(segment.path()), target);
    }

    private void marked(FaultyVolume target, FaultyVolume source, Segment segment) throws IOException {
        Markers.move(target).set(Arrivals.marker(source, segment.path()));
    }

    @Test
    void aDatabaseThatForgotTheMoveCostsNoFootage() throws Exception {
        start(folder);
        use(a);
        record(TERMS);
        Map<UUID, ByteBuffer> bytes = bytes();
        var before = Map.copyOf(index.rows);
        use(b);
        a.retired = true;
        ArchiveHouse.await(() -> files(a).isEmpty() && unsettled().isEmpty());
        restart();
        index.rows.putAll(before);

        a.retired = true;
        use(a);
        use(b);
        ArchiveHouse.await(() -> allOn(b) && unsettled().isEmpty());
        assertThat(bytes()).isEqualTo(bytes);
        isSound();
    }

    @Test
    void aFileThatIsAtTheTargetAlreadyIsNotDeletedByTheCopyThatCannotBeMade() throws Exception {
        start(folder);
        use(a);
        Segment segment = record(TERMS, 2).get(0);
        Map<UUID, ByteBuffer> bytes = bytes();
        AtomicBoolean once = new AtomicBoolean();
        b.gate = (operation, path) -> {
            if (operation.equals("create") && path.endsWith(".mp4") && !once.getAndSet(true)) {
                copy("a", "b", segment);
                Files.delete(folder.resolve("a").resolve(path));
                throw new FileAlreadyExistsException(path);
            }
        };
        use(b);
        a.retired = true;
        ArchiveHouse.await(once::get);
        ArchiveHouse.await(() -> allOn(b) && unsettled().isEmpty());
        assertThat(bytes()).isEqualTo(bytes);
    }

    @Test
    void theOriginalStaysUntilNoPowerCutTakesTheRowBack() throws Exception {
        start(folder);
        index.durableAfter = Duration.ofHours(1);
        use(a);
        record(TERMS);
        var before = Map.copyOf(index.rows);
        assertThat(Markers.open(a).all())
                .as("markers of chunks whose rows may be lost")
                .hasSize(3);
        use(b);
        a.retired = true;
        ArchiveHouse.await(() -> move().chunksMoved() == 3);
        assertThat(allOn(b)).isTrue();
        assertThat(files(a)).hasSize(3);
        isSound();
        ArchiveHouse.await(() -> move().chunksLeft() == 3);
        restart();
        index.rows.putAll(before);
        index.durableAfter = Duration.ZERO;

        a.retired = true;
        use(a);
        use(b);
        ArchiveHouse.await(() -> files(a).isEmpty() && allOn(b) && unsettled().isEmpty());
        assertThat(files(b)).hasSize(3);
        isSound();
    }

    @Test
    void whatAPersonRemovesDoesNotComeBackFromTheOriginalThatStillWaits() throws Exception {
        start(folder);
        index.durableAfter = Duration.ofSeconds(2);
        use(a);
        record(TERMS);
        use(b);
        a.retired = true;
        ArchiveHouse.await(() -> move().chunksMoved() == 3);
        HandRemoval hand = new HandRemoval(archive);
        var plan = hand.plan(CAMERA.cameraId(), T0, T0 + 6 * SECOND_US);
        ArchiveHouse.await(() -> {
            hand.remove(plan, "admin");
            return index.rows.isEmpty() && files(b).isEmpty();
        });
        ArchiveHouse.await(() -> files(a).isEmpty() && unsettled().isEmpty());
        assertThat(index.rows).isEmpty();
        isSound();
    }

    @Test
    void aCopyThatCannotBeReadIsNotDeletedAndItsRowNamesTheOriginalAgain() throws Exception {
        start(folder);
        use(a);
        Segment segment = record(TERMS, 2).get(0);
        copy("a", "b", segment);
        index.relocate(segment.id(), a.id(), b.id());
        marked(b, a, segment);
        b.readGate = (operation, path) -> {
            if (path.endsWith(".mp4")) {
                throw new IOException("Input/output error");
            }
        };
        use(b);
        ArchiveHouse.await(() -> allOn(a));
        assertThat(files(a)).hasSize(1);
        assertThat(files(b)).hasSize(1);
        assertThat(unsettled()).hasSize(1);
        assertThat(bytes()).hasSize(1);
    }

    @Test
    void twoSealedFilesThatDifferBothStay() throws Exception {
        start(folder);
        use(a);
        List<Segment> recorded = record(TERMS, 4);
        Segment segment = recorded.get(0);
        Path copy = folder.resolve("b").resolve(segment.path());
        copy("a", "b", segment);
        byte[] bytes = Files.readAllBytes(copy);
        // Sealed by head and index, with footage that is not what was sealed.
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(copy, bytes);
        index.relocate(segment.id(), a.id(), b.id());
        marked(b, a, segment);
        AtomicInteger reads = new AtomicInteger();
        b.readGate = (operation, path) -> {
            if (path.equals(segment.path())) {
                reads.incrementAndGet();
            }
        };
        use(b);
        ArchiveHouse.await(() -> reads.get() >= 2);
        ArchiveHouse.await(() -> archive.footageVolumes().stream().allMatch(FootageVolume::isStarted));
        assertThat(files(a)).hasSize(2);
        assertThat(files(b)).hasSize(1);
        assertThat(unsettled()).hasSize(1);
    }

    @Test
    void withoutTheOldVolumeTheCopyIsFoundByARebuild() throws Exception {
        start(folder);
        use(a);
        List<Segment> before = record(TERMS);
        use(b);
        // A disk that became read-only: nothing can be removed from it.
        a.gate = (operation, path) -> {
            if (operation.equals("delete") && path.endsWith(".mp4")) {
                throw new IOException("Read-only file system");
            }
        };
        a.retired = true;
        ArchiveHouse.await(() -> move().chunksMoved() == 3 && unsettled().size() == 3);
        archive.removeVolume(a);
        index.rows.clear();
        archive.rebuild(progress -> {});
        ArchiveHouse.await(() -> segments().size() == 3 && allOn(b));
        assertThat(segments())
                .extracting(Segment::id)
                .isEqualTo(before.stream().map(Segment::id).toList());
        assertThat(files(b)).hasSize(3);
    }

    @Test
    void aRetiredVolumeWithFilesIsNotSaidToBeEmpty() throws Exception {
        start(folder);
        use(a);
        Segment segment = record(TERMS, 2).get(0);
        index.rows.clear();
        a.retired = true;
        use(b);
        ArchiveHouse.await(() -> !move().trouble().isEmpty() && move().chunksLeft() == 1);
        assertThat(files(a)).containsExactly(segment.path());
    }

    @Test
    void whatCannotBeMovedIsTriedEverMoreSeldom() throws Exception {
        start(folder);
        use(a);
        Segment segment = record(TERMS, 2).get(0);
        Files.delete(folder.resolve("a").resolve(segment.path()));
        List<Long> tries = new CopyOnWriteArrayList<>();
        a.readGate = (operation, path) -> {
            if (path.equals(segment.path())) {
                tries.add(System.nanoTime());
            }
        };
        a.retired = true;
        use(b);
        ArchiveHouse.await(() -> move().trouble().contains("1 chunk could not be moved"));
        ArchiveHouse.await(() -> tries.size() >= 3);
        assertThat(Duration.ofNanos(tries.get(1) - tries.get(0))).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(Duration.ofNanos(tries.get(2) - tries.get(1))).isGreaterThanOrEqualTo(Duration.ofSeconds(4));
        assertThat(index.rows).hasSize(1);
    }

    @Test
    void aFullVolumeThatRecordsIsNotFilledUpWithWhatItWouldHaveToRemove() throws Exception {
        start(folder);
        use(b);
        // Another camera's: this one will name the other volume, and what it has elsewhere would be moved there.
        StreamId other = StreamId.main(new UUID(9, 9));
        FootageSink.Run run = archive.openRun(
                "b",
                new FootageSink.RunRequest(other, Footage.FORMAT, T0 - 60 * SECOND_US, ClockSource.ARRIVAL, TERMS));
        for (int second = 0; second < 8; second++) {
            ArchiveHouse.append(run, T0 - 60 * SECOND_US, second, 4_000, () -> true);
        }
        run.end(T0 - 52 * SECOND_US);
        ArchiveHouse.await(() -> index.rows.size() == 4
                && archive.footageVolumes().stream().allMatch(one -> one.live().isEmpty()));
        long large = index.rows.values().stream()
                .mapToLong(row -> row.segment().sizeBytes())
                .sum();
        assertThat(large / 4).isGreaterThan(50_000);
        use(a);
        List<Segment> small = record(new FootageTerms(0, 30, List.of("a")), 6, 7);
        // As after retention removed one large chunk: room for all the small ones, until the next second is recorded.
        b.quota = OptionalLong.of(large + 20_000);
        a.retired = true;
        ArchiveHouse.await(() -> move().trouble().contains("no other volume has room"));
        assertThat(files(a)).hasSize(small.size());
        assertThat(files(b)).hasSize(4);
    }

    @Test
    void lockedFootageStaysWhereItIsWhileTheTargetCannotBeToldOfTheLock() throws Exception {
        start(folder);
        use(a);
        record(TERMS, 2);
        AtomicBoolean refused = new AtomicBoolean();
        b.gate = (operation, path) -> {
            if (path.equals(LockBook.PATH)) {
                refused.set(true);
                throw new IOException("No space left on device");
            }
        };
        use(b);
        new ArchiveProofs(archive)
                .lock(new EvidenceLock(
                        UUID.randomUUID(), List.of(CAMERA.cameraId()), T0, T0 + SECOND_US, "theft", "admin", T0));
        a.retired = true;
        ArchiveHouse.await(() -> refused.get() && move().trouble().contains("could not be moved"));
        assertThat(files(a)).hasSize(1);
        assertThat(files(b)).isEmpty();
        b.gate = (operation, path) -> {};
        ArchiveHouse.await(() -> files(a).isEmpty());
        assertThat(Files.readString(folder.resolve("b").resolve(LockBook.PATH))).contains("theft");
    }
}
