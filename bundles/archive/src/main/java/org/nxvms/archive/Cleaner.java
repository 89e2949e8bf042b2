// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One volume's thread for retention: a database that hangs, or a thousand removals, hold up neither the volume's keeper,
 * which seals and flushes, nor other volumes.
 */
final class Cleaner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaner.class);
    private static final long TURN_MS = 200;
    private static final long RETRY_MS = 2_000;
    /** A removal under way ends at its next step; one that hangs is finished by its marker at the next start. */
    private static final long CLOSE_MS_MAX = 3_000;

    private final FootageVolume volume;
    private final Retention retention;
    private final Supplier<Optional<ChunkIndex>> index;
    private final Thread thread;
    private volatile boolean closing;

    Cleaner(FootageVolume volume, Retention retention, Supplier<Optional<ChunkIndex>> index) {
        this.volume = volume;
        this.retention = retention;
        this.index = index;
        this.thread = new Thread(this::run, "nxvms-vol-" + volume.volume().name() + "-clean");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closing) {
            long pauseMs = TURN_MS;
            try {
                turn();
            } catch (IOException | RuntimeException failed) {
                if (!closing) {
                    LOG.warn("Retention on volume {}: {}", volume.volume().name(), failed.getMessage(), failed);
                }
                pauseMs = RETRY_MS;
            }
            if (!closing) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMs));
            }
        }
    }

    private void turn() throws IOException {
        Volume.Status status = volume.volume().status();
        // A full disk is read-only to recorders, but room can be made on it.
        if (volume.isStarted() && (status == Volume.Status.READY || status == Volume.Status.READ_ONLY)) {
            retention.turn(volume, index.get());
        }
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
