// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Waits until a server's just-in-time compilers are done with the code it runs: what they use in the first minutes is paid
 * once in a server's life, and would be counted for every minute of every camera. Code that has not run yet is not compiled
 * yet, so each stream has ended its first chunk before that.
 */
final class Settling {
    /** Of the server's CPU. */
    private static final double COMPILERS_MAX = 0.02;

    /** How long a chunk is, and some for those who come late. */
    private static final int FIRST_CHUNKS_SECONDS = 310;

    private static final int LOOK_SECONDS = 10;
    /** They work by fits and starts. */
    private static final int QUIET_LOOKS = 6;

    private final JvmProbe jvm;
    private final int secondsMax;

    Settling(long pid, int secondsMax) {
        this.jvm = new JvmProbe(pid);
        this.secondsMax = secondsMax;
    }

    /** {@return seconds it took; the most allowed when the compilers do not come to rest} */
    int await() throws IOException, InterruptedException {
        Map<String, Double> before = jvm.cpuSeconds();
        int quiet = 0;
        for (int waited = LOOK_SECONDS; waited <= secondsMax; waited += LOOK_SECONDS) {
            TimeUnit.SECONDS.sleep(LOOK_SECONDS);
            Map<String, Double> now = jvm.cpuSeconds();
            double share = (now.getOrDefault("jit", 0.0) - before.getOrDefault("jit", 0.0)) / (sum(now) - sum(before));
            Bench.say("after %d s more: compilers %.0f %% of the server's CPU".formatted(waited, share * 100));
            // Below 0 when a compiler thread has ended, whose time is then not known.
            quiet = share >= 0 && share < COMPILERS_MAX ? quiet + 1 : 0;
            if (quiet >= QUIET_LOOKS && waited >= FIRST_CHUNKS_SECONDS) {
                return waited;
            }
            before = now;
        }
        return secondsMax;
    }

    private static double sum(Map<String, Double> cpu) {
        return cpu.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
