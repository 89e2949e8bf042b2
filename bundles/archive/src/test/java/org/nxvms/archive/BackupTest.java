// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.VolumeBackups;
import org.nxvms.platform.api.health.HealthCheck;

/** A backup volume holds the same footage once more; it counts once, and any of the two files is enough. */
class BackupTest extends BackupStory {
    @Test
    void sealedChunksAreCopiedAndCountOnce() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        assertThat(files(b)).isEqualTo(files(a)).hasSize(3);
        assertThat(segments).hasSize(3).allMatch(segment -> segment.volumeId().equals(a.id()));
        assertThat(footage.footage(List.of(CAMERA), T0, T0 + 100 * SECOND_US)
                        .get(CAMERA)
                        .count())
                .isEqualTo(1);
        long bytes = segments.stream().mapToLong(Segment::sizeBytes).sum();
        VolumeBackups.Backup done = new VolumeBackups.Backup("b", 0, 0, 0, 3, bytes, "");
        ArchiveHouse.await(() -> copies().equals(done));
        assertThat(new BackupsHealth(archive).check().status()).isEqualTo(HealthCheck.Status.UP);
        isSound();
    }

    @Test
    void whatWasRecordedBeforeTheBackupWasThereIsCopiedToo() throws Exception {
        start(folder);
        use(a);
        record(TERMS);
        assertThat(new BackupsHealth(archive).check().detail()).contains("1 stream gets no copy");
        use(b);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        isSound();

        // It goes and comes back: what was recorded meanwhile follows.
        archive.removeVolume(b);
        index.copies().volumes.clear();
        use(b);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        assertThat(files(b)).hasSize(3);
        isSound();
    }

    @Test
    void theCopyIsReadWhenTheOtherIsGoneMissingOrDamaged() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        Map<UUID, ByteBuffer> bytes = bytes();
        byte[] init = footage.init(segments.get(0).initId()).orElseThrow();
        var entries = footage.index(segments.get(1).id());

        Path first = folder.resolve("a").resolve(segments.get(0).path());
        Path second = folder.resolve("a").resolve(segments.get(1).path());
        Files.delete(first);
        try (var file = Files.newByteChannel(second, StandardOpenOption.WRITE)) {
            file.truncate(700);
        }
        assertThat(bytes()).as("missing, cut").isEqualTo(bytes);
        assertThat(footage.init(segments.get(0).initId()).orElseThrow()).isEqualTo(init);
        assertThat(footage.index(segments.get(1).id())).isEqualTo(entries);

        a.readGate = (operation, path) -> {
            throw new IOException("Input/output error");
        };
        assertThat(bytes()).as("unreadable").isEqualTo(bytes);
        archive.removeVolume(a);
        assertThat(bytes()).as("gone").isEqualTo(bytes);
        assertThat(footage.index(segments.get(1).id())).isEqualTo(entries);
        assertThat(segments()).isEqualTo(segments);
    }

    @Test
    void whenRetentionTakesTheOriginalTheCopyIsTheFootageUntilItsOwnDaysAreOver() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        Map<UUID, ByteBuffer> bytes = bytes();
        a.quota = OptionalLong.of(100);
        ArchiveHouse.await(() -> files(a).isEmpty() && allOn(b));
        assertThat(bytes()).isEqualTo(bytes);
        assertThat(segments()).extracting(Segment::id).containsExactlyElementsOf(ids(segments));
        assertThat(gaps(GapCause.DELETED_BY_RETENTION)).isEmpty();
        assertThat(index.copies().volumes).isEmpty();
        assertThat(index.usage(a.id()).segments()).isZero();
        assertThat(copies().chunksWaiting()).as("copies need no copy").isZero();
        isSound();

        // Five seconds are over: the first two chunks ended before.
        b.quota = OptionalLong.of(bytes.values().iterator().next().remaining() + 100L);
        ArchiveHouse.await(() -> files(b).size() == 1 && segments().size() == 1);
        ArchiveHouse.await(() -> gaps(GapCause.DELETED_BY_RETENTION).size() == 1);
        assertThat(segments().get(0).id()).isEqualTo(segments.get(2).id());
        isSound();
    }

    private static List<UUID> ids(List<Segment> segments) {
        return segments.stream().map(Segment::id).toList();
    }

    @Test
    void copiesGoByTheBytesOfTheirVolumeOldestFirstAndDoNotComeBack() throws Exception {
        start(folder);
        use(a);
        use(b);
        List<Segment> segments = record(TERMS);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        b.quota = OptionalLong.of(segments.get(2).sizeBytes() + 100);
        ArchiveHouse.await(() -> files(b).size() == 1);
        assertThat(index.copies().volumes).containsOnlyKeys(segments.get(2).id());
        assertThat(segments()).isEqualTo(segments);
        assertThat(files(a)).hasSize(3);
        assertThat(gaps(GapCause.DELETED_BY_RETENTION)).isEmpty();

        // A new chunk takes the place of the oldest copy; those that are older than all copies stay away.
        recordLater(archive.volumeFor(CAMERA, TERMS), TERMS, T0 + 6 * SECOND_US, 2);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 1
                && !index.copies().volumes.containsKey(segments.get(2).id()));
        // A file goes behind its row, and another may have come meanwhile.
        ArchiveHouse.await(() -> copies().chunksWaiting() == 0 && files(b).size() == 1);
        isSound();
    }

    @Test
    void lockedFootageStaysOnBoth() throws Exception {
        start(folder);
        recordAndCopy();
        new ArchiveProofs(archive)
                .lock(new EvidenceLock(
                        UUID.randomUUID(), List.of(CAMERA.cameraId()), T0, T0 + 4 * SECOND_US, "theft", "admin", T0));
        a.quota = OptionalLong.of(100);
        b.quota = OptionalLong.of(100);
        ArchiveHouse.await(() -> files(a).size() == 2 && files(b).size() == 2);
        ArchiveHouse.await(() -> archive.care().retention().trouble().orElse("").contains("locked as evidence"));
        assertThat(Files.readString(folder.resolve("b").resolve(LockBook.PATH))).contains("theft");
        isSound();
    }

    @Test
    void whatIsOnAVolumeThatIsAwayHidesNothingThatCanBeCopied() throws Exception {
        start(folder);
        FaultyVolume c = volume(folder, "c");
        use(c);
        record(TERMS);
        use(a);
        int more = 55;
        recordLater("a", TERMS, T0 + 60 * SECOND_US, 2 * more);
        assertThat(index.rows).hasSize(3 + more);
        archive.removeVolume(a);
        use(b);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        assertThat(files(b)).isEqualTo(files(c));
        assertThat(copies().chunksWaiting())
                .as("those on the volume that is away")
                .isEqualTo(more);
    }

    @Test
    void whatHasItsCopyIsNotLookedThroughAgainWhileAVolumeIsAway() throws Exception {
        start(folder);
        use(volume(folder, "c"));
        Files.move(folder.resolve("c"), folder.resolve("away"));
        disks.get("c").checkNow();
        use(a);
        use(b);
        List<Segment> segments = record(TERMS);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3 && copying().isEmpty());
        isLookedThroughAgain(segments);
        isLookedThroughAgain(segments);
        assertThat(index.copies().missingFromUs).allMatch(us -> us >= T0);

        Files.move(folder.resolve("away"), folder.resolve("c"));
        disks.get("c").checkNow();
        ArchiveHouse.await(() -> index.copies().missingFromUs.contains(Long.MIN_VALUE));
    }

    /** As after each time that the database was away. */
    private void isLookedThroughAgain(List<Segment> segments) {
        index.down = true;
        index.copies().missingRefused.set(0);
        archive.care().backups().written(segments);
        ArchiveHouse.await(() -> index.copies().missingRefused.get() > 0);
        index.copies().missingFromUs.clear();
        index.down = false;
        ArchiveHouse.await(() -> !index.copies().missingFromUs.isEmpty());
    }

    @Test
    void whatJustHappenedIsCopiedBeforeWhatHasWaitedLong() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(TERMS);
        List<String> begun = new CopyOnWriteArrayList<>();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        b.gate = (operation, path) -> {
            if (operation.equals("create") && path.endsWith(".mp4")) {
                begun.add(path);
                first.countDown();
                ArchiveHouse.await(() -> goOn.getCount() == 0);
            }
        };
        use(b);
        ArchiveHouse.await(() -> first.getCount() == 0);
        recordLater("a", TERMS, T0 + 60 * SECOND_US, 2);
        goOn.countDown();
        ArchiveHouse.await(() -> index.copies().volumes.size() == 4);
        Segment news = footage.segments(CAMERA, T0 + 60 * SECOND_US, T0 + 70 * SECOND_US, 10)
                .get(0);
        assertThat(begun)
                .containsExactly(
                        segments.get(2).path(),
                        news.path(),
                        segments.get(1).path(),
                        segments.get(0).path());
    }

    @Test
    void anEncryptedBackupHoldsNothingInTheClearAndNeedsNoKey() throws Exception {
        start(folder);
        FaultyVolume c = volume(folder, "c");
        c.encrypted = true;
        use(c);
        record(TERMS);
        FootageKeyring keyring = archive.ciphers().keyring();
        Path key = keyring.file(keyring.current().name());
        Path away = Files.move(key, folder.resolve("away"));
        use(a);
        int plain = 55;
        recordLater("a", TERMS, T0 + 60 * SECOND_US, 2 * plain);

        b.encrypted = true;
        use(b);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3 && copying().isEmpty());
        assertThat(files(b)).isEqualTo(files(c));
        String path = files(c).get(0);
        assertThat(Files.readAllBytes(folder.resolve("b").resolve(path)))
                .isEqualTo(Files.readAllBytes(folder.resolve("c").resolve(path)));
        assertThat(copies().trouble()).contains(plain + " chunks are in the clear and have no copy");
        assertThat(copies().finding())
                .contains(new HealthCheck.Finding("copies_in_the_clear", Map.of("count", (long) plain)));
        assertThat(new BackupsHealth(archive).check().status()).isEqualTo(HealthCheck.Status.DEGRADED);
        Files.move(away, key);
        isSound();
    }

    @Test
    void aVolumeThatIsTooSmallForAnyCopySaysSoAndGoesOnSayingIt() throws Exception {
        start(folder);
        b.quota = OptionalLong.of(100);
        use(a);
        record(TERMS);
        use(b);
        ArchiveHouse.await(() -> copies().trouble().contains("raise its quota"));
        archive.care().backups().written(segments());
        recordLater("a", TERMS, T0 + 60 * SECOND_US, 2);
        assertThat(copies().trouble()).contains("raise its quota");
        b.quota = OptionalLong.empty();
        recordLater("a", TERMS, T0 + 70 * SECOND_US, 2);
        ArchiveHouse.await(() -> copies().trouble().isEmpty());
    }

    @Test
    void nothingIsRecordedOnABackupNorMovedToIt() throws Exception {
        start(folder);
        use(b);
        assertThatThrownBy(() -> archive.volumeFor(CAMERA, TERMS)).isInstanceOf(FootageSink.RefusedException.class);
        use(a);
        record(TERMS);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        Files.delete(folder.resolve("a").resolve(segments().get(0).path()));
        a.retired = true;
        ArchiveHouse.await(() -> !move().trouble().isEmpty());
        assertThat(unsettled()).as("moves to the backup").isEmpty();
        assertThat(segments()).allMatch(segment -> segment.volumeId().equals(a.id()));
        archive.rebuild(progress -> {});
        assertThat(segments().get(0).volumeId()).as("all there is").isEqualTo(b.id());
    }

    @Test
    void whatGoesForRoomAndHasACopyIsNotToldAsRemovedBeforeItsTime() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        EarlyRemovals early = archive.care().retention().early();
        a.quota = OptionalLong.of(100);
        ArchiveHouse.await(() -> files(a).isEmpty());
        assertThat(early.totals()).isEmpty();
        b.quota = OptionalLong.of(segments.get(2).sizeBytes() + 100);
        ArchiveHouse.await(() -> segments().size() == 1 && files(b).size() == 1);
        ArchiveHouse.await(() -> early.totals().stream().anyMatch(gone -> gone.segments() == 2));
        assertThat(early.totals()).singleElement().satisfies(gone -> assertThat(gone.volume())
                .isEqualTo("b"));
    }
}
