// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * What hashing and writing cost a camera-minute (30 MB in fragments of 350 kB), by how many fragments are hashed together:
 * CPU seconds of one thread, of 64 cameras in turn. A program, not a test; its argument is a folder on the disk to be
 * written to. docs/design/performance.md has its figures.
 */
final class HashCost {
    private static final int UNITS = 17;
    private static final int UNIT_BYTES = 20_480;
    private static final int CAMERAS = 64;
    private static final int FRAGMENTS = 168;
    private static final int ROUNDS = 15;
    private static final int[] TOGETHER = {0, 1, 2, 3, 4, 5, 6, 8};

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final FragmentHashing hashing = new FragmentHashing();
    private final HashChain chain = new HashChain(new byte[HashChain.HASH_BYTES]);
    private final byte[] hash = new byte[HashChain.HASH_BYTES];
    private final ByteBuffer[][] cameras = new ByteBuffer[CAMERAS][];
    private final FragmentHashing.Announced[] announced = new FragmentHashing.Announced[CAMERAS];
    private final FileChannel[] files = new FileChannel[CAMERAS];

    private HashCost(Path folder) throws IOException {
        hashing.by(NativeSha256.compression().orElseThrow(() -> new IllegalStateException("not on this machine")));
        byte[] unit = new byte[UNIT_BYTES];
        for (int camera = 0; camera < CAMERAS; camera++) {
            cameras[camera] = new ByteBuffer[UNITS];
            announced[camera] = new FragmentHashing.Announced();
            for (int i = 0; i < UNITS; i++) {
                new Random(camera * UNITS + i).nextBytes(unit);
                // Units of different lengths, as cameras send them.
                cameras[camera][i] =
                        ByteBuffer.allocateDirect(UNIT_BYTES).put(unit).flip().limit(UNIT_BYTES - 97 * i);
            }
            files[camera] = FileChannel.open(
                    Files.createTempFile(folder, "nxvms-hash-cost-", ".tmp"),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
        }
    }

    /** {@return bytes hashed} {@code together} = 0: one after the other by the JDK. */
    private long turn(int first, int together, boolean write) throws IOException {
        int count = Math.max(1, together);
        long bytes = 0;
        for (int i = first; together > 0 && i < first + count; i++) {
            hashing.announce(announced[i % CAMERAS], cameras[i % CAMERAS], UNITS);
        }
        for (int i = first; i < first + count; i++) {
            ByteBuffer[] parts = cameras[i % CAMERAS];
            byte[] known = together > 0 ? hashing.take(announced[i % CAMERAS]) : HashChain.UNKNOWN;
            long left = chain.begin(parts, UNITS, known);
            bytes += left;
            chain.add(hash, 0);
            while (write && left > 0) {
                left -= files[i % CAMERAS].write(parts, 0, UNITS);
            }
            for (ByteBuffer part : parts) {
                part.position(0);
            }
        }
        return bytes;
    }

    private void measure(int together, boolean write) throws IOException {
        double[] seconds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long bytes = 0;
            long from = thread.getCurrentThreadCpuTime();
            for (int i = 0; i < FRAGMENTS; i += Math.max(1, together)) {
                bytes += turn(i + 7 * round, together, write);
            }
            seconds[round] = (thread.getCurrentThreadCpuTime() - from) / 1e9 / bytes * 30e6;
            for (FileChannel file : files) {
                file.truncate(0).position(0);
            }
        }
        Arrays.sort(seconds);
        System.out.printf(
                Locale.ROOT,
                "%-14s %-12s %.4f s per camera-minute (least %.4f)%n",
                write ? "hash and write" : "hash",
                together == 0 ? "JDK" : together + " together",
                seconds[ROUNDS / 2],
                seconds[0]);
    }

    public static void main(String[] arguments) throws IOException {
        HashCost cost = new HashCost(Path.of(arguments[0]));
        for (boolean write : new boolean[] {false, true}) {
            for (int together : TOGETHER) {
                cost.measure(together, write);
            }
        }
        for (FileChannel file : cost.files) {
            file.close();
        }
    }
}
