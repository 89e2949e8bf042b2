// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One volume's thread for work that may wait: retention, or moving footage away. A database that hangs, or a thousand
 * removals, hold up neither the volume's keeper, which seals and flushes, nor other volumes.
 */
final class VolumeTask implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeTask.class);
    private static final long TURN_MS = 200;
    private static final long RETRY_MS = 2_000;
    /** What is under way ends at its next step; what hangs is finished by its marker at the next start. */
    private static final long CLOSE_MS_MAX = 3_000;

    /** A small part of the work. */
    @FunctionalInterface
    interface Turn {
        /** {@return nanoseconds until it is worth another turn; seconds at most, for what may change meanwhile} */
        long run(FootageVolume volume) throws IOException;
    }

    private final FootageVolume volume;
    private final String what;
    private final Turn turn;
    private final Thread thread;
    private volatile boolean closing;

    /** @param what the work, one word for the thread's name */
    VolumeTask(FootageVolume volume, String what, int priority, Turn turn) {
        this.volume = volume;
        this.what = what;
        this.turn = turn;
        this.thread = new Thread(this::run, "nxvms-vol-" + volume.name() + "-" + what);
        thread.setDaemon(true);
        thread.setPriority(priority);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closing) {
            long pauseMs;
            try {
                // Up to the next millisecond: who wakes up too early does so twice.
                pauseMs = Math.max(TURN_MS, TimeUnit.NANOSECONDS.toMillis(turn()) + 1);
            } catch (IOException | RuntimeException | LinkageError failed) {
                // The last when a bundle is exchanged amid a call: classes of it are not to be had any more.
                if (!closing) {
                    LOG.warn("Volume {}, {}: {}", volume.name(), what, failed.getMessage(), failed);
                }
                pauseMs = RETRY_MS;
            }
            if (!closing) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMs));
            }
        }
    }

    private long turn() throws IOException {
        Volume.Status status = volume.volume().status();
        // A full disk is read-only to recorders, but room can be made on it.
        boolean usable = status == Volume.Status.READY || status == Volume.Status.READ_ONLY;
        return volume.isStarted() && usable ? turn.run(volume) : 0;
    }

    /** Returns at once; {@link #close} waits. */
    void stop() {
        closing = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        stop();
        try {
            thread.join(CLOSE_MS_MAX);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
