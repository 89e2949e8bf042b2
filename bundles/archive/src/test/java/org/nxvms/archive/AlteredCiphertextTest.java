// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.archive.ArchiveHouse.T0;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/** Who alters encrypted footage makes it unreadable where he did, and nowhere does he make it show something else. */
class AlteredCiphertextTest extends EncryptedHouse {
    private static final int STEP = 11;

    @Test
    void anAlteredFragmentIsAnErrorAndItsNeighboursAreSeen() throws Exception {
        Segment segment = run.get(1);
        Path file = file(segment);
        byte[] stored = Files.readAllBytes(file);
        byte[] clear = served(segment.id());
        List<FragmentEntry> index = house.footage.index(segment.id());
        FragmentEntry hit = index.get(1);
        FragmentEntry before = index.get(0);
        FragmentEntry behind = index.get(2);
        for (int at = (int) hit.offset(); at < hit.offset() + hit.length(); at += STEP) {
            byte[] altered = stored.clone();
            altered[at] ^= 1;
            Files.write(file, altered);
            try (Archive.SegmentBytes bytes = house.footage.open(segment.id())) {
                assertThatThrownBy(() -> bytes.check(hit.offset() + 60)).isInstanceOf(FootageDamagedException.class);
                assertThatThrownBy(() -> read(bytes, hit.offset(), hit.length()))
                        .as("byte " + at)
                        .isInstanceOf(FootageDamagedException.class)
                        .hasMessageContaining(segment.path() + ": bytes " + hit.offset());
                assertThat(read(bytes, 0, (int) hit.offset())).isEqualTo(Arrays.copyOf(clear, (int) hit.offset()));
                assertThat(read(bytes, behind.offset(), behind.length()))
                        .isEqualTo(Arrays.copyOfRange(
                                clear, (int) behind.offset(), (int) behind.offset() + behind.length()));
                bytes.check(before.offset());
            }
        }
    }

    @Test
    void aFragmentInAnothersPlaceDoesNotOpen() throws Exception {
        Segment segment = run.get(0);
        List<FragmentEntry> index = house.footage.index(segment.id());
        FragmentEntry first = index.get(0);
        FragmentEntry third = index.get(2);
        assertThat(first.length()).isEqualTo(third.length());
        byte[] stored = Files.readAllBytes(file(segment));
        System.arraycopy(stored, (int) first.offset(), stored, (int) third.offset(), first.length());
        Files.write(file(segment), stored);
        try (Archive.SegmentBytes bytes = house.footage.open(segment.id())) {
            assertThatThrownBy(() -> bytes.check(third.offset())).isInstanceOf(FootageDamagedException.class);
            bytes.check(first.offset());
        }
    }

    @Test
    void anAlteredHeadNeverLetsCiphertextOutAsFootage() throws Exception {
        Segment segment = run.get(3);
        Path file = file(segment);
        byte[] stored = Files.readAllBytes(file);
        int head = (int) house.footage.index(segment.id()).get(0).offset();
        int refused = 0;
        for (int at = segment.initBytes(); at < head; at++) {
            byte[] altered = stored.clone();
            altered[at] ^= (byte) (1 << at % 8);
            Files.write(file, altered);
            try {
                assertThat(isServedAsSent(segment, 3 * CHUNK_SECONDS))
                        .as("byte " + at)
                        .isTrue();
            } catch (IOException error) {
                refused++;
            }
        }
        assertThat(refused).as("salt, check and key id at least").isGreaterThan(80);
    }

    @Test
    void theChainTellsOfItWithoutTheKeyAndTheTagsTellWhatTheChainCannot() throws Exception {
        Segment segment = run.get(0);
        FragmentEntry one = house.footage.index(segment.id()).get(1);
        alter(file(segment), one.offset() + one.length() - 1);
        assertThat(house.archive.check(true, progress -> {}).problems()).isEqualTo(Map.of("footage altered", 1L));

        // Memory that went bad between cipher and hash: chain and signature are over the bad byte.
        long start = T0 + 100 * Footage.SECOND_US;
        var open = house.open(Footage.CAMERA, start);
        ArchiveHouse.append(open, start, 0);
        ArchiveHouse.append(open, start, 1);
        Segment growing = house.segments(Footage.CAMERA, start, start + 1).get(0);
        FragmentEntry last = house.footage.index(growing.id()).get(1);
        house.kill();
        alter(file(growing), last.offset() + last.length() - 1);
        Path key = keyFile();
        Path away = folder.resolve("away");
        Files.move(key, away);
        house.encryption = FootageEncryption.NONE;
        house.start();
        house.settled();
        Files.move(away, key);
        assertThat(house.archive.check(true, progress -> {}).problems())
                .isEqualTo(Map.of("footage altered", 1L, "footage does not open with its key", 1L));
    }
}
