// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.harness;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The time something took, for what is promised within a time: without that in which the machine stood still, as a virtual
 * one does for seconds, which nobody keeps a promise in. That a machine is slow or busy counts. Any thread.
 */
public final class Stopwatch {
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    /** Later than that is a thread that does nothing but wait where nothing runs. */
    private static final long STANDSTILL_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Ticks TICKS = new Ticks();

    private final long startedNs = TICKS.ranNs();

    private Stopwatch() {}

    public static Stopwatch started() {
        return new Stopwatch();
    }

    public Duration elapsed() {
        return Duration.ofNanos(TICKS.ranNs() - startedNs);
    }

    private static final class Ticks {
        private long tickedNs = System.nanoTime();
        private long ranNs;

        private Ticks() {
            Thread thread = new Thread(this::tick, "stopwatch");
            thread.setDaemon(true);
            thread.start();
        }

        private void tick() {
            try {
                while (true) {
                    new CountDownLatch(1).await(TICK_NS, TimeUnit.NANOSECONDS);
                    ranNs();
                }
            } catch (InterruptedException nobodyDoes) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized long ranNs() {
            long now = System.nanoTime();
            long ns = now - tickedNs;
            tickedNs = now;
            ranNs += ns > STANDSTILL_NS ? TICK_NS : ns;
            return ranNs;
        }
    }
}
