// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.VolumeReadable;

/** An encrypted chunk that a crash or a power cut left open is repaired like any other, with its key and without. */
class EncryptedRepairTest {
    private static final int FRAGMENTS = 4;
    private static final int STEP = 13;
    /** In a uuid box: behind its size and type, and its version. */
    private static final int TYPE_AT = 8;

    private static final int VERSION_AT = 24;

    @TempDir
    Path folder;

    private ChunkOnDisk disk;
    private Path file;
    private String path;
    private byte[] open;
    private List<FragmentEntry> fragments;

    @BeforeEach
    void writeChunk() throws Exception {
        disk = new ChunkOnDisk(folder, FootageEncryption.AES_256_GCM);
        OpenChunk chunk = disk.write(0, FRAGMENTS);
        fragments = chunk.index();
        chunk.abandon();
        path = chunk.path();
        file = disk.file(0);
        open = Files.readAllBytes(file);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    private static long end(FragmentEntry fragment) {
        return fragment.offset() + fragment.length();
    }

    @Test
    void cutAnywhereTheLastWholeFragmentRemainsWithItsKeyAndWithout() throws Exception {
        for (FootageCiphers one : List.of(disk.ciphers, disk.none)) {
            for (int size = (int) fragments.get(2).offset() - 3; size <= open.length; size += STEP) {
                Files.write(file, Arrays.copyOf(open, size));
                int cut = size;
                long expected = fragments.stream()
                        .mapToLong(EncryptedRepairTest::end)
                        .filter(end -> end <= cut)
                        .max()
                        .orElse(0);
                OpenChunk repaired =
                        ChunkRepair.open(disk.volume, path, one, () -> {}).orElseThrow();
                repaired.abandon();
                assertThat(repaired.wholeBytes()).as("cut at " + size).isEqualTo(expected);
            }
        }
    }

    @Test
    void aTailThatNeverReachedTheDiskIsCutOffByItsTag() throws Exception {
        FragmentEntry third = fragments.get(2);
        for (int from = (int) third.offset() + 1; from < end(third) - 8; from += STEP) {
            byte[] torn = open.clone();
            Arrays.fill(torn, from, torn.length, (byte) 0);
            Files.write(file, torn);
            ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {})
                    .orElseThrow()
                    .abandon();
            assertThat(Files.size(file)).as("zeros from " + from).isEqualTo(third.offset());
        }
    }

    @Test
    void withoutTheKeyItIsCutOffByItsZeros() throws Exception {
        FragmentEntry third = fragments.get(2);
        for (int from = (int) third.offset() + 1; from <= end(third) - 32; from += STEP) {
            byte[] torn = open.clone();
            Arrays.fill(torn, from, torn.length, (byte) 0);
            Files.write(file, torn);
            ChunkRepair.open(disk.volume, path, disk.none, () -> {})
                    .orElseThrow()
                    .abandon();
            assertThat(Files.size(file)).as("zeros from " + from).isEqualTo(third.offset());
        }
    }

    @Test
    void whatIsRepairedWithoutItsKeyIsTheVerySameFile() throws Exception {
        byte[][] sealed = new byte[2][];
        for (int i = 0; i < 2; i++) {
            Files.write(file, Arrays.copyOf(open, (int) fragments.get(3).offset() + 100));
            OpenChunk repaired = ChunkRepair.open(disk.volume, path, i == 0 ? disk.ciphers : disk.none, () -> {})
                    .orElseThrow();
            repaired.rehash(() -> {});
            repaired.seal(disk.keys);
            sealed[i] = Files.readAllBytes(file);
        }
        assertThat(sealed[1]).isEqualTo(sealed[0]);
        assertThat(ChunkReader.read(disk.volume, path).orElseThrow().fragments())
                .isEqualTo(fragments.subList(0, 3));
    }

    @Test
    void nothingIsEverAppendedToWhatAnotherProcessBegan() throws Exception {
        Files.write(file, open);
        OpenChunk repaired =
                ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {}).orElseThrow();
        assertThatThrownBy(() -> ChunkOnDisk.append(repaired, FRAGMENTS, () -> true))
                .isInstanceOf(IllegalStateException.class);
        repaired.abandon();
        assertThat(Files.readAllBytes(file)).isEqualTo(open);
    }

    @Test
    void withADamagedEncryptionBoxNothingIsCutOrRemoved() throws Exception {
        int box = (int) fragments.get(0).offset() - ChunkBoxes.Encrypted.BYTES;
        for (FootageCiphers one : List.of(disk.ciphers, disk.none)) {
            for (int size : new int[] {open.length, (int) end(fragments.get(0))}) {
                for (int at = box; at <= box + VERSION_AT; at++) {
                    byte[] damaged = Arrays.copyOf(open, size);
                    damaged[at] ^= 1;
                    Files.write(file, damaged);
                    assertThatThrownBy(() -> ChunkRepair.open(disk.volume, path, one, () -> {}))
                            .as("byte " + (at - box))
                            .isInstanceOf(ChunkReader.DamagedException.class);
                    assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
                }
            }
        }
    }

    @Test
    void aBadFragmentCostsNoSoundOneBehindIt() throws Exception {
        FragmentEntry bad = fragments.get(1);
        List<Integer> places = new ArrayList<>(List.of((int) end(bad) - 1));
        for (int at = TYPE_AT; at < CipherBox.BYTES; at++) {
            places.add((int) bad.offset() + at);
        }
        for (int at : places) {
            byte[] damaged = open.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            Segment segment = repairAndSeal();
            assertThat(ChunkReader.read(disk.volume, path).orElseThrow().fragments())
                    .as("byte " + (at - bad.offset()))
                    .containsExactly(fragments.get(0), damage(bad), fragments.get(2), fragments.get(3));
            assertThatThrownBy(() -> read(segment, bad)).isInstanceOf(FootageDamagedException.class);
            read(segment, fragments.get(0));
            read(segment, fragments.get(2));
            read(segment, fragments.get(3));
        }
    }

    @Test
    void aDamagedBoxHeaderInTheMiddleHidesNothingBehindIt() throws Exception {
        for (int at : ChunkOnDisk.boxHeaders(open, fragments.get(1))) {
            byte[] damaged = open.clone();
            damaged[at] ^= (byte) (at % 2 == 0 ? 0x10 : 0x01);
            Files.write(file, damaged);
            Segment segment = repairAndSeal();
            String where = "byte " + (at - fragments.get(1).offset());
            List<FragmentEntry> found =
                    ChunkReader.read(disk.volume, path).orElseThrow().fragments();
            assertThat(found).as(where).contains(fragments.get(0), fragments.get(2), fragments.get(3));
            read(segment, fragments.get(0));
            read(segment, fragments.get(2));
            read(segment, fragments.get(3));
            FragmentEntry bad = found.get(1);
            assertThat(bad.offset()).as(where).isEqualTo(fragments.get(1).offset());
            assertThatThrownBy(() -> read(segment, bad)).as(where).isInstanceOf(FootageDamagedException.class);
            assertThat(Arrays.copyOf(Files.readAllBytes(file), open.length))
                    .as(where)
                    .isEqualTo(damaged);
        }
    }

    @Test
    void withoutOneRightTagItIsLeftAsItIs() throws Exception {
        for (int size : new int[] {open.length, (int) end(fragments.get(0))}) {
            byte[] damaged = Arrays.copyOf(open, size);
            for (FragmentEntry one : fragments.subList(0, size == open.length ? FRAGMENTS : 1)) {
                damaged[(int) end(one) - 1] ^= 1;
            }
            Files.write(file, damaged);
            assertThatThrownBy(() -> ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {}))
                    .isInstanceOf(ChunkReader.DamagedException.class)
                    .hasMessageContaining(path);
            assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
        }
    }

    @Test
    void cutBeforeItsFirstFragmentIsWholeItHoldsNothing() throws Exception {
        int firstEnd = (int) end(fragments.get(0));
        for (int size = 0; size < firstEnd; size++) {
            Files.write(file, Arrays.copyOf(open, size));
            assertThat(ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {}))
                    .as("cut at " + size)
                    .isEmpty();
        }
    }

    @Test
    void itIsCutBehindTheLastWhoseTagIsRight() throws Exception {
        byte[] damaged = open.clone();
        damaged[(int) end(fragments.get(1)) - 1] ^= 1;
        damaged[(int) end(fragments.get(3)) - 1] ^= 1;
        Files.write(file, damaged);
        repairAndSeal();
        assertThat(ChunkReader.read(disk.volume, path).orElseThrow().fragments())
                .containsExactly(fragments.get(0), damage(fragments.get(1)), fragments.get(2));
    }

    /** {@return the same bytes, which hold nothing and take no time} */
    private static FragmentEntry damage(FragmentEntry bad) {
        return new FragmentEntry(bad.offset(), bad.length(), bad.startUs(), 0, false, 0);
    }

    private Segment repairAndSeal() throws Exception {
        OpenChunk repaired =
                ChunkRepair.open(disk.volume, path, disk.ciphers, () -> {}).orElseThrow();
        repaired.rehash(() -> {});
        return repaired.seal(disk.keys).segment();
    }

    private void read(Segment segment, FragmentEntry fragment) throws Exception {
        try (VolumeReadable clear = new ClearFootage(disk.ciphers).sealed(segment, disk.volume.read(path))) {
            ByteBuffer bytes = ByteBuffer.allocate(fragment.length());
            while (bytes.hasRemaining()) {
                assertThat(clear.read(bytes, fragment.offset() + bytes.position()))
                        .isPositive();
            }
        }
    }
}
