// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever is hashed side by side, and however it lies in pieces, has the hash that the JDK computes for it alone. */
class Sha256LanesProperties {
    /** The native one where this machine has it, and always the one in Java: cutting into blocks is the same for both. */
    private static final List<Sha256Lanes> ALL = all();

    private static List<Sha256Lanes> all() {
        List<Sha256Lanes> all = new ArrayList<>();
        all.add(new Sha256Lanes(new PlainCompression()));
        NativeSha256.compression().ifPresent(compression -> all.add(new Sha256Lanes(compression)));
        return all;
    }

    private static Sha256Lanes.Message message(Random random, int length) {
        Sha256Lanes.Message message = new Sha256Lanes.Message();
        List<ByteBuffer> parts = new ArrayList<>();
        int left = length;
        while (left > 0 || random.nextInt(8) == 0) {
            int bytes = random.nextInt(4) == 0 ? left : random.nextInt(Math.min(left, 200) + 1);
            byte[] data = new byte[bytes];
            random.nextBytes(data);
            int before = random.nextInt(3);
            ByteBuffer part = ByteBuffer.allocateDirect(before + bytes + random.nextInt(3));
            part.position(before).put(data).flip().position(before);
            parts.add(random.nextBoolean() ? part : part.asReadOnlyBuffer());
            left -= bytes;
        }
        // What stands behind the parts that count is not looked at.
        message.count = parts.size();
        parts.add(ByteBuffer.allocateDirect(9));
        message.parts = parts.toArray(ByteBuffer[]::new);
        return message;
    }

    private static byte[] alone(Sha256Lanes.Message message) {
        MessageDigest jdk = ChunkFile.sha256();
        for (int i = 0; i < message.count; i++) {
            jdk.update(message.parts[i].duplicate());
        }
        return jdk.digest();
    }

    private static void areRight(Sha256Lanes.Message[] messages, int count) {
        for (Sha256Lanes lanes : ALL) {
            for (Sha256Lanes.Message message : messages) {
                java.util.Arrays.fill(message.hash, (byte) 0);
            }
            lanes.hash(messages, count);
            for (int i = 0; i < count; i++) {
                assertThat(messages[i].hash).as("message " + i + " of " + count).isEqualTo(alone(messages[i]));
            }
            for (int i = count; i < messages.length; i++) {
                assertThat(messages[i].hash).as("not asked for").containsOnly(0);
            }
        }
    }

    @Property(tries = 300)
    void anyMessagesInAnyPieces(@ForAll long seed, @ForAll @IntRange(max = 17) int count) {
        Random random = new Random(seed);
        Sha256Lanes.Message[] messages = new Sha256Lanes.Message[count + 1];
        for (int i = 0; i <= count; i++) {
            messages[i] = message(random, random.nextInt(random.nextInt(4) == 0 ? 20_000 : 300));
        }
        areRight(messages, count);
    }

    @Example
    void everyLengthUpToFiveBlocksInEveryNumberOfLanes() {
        Random random = new Random(1);
        for (int length = 0; length <= 320; length++) {
            Sha256Lanes.Message[] messages = new Sha256Lanes.Message[1 + length % 9];
            for (int i = 0; i < messages.length; i++) {
                messages[i] = message(random, (length + 37 * i) % 321);
            }
            areRight(messages, messages.length);
        }
    }

    @Example
    void nothingIsDoneForNoMessages() {
        areRight(new Sha256Lanes.Message[] {message(new Random(2), 100)}, 0);
    }

    @Example
    void aFragmentOfTheLargestSizeBesideASmallOne() {
        Random random = new Random(3);
        areRight(new Sha256Lanes.Message[] {message(random, 200), message(random, 8 << 20), message(random, 0)}, 3);
    }
}
