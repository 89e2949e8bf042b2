// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.FootageDamagedException;

/** Whatever is encrypted comes back as it was, at its own place, with its own key, unaltered; and in no other case. */
class FragmentCipherProperties {
    private static final ChunkKey KEY = ChunkKey.derive(new byte[32], new byte[32], "a/chunk.mp4");

    /** A header of one box and an mdat, the payload in parts of any length. */
    private static ByteBuffer[] parts(Random random, int payloadBytes) {
        int headerBytes = 8 + random.nextInt(200);
        ByteBuffer header = ByteBuffer.allocateDirect(headerBytes + 8);
        header.putInt(headerBytes).putInt('m' << 24 | 'o' << 16 | 'o' << 8 | 'f');
        while (header.position() < headerBytes) {
            header.put((byte) random.nextInt());
        }
        header.putInt(8 + payloadBytes).putInt('m' << 24 | 'd' << 16 | 'a' << 8 | 't');
        ByteBuffer[] parts = new ByteBuffer[2 + random.nextInt(20)];
        parts[0] = header.flip();
        int left = payloadBytes;
        for (int i = 1; i < parts.length; i++) {
            byte[] part = new byte[i == parts.length - 1 ? left : random.nextInt(left + 1)];
            random.nextBytes(part);
            left -= part.length;
            parts[i] = random.nextBoolean()
                    ? ByteBuffer.wrap(part)
                    : ByteBuffer.allocateDirect(part.length).put(part).flip();
        }
        return parts;
    }

    private static byte[] plain(ByteBuffer[] parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(ByteBuffer::remaining).sum());
        for (ByteBuffer part : parts) {
            all.put(part.duplicate());
        }
        return all.array();
    }

    private static byte[] encrypt(long number, long offset, ByteBuffer[] parts) {
        // Another each time: the JCE itself refuses to encrypt twice with one key and nonce.
        ByteBuffer stored = new FragmentCipher().encrypt(KEY, number, offset, parts, parts.length);
        byte[] bytes = new byte[stored.remaining()];
        stored.get(bytes);
        return bytes;
    }

    private static byte[] decrypt(ChunkKey key, long offset, byte[] stored) throws FootageDamagedException {
        byte[] room = Arrays.copyOf(stored, stored.length + CipherBox.TAG_BYTES);
        new FragmentCipher().decrypt(key, room, stored.length, offset);
        return Arrays.copyOfRange(room, CipherBox.BYTES, stored.length);
    }

    @Property(tries = 200)
    void comesBackAsItWas(@ForAll long seed, @ForAll @IntRange(max = 70_000) int payloadBytes) throws Exception {
        Random random = new Random(seed);
        ByteBuffer[] parts = parts(random, payloadBytes);
        byte[] plain = plain(parts);
        long offset = random.nextLong() >>> 20;
        byte[] stored = encrypt(random.nextLong(), offset, parts);
        assertThat(stored).hasSize(plain.length + CipherBox.BYTES);
        assertThat(Arrays.stream(parts).noneMatch(ByteBuffer::hasRemaining)).isTrue();
        int header = plain.length - payloadBytes;
        assertThat(Arrays.copyOfRange(stored, CipherBox.BYTES, CipherBox.BYTES + header))
                .as("the header stays in the clear")
                .isEqualTo(Arrays.copyOf(plain, header));
        if (payloadBytes >= 16) {
            assertThat(Arrays.copyOfRange(stored, CipherBox.BYTES + header, stored.length))
                    .isNotEqualTo(Arrays.copyOfRange(plain, header, plain.length));
        }
        assertThat(decrypt(KEY, offset, stored)).isEqualTo(plain);
    }

    @Property(tries = 50)
    void anyBitThatIsAlteredIsFoundOut(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int payloadBytes) {
        Random random = new Random(seed);
        byte[] stored = encrypt(7, 4711, parts(random, payloadBytes));
        for (int at = 0; at < stored.length; at++) {
            byte[] altered = stored.clone();
            altered[at] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> decrypt(KEY, 4711, altered))
                    .as("byte " + at)
                    .isInstanceOf(FootageDamagedException.class)
                    .hasMessageContaining("a/chunk.mp4: bytes 4711..");
        }
    }

    @Property(tries = 50)
    void opensAtItsOwnPlaceInItsOwnChunkOnly(@ForAll long seed) throws Exception {
        byte[] stored = encrypt(1, 1000, parts(new Random(seed), 100));
        ChunkKey other = ChunkKey.derive(new byte[32], new byte[32], "another/chunk.mp4");
        assertThatThrownBy(() -> decrypt(KEY, 1001, stored)).isInstanceOf(FootageDamagedException.class);
        assertThatThrownBy(() -> decrypt(other, 1000, stored)).isInstanceOf(FootageDamagedException.class);
        assertThatThrownBy(() -> decrypt(KEY, 1000, Arrays.copyOf(stored, stored.length - 1)))
                .isInstanceOf(FootageDamagedException.class);
        decrypt(KEY, 1000, stored);
    }

    @Property(tries = 500)
    void anyOtherBytesAreRefused(@ForAll byte[] bytes, @ForAll boolean box) {
        ByteBuffer all = ByteBuffer.allocate(CipherBox.BYTES + bytes.length);
        if (box) {
            CipherBox.write(all, new byte[CipherBox.NONCE_BYTES]);
        }
        byte[] fragment = Arrays.copyOf(all.put(bytes).array(), all.position());
        assertThatThrownBy(() -> decrypt(KEY, 0, fragment)).isInstanceOf(FootageDamagedException.class);
    }

    @Property(tries = 20)
    void theSameFootageIsAnotherCiphertextEachTime(@ForAll long seed) {
        ByteBuffer[] parts = parts(new Random(seed), 64);
        byte[] plain = plain(parts);
        byte[] first = encrypt(1, 0, parts);
        for (ByteBuffer part : parts) {
            part.rewind();
        }
        byte[] second = encrypt(2, 0, parts);
        int payload = CipherBox.BYTES + plain.length - 64;
        assertThat(Arrays.copyOfRange(second, payload, second.length))
                .isNotEqualTo(Arrays.copyOfRange(first, payload, first.length));
    }
}
