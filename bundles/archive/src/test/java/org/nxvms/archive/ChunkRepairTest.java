// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FragmentEntry;

/**
 * A chunk cut off, zeroed or garbled at any place is repaired to its last whole fragment; what is damaged before that is
 * skipped, and where nothing can be repaired nothing is removed.
 */
class ChunkRepairTest {
    private static final int FRAGMENTS = 4;
    private static final int ZEROS = 4096;
    /** All would take some seconds. */
    private static final int STEP = 7;

    private static final int LAST_NAL_BYTES = 12;
    private static final int MOOF_TYPE_AT = 32 + 4;

    @TempDir
    Path folder;

    private ChunkOnDisk disk;
    private Path file;
    private String path;
    private byte[] sealed;
    private List<FragmentEntry> fragments;
    private long headBytes;

    @BeforeEach
    void writeChunk() throws Exception {
        disk = new ChunkOnDisk(folder, FootageEncryption.NONE);
        OpenChunk chunk = disk.write(0, FRAGMENTS);
        fragments = chunk.index();
        headBytes = fragments.get(0).offset();
        chunk.seal(disk.keys);
        path = chunk.path();
        file = disk.file(0);
        sealed = Files.readAllBytes(file);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    private static long end(FragmentEntry fragment) {
        return fragment.startUs() + fragment.durationUs();
    }

    private long lastWholeBefore(long size) {
        return fragments.stream()
                .mapToLong(fragment -> fragment.offset() + fragment.length())
                .filter(end -> end <= size)
                .max()
                .orElse(0);
    }

    @Test
    void cutAtAnyByteTheLastWholeFragmentRemains() throws Exception {
        for (int size = (int) fragments.get(2).offset() - 3; size < sealed.length; size++) {
            Files.write(file, Arrays.copyOf(sealed, size));
            long expected = lastWholeBefore(size);
            assertThat(ChunkReader.read(disk.volume, path))
                    .as("sealed at " + size)
                    .isEmpty();
            Optional<OpenChunk> repaired = ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {});
            assertThat(repaired.isPresent()).as("cut at " + size).isEqualTo(expected > 0);
            if (repaired.isPresent()) {
                assertThat(repaired.get().wholeBytes()).as("cut at " + size).isEqualTo(expected);
                assertThat(Files.size(file)).isEqualTo(expected);
                repaired.get().abandon();
            }
        }
    }

    @Test
    void cutBeforeItsFirstFragmentIsWholeItHoldsNothing() throws Exception {
        int firstEnd = (int) fragments.get(1).offset();
        for (int size = 0; size < firstEnd; size += STEP) {
            Files.write(file, Arrays.copyOf(sealed, size));
            assertThat(ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {}))
                    .as("cut at " + size)
                    .isEmpty();
            if (size > firstEnd - LAST_NAL_BYTES) {
                // Zeros within a NAL unit are not told from what a camera sent.
                continue;
            }
            Files.write(file, Arrays.copyOf(Arrays.copyOf(sealed, size), firstEnd + ZEROS));
            assertThat(ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {}))
                    .as("zeros from " + size)
                    .isEmpty();
        }
    }

    @Test
    void noDamagedByteOfHeadOrFirstFragmentCostsMoreThanThatFragment() throws Exception {
        int all = (int) fragments.get(FRAGMENTS - 1).offset()
                + fragments.get(FRAGMENTS - 1).length();
        int first = (int) fragments.get(1).offset();
        int refusals = 0;
        for (int size : new int[] {all, first}) {
            List<Integer> places = ChunkOnDisk.boxHeaders(sealed, 0, first);
            Stream.iterate(0, at -> at < first, at -> at + STEP).forEach(places::add);
            for (int at : places) {
                byte[] damaged = Arrays.copyOf(sealed, size);
                damaged[at] ^= (byte) (at % 2 == 0 ? 0x01 : 0x80);
                Files.write(file, damaged);
                try {
                    OpenChunk repaired = ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {})
                            .orElseThrow();
                    repaired.abandon();
                    assertThat(repaired.wholeBytes())
                            .as("byte " + at + " of " + size)
                            .isEqualTo(size);
                    assertThat(repaired.index().size()).isGreaterThanOrEqualTo(size == all ? FRAGMENTS - 1 : 1);
                } catch (ChunkReader.DamagedException refused) {
                    assertThat(Files.readAllBytes(file)).as("byte " + at).isEqualTo(damaged);
                    refusals++;
                }
            }
        }
        assertThat(refusals).as("a damaged head is not guessed").isPositive();
    }

    @Test
    void aDamagedBoxHeaderInTheMiddleHidesNothingBehindIt() throws Exception {
        int all = (int) fragments.get(FRAGMENTS - 1).offset()
                + fragments.get(FRAGMENTS - 1).length();
        for (int at : ChunkOnDisk.boxHeaders(sealed, fragments.get(1))) {
            for (int bit : new int[] {0x01, 0x10, 0x80}) {
                byte[] damaged = Arrays.copyOf(sealed, all);
                damaged[at] ^= (byte) bit;
                Files.write(file, damaged);
                OpenChunk repaired = ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {})
                        .orElseThrow();
                repaired.rehash(() -> {});
                repaired.seal(disk.keys);
                String where =
                        "bit " + bit + " of byte " + (at - fragments.get(1).offset());
                isFoundFromTheThirdOn(ChunkReader.read(disk.volume, path).orElseThrow(), where);
                try (FileChannel whole = FileChannel.open(file)) {
                    assertThat(ChunkScan.of(whole).problem()).as(where).isEmpty();
                }
                assertThat(changed(damaged, Files.readAllBytes(file)))
                        .as(where + ": bytes changed")
                        .isLessThanOrEqualTo(8);
            }
        }
    }

    /** The second may be lost; the third may begin with what is left of it. */
    private void isFoundFromTheThirdOn(ChunkReader.Sealed read, String where) {
        List<FragmentEntry> found = read.fragments();
        assertThat(found.get(0)).as(where).isEqualTo(fragments.get(0));
        assertThat(found.get(found.size() - 1)).as(where).isEqualTo(fragments.get(3));
        FragmentEntry third = found.get(found.size() - 2);
        assertThat(third.offset() + third.length())
                .as(where)
                .isEqualTo(fragments.get(2).offset() + fragments.get(2).length());
        assertThat(third.startUs()).as(where).isEqualTo(fragments.get(2).startUs());
        assertThat(third.accessUnits()).as(where).isEqualTo(Footage.FRAMES);
        assertThat(read.entries().get(found.size() - 2).moofOffset())
                .as(where)
                .isBetween(
                        fragments.get(2).offset(),
                        fragments.get(2).offset() + fragments.get(2).length());
    }

    private static int changed(byte[] before, byte[] now) {
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            changed += before[i] == now[i] ? 0 : 1;
        }
        return changed;
    }

    @Test
    void aRepairThatBrokeOffIsDoneAgain() throws Exception {
        FragmentEntry second = fragments.get(1);
        byte[] damaged = Arrays.copyOf(sealed, (int) fragments.get(3).offset() + 100);
        damaged[(int) second.offset() + MOOF_TYPE_AT] ^= 1;
        Files.write(file, damaged);
        OpenChunk brokenOff =
                ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {}).orElseThrow();
        brokenOff.abandon();
        byte[] once = Files.readAllBytes(file);
        OpenChunk again =
                ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {}).orElseThrow();
        again.abandon();
        assertThat(again.index()).isEqualTo(brokenOff.index()).hasSize(2);
        assertThat(Files.readAllBytes(file)).isEqualTo(once);
    }

    @Test
    void whatIsRepairedAndSealedIsWhatWouldHaveBeenSealedThere() throws Exception {
        Files.write(file, Arrays.copyOf(sealed, (int) (fragments.get(3).offset() + 100)));
        OpenChunk repaired =
                ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {}).orElseThrow();
        repaired.rehash(() -> {});
        var row = repaired.seal(disk.keys);

        ChunkReader.Sealed read = ChunkReader.read(disk.volume, path).orElseThrow();
        assertThat(read.fragments()).isEqualTo(fragments.subList(0, 3));
        assertThat(read.row()).isEqualTo(row);
        assertThat(row.retentionDaysMax()).isEqualTo(30);

        Files.write(file, Arrays.copyOf(sealed, (int)
                (fragments.get(3).offset() + fragments.get(3).length())));
        OpenChunk whole =
                ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {}).orElseThrow();
        whole.rehash(() -> {});
        whole.seal(disk.keys);
        assertThat(Files.readAllBytes(file)).isEqualTo(sealed);
    }

    @Test
    void aTailThatNeverReachedTheDiskReadsAsZerosAndIsCutOff() throws Exception {
        FragmentEntry third = fragments.get(2);
        int end = (int) (fragments.get(3).offset() + fragments.get(3).length());
        for (int from = (int) third.offset() + 1; from < third.offset() + third.length() - 12; from += 23) {
            byte[] torn = Arrays.copyOf(sealed, end);
            Arrays.fill(torn, from, torn.length, (byte) 0);
            Files.write(file, torn);
            OpenChunk repaired =
                    ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {}).orElseThrow();
            repaired.abandon();
            assertThat(Files.size(file)).as("zeros from " + from).isEqualTo(third.offset());
        }
    }

    @Test
    void aHoleThatAPowerCutLeftCostsNothingBehindIt() throws Exception {
        OpenChunk chunk = disk.write(1, 60);
        List<FragmentEntry> written = chunk.index();
        chunk.abandon();
        Path torn = disk.file(1);
        byte[] bytes = Files.readAllBytes(torn);
        FragmentEntry hole = written.get(10);
        int payload = (int) (hole.offset() + hole.length()) - 100;
        Arrays.fill(bytes, payload, payload + 100, (byte) 0);
        Files.write(torn, bytes);

        OpenChunk repaired = ChunkRepair.open(disk.volume, chunk.path(), disk.ciphers, () -> {})
                .orElseThrow();
        repaired.abandon();
        assertThat(repaired.wholeBytes()).isEqualTo(bytes.length);
        assertThat(repaired.index()).hasSize(59);
        assertThat(end(repaired.index().get(9))).as("when the hole begins").isEqualTo(hole.startUs());
        assertThat(repaired.index().get(10).startUs()).as("and ends").isEqualTo(hole.startUs() + Footage.SECOND_US);
    }

    /** A source without key frames has one; each of these pictures takes a gigabyte, of which four bytes are there. */
    @Test
    void aChunkIsRepairedHoweverLongItIs() throws Exception {
        int pictures = 9;
        int pictureBytes = 1 << 30;
        OpenChunk chunk = disk.write(2, 1);
        chunk.abandon();
        try (FileChannel out = FileChannel.open(disk.file(2), StandardOpenOption.WRITE)) {
            for (int second = 1; second <= pictures; second++) {
                FragmentBuilder builder = new FragmentBuilder(1, 1);
                builder.begin(second + 1);
                builder.add(0, second * 90_000L, second * 90_000L, pictureBytes, false);
                builder.endAt(0, (second + 1) * 90_000L);
                builder.wallClock(ChunkOnDisk.START + second * Footage.SECOND_US);
                ByteBuffer begin = ByteBuffer.allocate(builder.headerBytes() + 4);
                builder.writeHeader(begin);
                begin.putInt(pictureBytes - 4).flip();
                long end = out.size() + begin.remaining() + pictureBytes - 4;
                out.write(begin, out.size());
                out.write(ByteBuffer.allocate(1), end - 1);
            }
        }
        long size = Files.size(disk.file(2));
        OpenChunk repaired = ChunkRepair.open(disk.volume, chunk.path(), disk.ciphers, () -> {})
                .orElseThrow();
        repaired.abandon();
        assertThat(repaired.wholeBytes()).isEqualTo(size).isGreaterThan(pictures * (long) pictureBytes);
        assertThat(repaired.index()).hasSize(1 + pictures);
        Files.delete(disk.file(2));
    }

    @Test
    void garbleAnyBytesAndTheRepairEitherRefusesOrKeepsWhatIsWhole() throws Exception {
        Random random = new Random(20261122);
        int refusals = 0;
        for (int round = 0; round < 500; round++) {
            byte[] garbled = Arrays.copyOf(sealed, sealed.length - random.nextInt(200));
            Set<Integer> touched = new HashSet<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                int at = random.nextInt(garbled.length);
                touched.add(at);
                garbled[at] = (byte) random.nextInt();
            }
            Files.write(file, garbled);
            try {
                OpenChunk repaired = ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {})
                        .orElseThrow();
                assertThat(repaired.index())
                        .extracting(one -> one.offset() + one.length())
                        .as("round " + round + ": the end of each that was not touched")
                        .containsAll(untouchedEnds(touched));
                repaired.abandon();
                ChunkReader.read(disk.volume, path);
            } catch (IOException refused) {
                assertThat(refused).as("seed 20261122, round " + round).hasMessageContaining(path);
                refusals++;
            }
        }
        assertThat(refusals).as("a touched head, most of a third of the file").isLessThan(350);
    }

    private List<Long> untouchedEnds(Set<Integer> touched) {
        return fragments.stream()
                .filter(one -> touched.stream().noneMatch(at -> at >= one.offset() && at < one.offset() + one.length()))
                .map(one -> one.offset() + one.length())
                .toList();
    }
}
