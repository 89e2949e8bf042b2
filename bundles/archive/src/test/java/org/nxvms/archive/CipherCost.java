// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.media.kit.fmp4.FragmentBuilder;

/**
 * What encryption costs a camera-minute (30 MB in fragments of 350 kB): CPU seconds of one thread beside those of SHA-256,
 * and bytes allocated per fragment. A program, not a test; docs/design/performance.md has its figures.
 */
final class CipherCost {
    private static final int UNITS = 17;
    private static final int UNIT_BYTES = 20_480;
    private static final int FRAGMENTS = 30_000_000 / (UNITS * UNIT_BYTES);
    private static final int ROUNDS = 25;

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ChunkKey key = ChunkKey.derive(new byte[32], new byte[32], "chunk");
    private final FragmentCipher cipher = new FragmentCipher();
    private final HashChain chain = new HashChain(new byte[HashChain.HASH_BYTES]);
    private final byte[] hash = new byte[HashChain.HASH_BYTES];
    private final ByteBuffer[] parts = parts();
    private final ByteBuffer[] views = new ByteBuffer[parts.length];
    private long number;

    private static ByteBuffer[] parts() {
        FragmentBuilder builder = new FragmentBuilder(1, UNITS);
        builder.begin(1);
        ByteBuffer[] parts = new ByteBuffer[UNITS + 1];
        byte[] unit = new byte[UNIT_BYTES];
        for (int i = 0; i < UNITS; i++) {
            new Random(i).nextBytes(unit);
            builder.add(0, i * 3600L, i * 3600L, UNIT_BYTES, i == 0);
            parts[i + 1] = ByteBuffer.allocateDirect(UNIT_BYTES).put(unit).flip();
        }
        ByteBuffer header = ByteBuffer.allocateDirect(builder.headerBytes());
        builder.writeHeader(header);
        parts[0] = header.flip();
        return parts;
    }

    private void rewind() {
        for (int i = 0; i < parts.length; i++) {
            parts[i].rewind();
        }
    }

    private void hash() {
        rewind();
        for (ByteBuffer part : parts) {
            chain.update(part);
        }
        chain.add(hash, 0);
    }

    private ByteBuffer encrypt() {
        rewind();
        return cipher.encrypt(key, ++number, 0, parts, parts.length);
    }

    private interface Step {
        void run() throws Exception;
    }

    private void measure(String what, Step step) throws Exception {
        double[] seconds = new double[ROUNDS];
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = thread.getCurrentThreadAllocatedBytes();
            long from = thread.getCurrentThreadCpuTime();
            for (int i = 0; i < FRAGMENTS; i++) {
                step.run();
            }
            seconds[round] = (thread.getCurrentThreadCpuTime() - from) / 1e9;
            least = Math.min(least, thread.getCurrentThreadAllocatedBytes() - before);
        }
        Arrays.sort(seconds);
        System.out.printf(
                Locale.ROOT,
                "%-40s %.4f s per camera-minute (least %.4f), %d bytes allocated per fragment%n",
                what,
                seconds[ROUNDS / 2],
                seconds[0],
                least / FRAGMENTS);
    }

    public static void main(String[] arguments) throws Exception {
        CipherCost cost = new CipherCost();
        cost.measure("SHA-256", cost::hash);
        cost.measure("gather and encrypt", cost::encrypt);
        ByteBuffer stored = cost.encrypt();
        byte[] original = new byte[stored.remaining()];
        stored.get(original);
        byte[] bytes = new byte[original.length + CipherBox.TAG_BYTES];
        cost.measure("copy and decrypt", () -> {
            System.arraycopy(original, 0, bytes, 0, original.length);
            cost.cipher.decrypt(cost.key, bytes, original.length, 0);
        });
    }
}
