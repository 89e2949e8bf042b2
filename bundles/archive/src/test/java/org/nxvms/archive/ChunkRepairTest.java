// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FragmentEntry;

/** A chunk cut off, zeroed or garbled at any place is repaired to exactly its last whole fragment. */
class ChunkRepairTest {
    private static final int FRAGMENTS = 4;

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
            assertThat(ChunkReader.read(disk.volume, path)).as("sealed at " + size).isEmpty();
            Optional<OpenChunk> repaired = ChunkRepair.open(disk.volume, path, disk.ciphers);
            assertThat(repaired.isPresent()).as("cut at " + size).isEqualTo(expected > 0);
            if (repaired.isPresent()) {
                assertThat(repaired.get().wholeBytes()).as("cut at " + size).isEqualTo(expected);
                assertThat(Files.size(file)).isEqualTo(expected);
                repaired.get().abandon();
            } else {
                assertThat(ChunkRepair.isHeadOnly(disk.volume, path)).isTrue();
            }
        }
    }

    @Test
    void cutWithinItsHeadItHoldsNothing() throws Exception {
        for (int size = 0; size < headBytes; size++) {
            Files.write(file, Arrays.copyOf(sealed, size));
            assertThat(ChunkRepair.isHeadOnly(disk.volume, path))
                    .as("cut at " + size)
                    .isTrue();
        }
    }

    @Test
    void whatIsRepairedAndSealedIsWhatWouldHaveBeenSealedThere() throws Exception {
        Files.write(file, Arrays.copyOf(sealed, (int) (fragments.get(3).offset() + 100)));
        OpenChunk repaired = ChunkRepair.open(disk.volume, path, disk.ciphers).orElseThrow();
        repaired.rehash(() -> {});
        var row = repaired.seal(disk.keys);

        ChunkReader.Sealed read = ChunkReader.read(disk.volume, path).orElseThrow();
        assertThat(read.fragments()).isEqualTo(fragments.subList(0, 3));
        assertThat(read.row()).isEqualTo(row);
        assertThat(row.retentionDaysMax()).isEqualTo(30);

        Files.write(file, Arrays.copyOf(sealed, (int)
                (fragments.get(3).offset() + fragments.get(3).length())));
        OpenChunk whole = ChunkRepair.open(disk.volume, path, disk.ciphers).orElseThrow();
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
            OpenChunk repaired = ChunkRepair.open(disk.volume, path, disk.ciphers).orElseThrow();
            repaired.abandon();
            assertThat(Files.size(file)).as("zeros from " + from).isEqualTo(third.offset());
        }
    }

    @Test
    void aHoleThatAPowerCutLeftIsFoundHoweverManyFragmentsFollowIt() throws Exception {
        OpenChunk chunk = disk.write(1, 60);
        List<FragmentEntry> written = chunk.index();
        chunk.abandon();
        Path torn = disk.file(1);
        byte[] bytes = Files.readAllBytes(torn);
        FragmentEntry hole = written.get(10);
        int payload = (int) (hole.offset() + hole.length()) - 100;
        Arrays.fill(bytes, payload, payload + 100, (byte) 0);
        Files.write(torn, bytes);

        OpenChunk repaired = ChunkRepair.open(disk.volume, chunk.path(), disk.ciphers).orElseThrow();
        repaired.abandon();
        assertThat(repaired.wholeBytes()).isEqualTo(hole.offset());
    }

    @Test
    void garbleAnyBytesAndTheRepairEitherRefusesOrKeepsAWholeBeginning() throws Exception {
        Random random = new Random(20261122);
        for (int round = 0; round < 500; round++) {
            byte[] garbled = Arrays.copyOf(sealed, sealed.length - random.nextInt(200));
            for (int i = random.nextInt(8); i >= 0; i--) {
                garbled[random.nextInt(garbled.length)] = (byte) random.nextInt();
            }
            Files.write(file, garbled);
            try {
                Optional<OpenChunk> repaired = ChunkRepair.open(disk.volume, path, disk.ciphers);
                if (repaired.isPresent()) {
                    assertThat(repaired.get().wholeBytes()).isLessThanOrEqualTo(garbled.length);
                    assertThat(repaired.get().index()).isNotEmpty();
                    repaired.get().abandon();
                }
                ChunkReader.read(disk.volume, path);
            } catch (IOException refused) {
                assertThat(refused).as("seed 20261122, round " + round).hasMessageContaining(path);
            }
        }
    }
}
