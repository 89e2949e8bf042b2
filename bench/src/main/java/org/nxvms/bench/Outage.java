// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.nxvms.itests.harness.Api;

/** How long the part that is exchanged did not answer, asked all the time from outside. */
final class Outage implements AutoCloseable {
    private static final long PAUSE_NANOS = 20_000_000;

    private final Api api;
    private final Part part;
    private final Thread thread = new Thread(this::run, "outage");
    private volatile long longestNanos;
    private volatile boolean closed;

    /** Watches nothing where nothing answers for the part, or where there are several. */
    Outage(Api api, List<Part> parts) {
        this.api = api;
        this.part = parts.get(0);
        thread.setDaemon(true);
        if (parts.size() == 1 && !part.path.isEmpty()) {
            thread.start();
        }
    }

    private void run() {
        long answered = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(PAUSE_NANOS);
            boolean there = answers(api, part);
            long now = System.nanoTime();
            longestNanos = Math.max(longestNanos, there ? now - answered : 0);
            answered = there ? now : answered;
        }
    }

    static boolean answers(Api api, Part part) {
        try {
            return api.get(part.path).status() == part.status;
        } catch (RuntimeException noAnswer) {
            return false;
        }
    }

    long longestMs() {
        return longestNanos / 1_000_000;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
