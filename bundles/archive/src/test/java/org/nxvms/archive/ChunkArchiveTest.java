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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;

/** What happens to footage from its first fragment to its row, on a good disk and on bad ones. */
class ChunkArchiveTest {
    @TempDir
    Path folder;

    private ArchiveHouse house;

    @BeforeEach
    void open() {
        house = new ArchiveHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aRunIsSeenWhileItGrowsAndIsTheSameFootageWhenSealed() throws Exception {
        FootageSink.Run run = house.open(CAMERA, T0);
        assertThat(house.segments(CAMERA, T0, T0 + SECOND_US)).isEmpty();
        ArchiveHouse.append(run, T0, 0);
        ArchiveHouse.append(run, T0, 1);

        Segment open = house.segments(CAMERA, T0, T0 + SECOND_US).get(0);
        assertThat(open.open()).isTrue();
        assertThat(open.startUs()).isEqualTo(T0);
        assertThat(open.endUs()).isEqualTo(T0 + 2 * SECOND_US);
        assertThat(open.accessUnits()).isEqualTo(50);
        List<FragmentEntry> whileOpen = house.footage.index(open.id());
        assertThat(whileOpen).extracting(FragmentEntry::key).containsExactly(true, false);
        byte[] openBytes = bytes(open);
        assertThat(openBytes).hasSize((int) open.sizeBytes());

        run.end(T0 + 2 * SECOND_US);
        house.settled();
        Segment sealed = house.footage.segment(open.id()).orElseThrow();

        assertThat(sealed.open()).isFalse();
        assertThat(sealed.sha256()).isPresent();
        assertThat(sealed.path()).isEqualTo(open.path()).startsWith(CAMERA + "/2026/11/22/14/20261122T145959.000Z-");
        assertThat(house.footage.index(sealed.id())).isEqualTo(whileOpen);
        assertThat(bytes(sealed)).startsWith(openBytes).hasSize((int) sealed.sizeBytes());
        assertThat(Files.size(folder.resolve("archive").resolve(sealed.path()))).isEqualTo(sealed.sizeBytes());
        assertThat(ChunkReader.read(house.disk, sealed.path()).orElseThrow().row())
                .isEqualTo(house.index.rows.get(sealed.id()));
        assertThat(house.footage.init(sealed.initId())).hasValueSatisfying(init -> assertThat(init)
                .isEqualTo(InitSegment.build(Footage.FORMAT))
                .hasSize(sealed.initBytes()));
        assertThat(house.footage.range(CAMERA)).contains(new Archive.TimeRange(T0, T0 + 2 * SECOND_US));
        assertThat(house.footage.streams(CAMERA.cameraId())).containsExactly(CAMERA);
        assertThat(house.openChunks()).isEmpty();
    }

    private byte[] bytes(Segment segment) throws IOException {
        try (Archive.SegmentBytes file = house.footage.open(segment.id())) {
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            while (all.hasRemaining() && file.read(all, all.position()) >= 0) {
                // read on
            }
            return all.array();
        }
    }

    /** One key frame and intra refresh only: nobody waits for another without end, nor is a long group cut. */
    @Test
    void aRunWithoutFurtherKeyFramesIsCutAllTheSame() throws Exception {
        house.stop();
        house.settings = new ArchiveSettings(60, 256 << 20, 5, 1, 24, 5);
        house.start();
        int seconds = 1_300;
        try (FootageSink.Run run = house.open(CAMERA, T0)) {
            for (int second = 0; second < seconds; second++) {
                ByteBuffer[] parts = Footage.fragment(T0, second, second == 0, 40);
                assertThat(run.append(
                                parts,
                                parts.length,
                                T0 + second * SECOND_US,
                                SECOND_US,
                                second == 0,
                                Footage.FRAMES,
                                () -> true))
                        .isTrue();
            }
            run.end(T0 + seconds * SECOND_US);
        }
        house.settled();
        List<Segment> chunks = house.segments(CAMERA, T0, T0 + seconds * SECOND_US);
        assertThat(chunks)
                .extracting(segment -> (segment.endUs() - segment.startUs()) / SECOND_US)
                .containsExactly(600L, 600L, 100L);
        var report = house.archive.check(true, progress -> {});
        assertThat(report.problems()).as(report.examples().toString()).isEmpty();
    }

    @Test
    void aLongRunIsCutAtKeyFramesAndItsChunksAreChained() throws Exception {
        house.stop();
        house.settings = new ArchiveSettings(3, 256 << 20, 5, 1, 24, 5);
        house.start();

        List<Segment> chunks = house.record(CAMERA, T0, 10);

        assertThat(chunks).extracting(Segment::sequence).containsExactly(0, 1, 2);
        assertThat(chunks)
                .extracting(segment -> (segment.endUs() - segment.startUs()) / SECOND_US)
                .containsExactly(4L, 4L, 2L);
        for (int i = 1; i < chunks.size(); i++) {
            assertThat(chunks.get(i).startUs()).isEqualTo(chunks.get(i - 1).endUs());
            assertThat(house.footage.index(chunks.get(i).id()).get(0).key()).isTrue();
            byte[] previous = ChunkReader.read(house.disk, chunks.get(i).path())
                    .orElseThrow()
                    .previousRoot();
            assertThat(java.util.HexFormat.of().formatHex(previous))
                    .isEqualTo(chunks.get(i - 1).sha256().orElseThrow());
        }
        assertThat(chunks.get(0).path()).contains("/14/");
        assertThat(chunks.get(1).path()).contains("/15/");
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void streamsThatBeginTogetherDoNotSealTogether() {
        ChunkRun.Cut cut = new ChunkRun.Cut(300 * SECOND_US, 256 << 20);
        int[] sealedIn = new int[300];
        for (int i = 0; i < 200; i++) {
            StreamId stream = StreamId.main(new UUID(7, i));
            long first = cut.firstUsMax(stream);
            assertThat(first).isBetween(150 * SECOND_US, 300 * SECOND_US).isEqualTo(cut.firstUsMax(stream));
            sealedIn[(int) ((first - 1) / SECOND_US)]++;
        }
        assertThat(Arrays.stream(sealedIn).max().orElseThrow())
                .as("of 200 in any second")
                .isLessThan(8);
    }

    @Test
    void aFragmentThatTheRingOvertookLeavesNoTrace() throws Exception {
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        long size = house.segments(CAMERA, T0, T0 + 1).get(0).sizeBytes();

        assertThat(ArchiveHouse.append(run, T0, 1, 40, () -> false)).isFalse();
        assertThat(house.segments(CAMERA, T0, T0 + 1).get(0).sizeBytes()).isEqualTo(size);
        ArchiveHouse.append(run, T0, 2);
        run.end(T0 + 3 * SECOND_US);
        house.settled();

        Segment sealed = house.segments(CAMERA, T0, T0 + 1).get(0);
        assertThat(house.footage.index(sealed.id()))
                .extracting(FragmentEntry::startUs)
                .containsExactly(T0, T0 + 2 * SECOND_US);
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void whileTheDatabaseIsAwayFootageIsSealedAndItsRowsFollow() throws Exception {
        house.index.down = true;
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        run.end(T0 + SECOND_US);
        ArchiveHouse.await(() -> house.archive.rows().waitingSegments().size() == 1);

        assertThat(house.openChunks())
                .as("the marker says that a row is missing")
                .hasSize(1);
        assertThat(ChunkReader.read(house.disk, house.chunkFiles().get(0))).isPresent();
        assertThatThrownBy(() -> house.segments(CAMERA, T0, T0 + 1)).isInstanceOf(StoreException.class);
        ArchiveHealth health = new ArchiveHealth(house.archive);
        ArchiveHouse.await(() -> health.check().detail().contains("switched off by the test"));

        house.index.down = false;
        house.settled();
        assertThat(house.index.rows).hasSize(1);
        ArchiveHouse.await(() -> health.check().detail().isEmpty());
    }

    @Test
    void aRowThatWasNeverWrittenIsWrittenAtTheNextStart() throws Exception {
        house.index.down = true;
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        run.end(T0 + SECOND_US);
        ArchiveHouse.await(() -> house.archive.rows().waitingSegments().size() == 1);
        house.kill();

        house.index.down = false;
        house.start();
        house.settled();
        assertThat(house.segments(CAMERA, T0, T0 + 1)).hasSize(1);
    }

    @Test
    void aFullDiskEndsTheRunAtItsLastWholeFragmentAndSaysSo() throws Exception {
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        house.volume.tornBytes = 300;
        house.volume.gate = (operation, path) -> {
            if (operation.equals("write") && path.endsWith(".mp4")) {
                throw new IOException("No space left on device");
            }
        };

        assertThatThrownBy(() -> ArchiveHouse.append(run, T0, 1)).hasMessageContaining("No space left");
        assertThatThrownBy(() -> house.open(CAMERA, T0))
                .isInstanceOfSatisfying(FootageSink.RefusedException.class, refused -> assertThat(refused.gapCause())
                        .isEqualTo(GapCause.DISK_FULL));
        assertThatThrownBy(() -> ArchiveHouse.append(run, T0, 2)).hasMessageContaining("ended");

        house.volume.gate = (operation, path) -> {};
        house.settled();
        Segment kept = house.segments(CAMERA, T0, T0 + 1).get(0);
        assertThat(kept.open()).isFalse();
        assertThat(kept.endUs()).isEqualTo(T0 + SECOND_US);
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void footageStopsAboveTheReserveNotBelowIt() throws Exception {
        FootageSink.Run run = house.open(CAMERA, T0);
        house.volume.space = Optional.of(() -> new org.nxvms.storage.spi.VolumeSpace(100L << 30, 2L << 30, 2L << 30));
        FootageVolume volume = house.archive.footageVolumes().iterator().next();
        ArchiveHouse.await(() -> volume.refusal().isPresent());

        assertThatThrownBy(() -> ArchiveHouse.append(run, T0, 0))
                .isInstanceOf(IOException.class)
                .hasCauseInstanceOf(FootageSink.RefusedException.class)
                .hasMessageContaining("2048 MiB are reserved");
    }

    @Test
    void anIoErrorRefusesNewRunsWithTheDisksOwnWords() throws Exception {
        FootageSink.Run run = house.open(CAMERA, T0);
        // Nothing else: what the keeper fails to sync puts the run in doubt before it is written.
        house.volume.gate = (operation, path) -> {
            if (operation.equals("write")) {
                throw new IOException("Input/output error");
            }
        };
        assertThatThrownBy(() -> ArchiveHouse.append(run, T0, 0)).hasMessage("Input/output error");
        assertThatThrownBy(() -> house.open(CAMERA, T0))
                .isInstanceOf(FootageSink.RefusedException.class)
                .hasMessageContaining("volume main")
                .hasMessageContaining("Input/output error");
    }

    @Test
    void anAbsentVolumeRefusesAndIsNotReplacedByItsMountPoint() throws Exception {
        house.quiet();
        Path root = folder.resolve("archive");
        Files.move(root, folder.resolve("unplugged"));
        Files.createDirectory(root);
        house.disk.checkNow();

        assertThatThrownBy(() -> house.open(CAMERA, T0))
                .isInstanceOfSatisfying(FootageSink.RefusedException.class, refused -> assertThat(refused.gapCause())
                        .isEqualTo(GapCause.VOLUME_ABSENT))
                .hasMessageContaining("mount its disk");
        assertThat(root).isEmptyDirectory();
        assertThat(new VolumesHealth(house.archive).check().status())
                .isEqualTo(org.nxvms.platform.api.health.HealthCheck.Status.DOWN);

        Files.delete(root);
        Files.move(folder.resolve("unplugged"), root);
        house.disk.checkNow();
        assertThat(house.record(CAMERA, T0, 1)).hasSize(1);
    }

    @Test
    void withoutAnyVolumeTheMessageSaysWhatToDo() {
        house.archive.removeVolume(house.volume);
        assertThatThrownBy(() -> house.open(CAMERA, T0)).hasMessageContaining("org.nxvms.storage.file~NAME.cfg");
    }

    @Test
    void aRunWithoutFootageLeavesNoFile() throws Exception {
        house.open(CAMERA, T0).end(T0);
        house.settled();
        assertThat(house.chunkFiles()).isEmpty();
    }

    @Test
    void aStoppedServerIsDownUntilItsNextFootage() throws Exception {
        house.record(CAMERA, T0, 2);
        house.nowUs.set(T0 + 10 * SECOND_US);
        house.stop();
        assertThat(house.index.gaps.values()).singleElement().satisfies(gap -> assertThat(gap.toUs())
                .isEmpty());

        house.start();
        house.record(CAMERA, T0 + 60 * SECOND_US, 1);

        Gap gap = onlyGap();
        assertThat(gap.cause()).isEqualTo(GapCause.SERVER_DOWN);
        assertThat(gap.fromUs()).isEqualTo(T0 + 2 * SECOND_US);
        assertThat(gap.toUs()).hasValue(T0 + 60 * SECOND_US);
    }

    @Test
    void aKilledServerIsDownFromItsLastFootageToItsNext() throws Exception {
        FootageSink.Run run = house.open(CAMERA, T0);
        for (int i = 0; i < 5; i++) {
            ArchiveHouse.append(run, T0, i);
        }
        house.kill();
        house.start();
        house.record(CAMERA, T0 + 60 * SECOND_US, 1);

        Segment repaired = house.segments(CAMERA, T0, T0 + SECOND_US).get(0);
        assertThat(repaired.open()).isFalse();
        assertThat(repaired.endUs()).isEqualTo(T0 + 5 * SECOND_US);
        ArchiveHouse.await(() -> !house.index.gaps.isEmpty());
        Gap gap = onlyGap();
        assertThat(gap.cause()).isEqualTo(GapCause.SERVER_DOWN);
        assertThat(gap.fromUs()).isEqualTo(T0 + 5 * SECOND_US);
        assertThat(gap.toUs()).hasValue(T0 + 60 * SECOND_US);
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    private Gap onlyGap() {
        house.settled();
        List<Gap> gaps = house.footage.gaps(CAMERA, 0, Long.MAX_VALUE, 100);
        assertThat(gaps).hasSize(1);
        return gaps.get(0);
    }

    @Test
    void alteredFootageIsFound() throws Exception {
        Segment segment = house.record(CAMERA, T0, 3).get(0);
        FragmentEntry second = house.footage.index(segment.id()).get(1);
        Path file = folder.resolve("archive").resolve(segment.path());
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (second.offset() + second.length() - 1)] ^= 1;
        Files.write(file, bytes);

        assertThat(house.archive.check(false, progress -> {}).problems()).isEmpty();
        assertThat(house.archive.check(true, progress -> {}).problems()).containsOnlyKeys("footage altered");
    }

    @Test
    void theIndexIsMadeAgainFromTheVolumeAlone() throws Exception {
        house.record(CAMERA, T0, 3);
        house.archive.gap(CAMERA, T0 + 3 * SECOND_US, GapCause.AUTH, "the camera\trefused\nthe password");
        house.record(CAMERA, T0 + 60 * SECOND_US, 4);
        house.settled();
        ArchiveHouse.await(() -> Files.exists(folder.resolve("archive/journal/gaps-2026-11.tsv")));
        var rows = java.util.Map.copyOf(house.index.rows);
        var gaps = java.util.Map.copyOf(house.index.gaps);
        house.stop();

        house.start();
        // Once it is asked whether the database is new: from then on its rows are not made by themselves.
        house.settled();
        house.settledGaps();
        house.index.rows.clear();
        house.index.gaps.clear();
        assertThat(house.archive.check(false, progress -> {}).problems())
                .containsEntry("file without a row", 2L)
                .containsKey("gap without a row");
        house.archive.rebuild(progress -> {});

        assertThat(house.index.rows).isEqualTo(rows);
        assertThat(house.index.gaps).containsAllEntriesOf(java.util.Map.of()).hasSizeGreaterThanOrEqualTo(gaps.size());
        gaps.forEach((id, gap) -> assertThat(house.index.gaps.get(id))
                .usingRecursiveComparison()
                .ignoringFields("detail")
                .isEqualTo(gap));
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void aRowWithoutAFileIsRemovedByARebuildOnly() throws Exception {
        Segment segment = house.record(CAMERA, T0, 1).get(0);
        Files.delete(folder.resolve("archive").resolve(segment.path()));

        assertThat(house.archive.check(false, progress -> {}).problems()).containsEntry("row without a file", 1L);
        assertThat(house.index.rows).hasSize(1);
        assertThat(house.archive.rebuild(progress -> {}).repaired()).isEqualTo(1);
        assertThat(house.index.rows).isEmpty();
        assertThatThrownBy(() -> house.footage.index(segment.id()))
                .isInstanceOf(java.nio.file.NoSuchFileException.class);
    }
}
