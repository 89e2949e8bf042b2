// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What SHA-256 costs on this machine, the way the archive uses it: off-heap access units that lie in no cache. Our server
 * hashes all footage, those it is compared with hash nothing; the benchmark says how much of the difference that is.
 */
final class HashCost {
    private static final int UNIT_BYTES = 20_000;
    /** More than caches hold. */
    private static final int MEMORY_BYTES = 128 << 20;

    private static final int PASSES = 4;

    private HashCost() {}

    /** {@return CPU seconds for each byte; measured now, in about half a second} */
    static double secondsPerByte() {
        ByteBuffer memory = ByteBuffer.allocateDirect(MEMORY_BYTES);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        // The first pass lets the just-in-time compiler in and the kernel make the pages.
        hash(memory);
        long begin = threads.getCurrentThreadCpuTime();
        long bytes = 0;
        for (int pass = 1; pass < PASSES; pass++) {
            bytes += hash(memory);
        }
        return (threads.getCurrentThreadCpuTime() - begin) / 1e9 / bytes;
    }

    private static long hash(ByteBuffer memory) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long bytes = 0;
            for (int at = 0; at + UNIT_BYTES <= memory.capacity(); at += UNIT_BYTES) {
                memory.limit(at + UNIT_BYTES).position(at);
                digest.update(memory);
                bytes += UNIT_BYTES;
            }
            // Used, so that nobody optimises the work away.
            memory.limit(memory.capacity()).put(0, digest.digest()[0]);
            return bytes;
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
