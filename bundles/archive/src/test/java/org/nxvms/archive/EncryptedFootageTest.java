// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ArchiveMaintenance.Report;
import org.nxvms.platform.api.archive.ArchiveMaintenance.VolumeChunks;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FootageKeys;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/** What an encrypted volume shows to a thief is not what it shows to a viewer; all else is as on any volume. */
class EncryptedFootageTest extends EncryptedHouse {
    @Test
    void onTheDiskThereIsNoPictureAndServedIsWhatWasRecorded() throws Exception {
        for (Segment segment : run) {
            byte[] stored = Files.readAllBytes(file(segment));
            for (int second = 0; second < SECONDS; second++) {
                ByteBuffer payload = Footage.fragment(T0, second, second % 2 == 0, 40)[1];
                for (int at = 0; at + 44 <= payload.limit(); at += 44) {
                    byte[] unit = new byte[16];
                    payload.get(at + 4, unit);
                    assertThat(contains(stored, unit)).as("second " + second).isFalse();
                }
            }
            assertThat(served(segment.id())).hasSize(stored.length);
        }
        assertThat(allServedAsSent()).isTrue();
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void anyByteRangeIsThatOfTheWhole() throws Exception {
        byte[] whole = served(run.get(1).id());
        Random random = new Random(20261126);
        try (Archive.SegmentBytes bytes = house.footage.open(run.get(1).id())) {
            for (int i = 0; i < 300; i++) {
                int from = random.nextInt(whole.length);
                int length = 1 + random.nextInt(whole.length - from);
                byte[] expected = Arrays.copyOfRange(whole, from, from + length);
                assertThat(read(bytes, from, length))
                        .as("seed 20261126, round " + i)
                        .isEqualTo(expected);
                ByteBuffer outside = ByteBuffer.allocateDirect(length);
                while (outside.hasRemaining()) {
                    assertThat(bytes.read(outside, (long) from + outside.position()))
                            .isPositive();
                }
                byte[] sent = new byte[length];
                outside.flip().get(sent);
                assertThat(sent).isEqualTo(expected);
            }
            assertThat(bytes.read(ByteBuffer.allocate(1), whole.length)).isEqualTo(-1);
        }
    }

    @Test
    void aChunkThatStillGrowsIsSeenWhileItGrows() throws Exception {
        long start = T0 + 100 * SECOND_US;
        try (var open = house.open(CAMERA, start)) {
            ArchiveHouse.append(open, start, 0);
            Segment growing = house.segments(CAMERA, start, start + SECOND_US).get(0);
            assertThat(growing.open()).isTrue();
            try (Archive.SegmentBytes bytes = house.footage.open(growing.id())) {
                long one = bytes.size();
                ArchiveHouse.append(open, start, 1);
                FragmentEntry second = house.footage.index(growing.id()).get(1);
                assertThat(second.offset()).isEqualTo(one);
                ByteBuffer[] expected = Footage.fragment(start, 1, false, 40);
                byte[] payload = new byte[expected[1].remaining()];
                expected[1].get(payload);
                long from = second.offset() + second.length() - payload.length;
                assertThat(read(bytes, from, payload.length)).isEqualTo(payload);
            }
        }
    }

    @Test
    void aKilledServersFootageIsRepairedAndWhatFollowsHasKeysOfItsOwn() throws Exception {
        long start = T0 + 100 * SECOND_US;
        var open = house.open(CAMERA, start);
        for (int i = 0; i < 3; i++) {
            ArchiveHouse.append(open, start, i);
        }
        house.volume.tornBytes = 700;
        house.volume.gate = (operation, path) -> {
            throw new java.io.IOException("died");
        };
        try {
            ArchiveHouse.append(open, start, 3);
        } catch (java.io.IOException died) {
            // in the middle of a fragment
        }
        house.kill();
        house.start();
        house.settled();
        Segment repaired = house.segments(CAMERA, start, start + SECOND_US).get(0);
        assertThat(repaired.endUs()).isEqualTo(start + 3 * SECOND_US);
        assertThat(house.footage.index(repaired.id())).hasSize(3);
        assertThat(served(repaired.id())).hasSize((int) repaired.sizeBytes());
        Segment next = house.record(CAMERA, start + 50 * SECOND_US, 2).get(0);
        assertThat(head(next).salt()).isNotEqualTo(head(repaired).salt());
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    private ChunkBoxes.Encrypted head(Segment segment) throws Exception {
        return ChunkReader.read(house.disk, segment.path())
                .orElseThrow()
                .encrypted()
                .orElseThrow();
    }

    @Test
    void theIndexIsRebuiltFromTheVolumeAlone() throws Exception {
        var before = new TreeMap<>(house.index.rows);
        house.index.rows.clear();
        assertThat(house.archive.rebuild(progress -> {}).repaired()).isEqualTo(4);
        assertThat(new TreeMap<>(house.index.rows)).isEqualTo(before);
        assertThat(allServedAsSent()).isTrue();
    }

    @Test
    void rotationCountsFromTheNextChunkOnAndOldFootageKeepsItsKey() throws Exception {
        FootageKeys keys = new ArchiveFootageKeys(house.archive);
        String old = keys.keys().get(0).id();
        long start = T0 + 100 * SECOND_US;
        List<Segment> later;
        try (var open = house.open(CAMERA, start)) {
            ArchiveHouse.append(open, start, 0);
            assertThat(keys.rotate().current()).isTrue();
            for (int i = 1; i < 6; i++) {
                ArchiveHouse.append(open, start, i);
            }
        }
        house.settled();
        later = house.segments(CAMERA, start, start + 10 * SECOND_US);
        assertThat(later).hasSize(2);
        assertThat(FootageCiphers.keyId(head(later.get(0)))).as("began before").isEqualTo(old);
        assertThat(FootageCiphers.keyId(head(later.get(1))))
                .isNotEqualTo(old)
                .isEqualTo(keyring().current().name());
        assertThat(keys.keys()).hasSize(2).filteredOn(FootageKeys.Key::current).hasSize(1);
        assertThat(allServedAsSent()).isTrue();
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void switchedOffAndOnAgainTheVolumeHoldsBoth() throws Exception {
        house.stop();
        house.encryption = FootageEncryption.NONE;
        house.start();
        long start = T0 + 100 * SECOND_US;
        Segment plain = house.record(CAMERA, start, 2).get(0);
        assertThat(contains(Files.readAllBytes(file(plain)), Footage.fragment(start, 0, true, 40)[1].array()))
                .isTrue();
        assertThat(house.footage.volumes().get(0).encryption()).isEqualTo(FootageEncryption.NONE);
        assertThat(allServedAsSent()).as("needs no setting").isTrue();

        house.stop();
        house.encryption = FootageEncryption.AES_256_GCM;
        house.start();
        Segment again = house.record(CAMERA, start + 50 * SECOND_US, 2).get(0);
        assertThat(head(again)).isNotNull();
        assertThat(served(plain.id())).isEqualTo(Files.readAllBytes(file(plain)));
        assertThat(house.footage.volumes().get(0).encryption()).isEqualTo(FootageEncryption.AES_256_GCM);
        Report report = house.archive.check(true, progress -> {});
        assertThat(report.problems()).isEmpty();
        assertThat(report.volumes()).as("four, one between, one").containsExactly(new VolumeChunks("main", 5, 1));
    }

    @Test
    void whoHasAServedCopyAndTheSegmentsOwnKeyGetsTheBytesThatWereSigned() throws Exception {
        Segment segment = run.get(2);
        byte[] key = new ArchiveFootageKeys(house.archive).segmentKey(segment.id());
        byte[] copy = served(segment.id());
        for (FragmentEntry one : house.footage.index(segment.id())) {
            encryptAgain(key, copy, (int) one.offset(), one.length());
        }
        assertThat(copy).isEqualTo(Files.readAllBytes(file(segment)));
    }

    /** As anybody could do it with the document and any AES library. */
    private static void encryptAgain(byte[] key, byte[] copy, int offset, int length) throws Exception {
        int payload = offset
                + FragmentCipher.payloadAt(ByteBuffer.wrap(copy, offset, length).slice(), CipherBox.BYTES, length);
        var cipher = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                javax.crypto.Cipher.ENCRYPT_MODE,
                new javax.crypto.spec.SecretKeySpec(key, "AES"),
                new javax.crypto.spec.GCMParameterSpec(128, copy, offset + CipherBox.NONCE_AT, 12));
        cipher.updateAAD(ByteBuffer.allocate(8).putLong(0, offset));
        cipher.updateAAD(copy, offset + CipherBox.BYTES, payload - offset - CipherBox.BYTES);
        byte[] sealed = cipher.doFinal(copy, payload, offset + length - payload);
        System.arraycopy(sealed, 0, copy, payload, offset + length - payload);
        assertThat(Arrays.copyOfRange(sealed, sealed.length - 16, sealed.length))
                .isEqualTo(Arrays.copyOfRange(copy, offset + CipherBox.TAG_AT, offset + CipherBox.BYTES));
    }
}
