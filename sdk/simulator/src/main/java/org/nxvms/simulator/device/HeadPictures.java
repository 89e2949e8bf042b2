// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.nxvms.simulator.clip.ClipException;
import org.nxvms.simulator.rtsp.Camera;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes what turned heads see while it is sent: of each camera whose head does not look straight, the streams that somebody
 * receives. One thread for all cameras of a farm, which is there from the first turn on. It rests as long as it has worked: heads
 * cost half a core at most, and what is not done in time is left out of streams. Thread-safe.
 */
public final class HeadPictures implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeadPictures.class);
    private static final long BUSY_MS = 5;
    /** Somebody may begin to receive a stream, which is told some time before. */
    private static final long IDLE_MS = 20;
    /** A machine that stood still has not worked. */
    private static final long REST_MS_MAX = 100;

    private static final long END_MS_MAX = 10_000;

    private final Object lock = new Object();
    private final List<HeadStream> streams = new ArrayList<>();
    private Thread thread;
    private long moves;
    private boolean closed;

    /** Shows what the head of a device sees from now on. */
    public void follow(Device device) {
        synchronized (lock) {
            for (Camera.Role role : Camera.Role.values()) {
                streams.add(new HeadStream(device, role));
            }
        }
        device.ptz().tellMoves(this::moved);
    }

    private void moved() {
        synchronized (lock) {
            if (thread == null && !closed) {
                thread = new Thread(this::run, "simulator-heads");
                thread.setDaemon(true);
                thread.start();
            }
            moves++;
            lock.notifyAll();
        }
    }

    private void run() {
        List<HeadStream> all = List.of();
        try {
            long seen;
            long workedMs;
            do {
                long begunNano = System.nanoTime();
                synchronized (lock) {
                    all = List.copyOf(streams);
                    seen = moves;
                }
                for (HeadStream stream : all) {
                    stream.step();
                }
                workedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNano);
            } while (waitForMore(all, seen, Math.min(REST_MS_MAX, workedMs)));
        } catch (ClipException failed) {
            LOG.warn("streams look straight whatever heads do from now on: {}", failed.getMessage());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            all.forEach(HeadStream::end);
        }
    }

    /**
     * {@return whether there may be more to do}
     *
     * @param seen moves that had begun before heads were looked at
     * @param workedMs how long that took
     */
    private boolean waitForMore(List<HeadStream> all, long seen, long workedMs) throws InterruptedException {
        boolean runs = all.stream().anyMatch(HeadStream::isRunning);
        boolean turned = all.stream().anyMatch(HeadStream::isTurned);
        synchronized (lock) {
            if (!closed && (runs || moves == seen)) {
                lock.wait(runs ? Math.max(BUSY_MS, workedMs) : turned ? IDLE_MS : 0);
            }
            return !closed;
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        Thread ending;
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
            ending = thread;
        }
        try {
            if (ending != null) {
                ending.join(END_MS_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
