// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The one thread that writes to a volume, and the streams that are written there: every tick it lets each of them do
 * what there is to do. It may wait for the disk, the rings keep what comes meanwhile; and it may hang with the disk, which
 * {@link #stuckNanos} tells.
 */
final class VolumeWorker {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeWorker.class);
    private static final String MDC_CAMERA = "camera";
    private static final long IDLE = Long.MIN_VALUE;

    /** Takes a recording that belongs to another volume. */
    @FunctionalInterface
    interface Mover {
        /** {@return false when the volume's thread has ended; the recording stays where it was} */
        boolean move(StreamRecording recording, String volume);
    }

    private final String volume;
    private final Mover mover;
    private final Thread thread;
    private final long tickNanos;
    /** Those that announced a fragment in this tick; this thread's. */
    private final List<StreamRecording> announced = new ArrayList<>();

    private volatile StreamRecording[] recordings = new StreamRecording[0];
    private volatile long stepBegan = IDLE;
    private volatile long drainDeadline;
    private volatile boolean draining;
    private volatile boolean closed;

    VolumeWorker(String volume, int tickMs, Mover mover) {
        this.volume = volume;
        this.mover = mover;
        tickNanos = TimeUnit.MILLISECONDS.toNanos(tickMs);
        thread = new Thread(this::run, "nxvms-vol-" + volume + "-write");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    String volume() {
        return volume;
    }

    /** Any thread. {@return false when this one has ended} */
    synchronized boolean add(StreamRecording recording) {
        if (closed) {
            return false;
        }
        StreamRecording[] more = Arrays.copyOf(recordings, recordings.length + 1);
        more[recordings.length] = recording;
        recordings = more;
        LockSupport.unpark(thread);
        return true;
    }

    private synchronized void remove(StreamRecording recording) {
        recordings = Arrays.stream(recordings).filter(one -> one != recording).toArray(StreamRecording[]::new);
    }

    /** {@return a snapshot; any thread} */
    StreamRecording[] recordings() {
        return recordings;
    }

    /** {@return how long the thread has been in one step; any thread} */
    long stuckNanos(long nowNanos) {
        long began = stepBegan;
        return began == IDLE ? 0 : nowNanos - began;
    }

    private void run() {
        while (!closed) {
            long start = System.nanoTime();
            boolean more = false;
            StreamRecording[] now = recordings;
            for (StreamRecording recording : now) {
                more |= step(recording);
            }
            more |= stepAnnounced();
            if (draining) {
                drain(System.nanoTime());
            }
            if (!more && !closed) {
                sleep(now.length, start);
            }
        }
        for (StreamRecording recording : recordings) {
            recording.close();
        }
    }

    /** All have said what they write: the archive hashes that together, with the first of it. */
    private boolean stepAnnounced() {
        int count = announced.size();
        boolean more = false;
        for (int i = 0; i < count; i++) {
            more |= step(announced.get(i));
        }
        // Whoever has another fragment already is announced behind them; it is written in the tick that follows at
        // once.
        more |= announced.size() > count;
        announced.clear();
        return more;
    }

    /** Until the next tick; without streams until one is added, for each time it wakes up costs more than a tick does. */
    private void sleep(int streams, long startNanos) {
        long left = tickNanos - (System.nanoTime() - startNanos);
        if (streams == 0 && !draining) {
            LockSupport.park();
        } else if (left > 0) {
            LockSupport.parkNanos(left);
        }
    }

    private boolean step(StreamRecording recording) {
        long now = System.nanoTime();
        stepBegan = now;
        boolean more = stepSafely(recording, now);
        stepBegan = IDLE;
        if (recording.isOver()) {
            // Taken over amid the step, perhaps: what it holds is let go.
            stepSafely(recording, now);
            remove(recording);
        } else if (!draining && !recording.wantedVolume().equals(volume)) {
            // While all end, the thread it would go to may have ended already, and nobody would end it.
            remove(recording);
            if (!moveSafely(recording, now)) {
                recording.volume(volume);
                add(recording);
            }
        } else if (recording.isAnnounced()) {
            announced.add(recording);
        }
        return more;
    }

    // A fault, even an Error for want of memory or of threads, costs its own stream only: without this thread nobody
    // writes.

    private boolean stepSafely(StreamRecording recording, long now) {
        try {
            return recording.step(now);
        } catch (RuntimeException | Error fault) {
            failed(recording, fault, now);
            return false;
        }
    }

    private boolean moveSafely(StreamRecording recording, long now) {
        try {
            return mover.move(recording, recording.wantedVolume());
        } catch (RuntimeException | Error fault) {
            failed(recording, fault, now);
            return false;
        }
    }

    private void failed(StreamRecording recording, Throwable fault, long now) {
        MDC.put(MDC_CAMERA, recording.stream().cameraId().toString());
        try {
            LOG.error("Recording of {} stopped by a fault, it begins anew in 5 s", recording.stream(), fault);
            recording.fault(fault, now);
        } catch (RuntimeException | Error again) {
            LOG.error("Recording of {} could not say so", recording.stream(), again);
        } finally {
            MDC.remove(MDC_CAMERA);
        }
    }

    private void drain(long now) {
        boolean all = true;
        StreamRecording[] asked = recordings;
        for (StreamRecording recording : asked) {
            all &= drainSafely(recording, now);
        }
        synchronized (this) {
            closed = all && recordings == asked;
        }
    }

    private boolean drainSafely(StreamRecording recording, long now) {
        try {
            recording.drain(drainDeadline);
            return recording.drained(now);
        } catch (RuntimeException | Error fault) {
            failed(recording, fault, now);
            return true;
        }
    }

    /** Every recording ends at its next key frame, or at the deadline; then the thread ends. Returns at once. */
    void close(long deadlineNanos) {
        drainDeadline = deadlineNanos;
        draining = true;
        LockSupport.unpark(thread);
    }

    void join(long deadlineNanos) {
        try {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            thread.join(Math.max(1, leftMs));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{} still waits for its volume; what it holds is repaired at the next start", thread.getName());
        }
    }
}
