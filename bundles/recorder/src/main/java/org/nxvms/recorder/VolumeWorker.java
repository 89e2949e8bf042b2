// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One writer thread and its streams: every tick it lets each of them do what there is to do. It may wait for a disk; the
 * rings keep what comes meanwhile.
 */
final class VolumeWorker {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeWorker.class);
    private static final String MDC_CAMERA = "camera";

    private final Thread thread;
    private final long tickNanos;
    private final CopyOnWriteArrayList<StreamRecording> recordings = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private volatile boolean draining;
    private volatile boolean closed;
    private volatile long drainDeadline;

    VolumeWorker(int number, int tickMs) {
        tickNanos = TimeUnit.MILLISECONDS.toNanos(tickMs);
        thread = new Thread(this::run, "nxvms-vol-" + number);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void add(StreamRecording recording) {
        recordings.add(recording);
    }

    /** Runs on the worker's thread, in order, before the next tick. */
    void command(Runnable command) {
        commands.add(command);
        LockSupport.unpark(thread);
    }

    void remove(StreamRecording recording) {
        recordings.remove(recording);
    }

    private void run() {
        while (!closed) {
            long start = System.nanoTime();
            runCommands();
            boolean more = false;
            for (int i = 0; i < recordings.size(); i++) {
                more |= step(recordings.get(i), start);
            }
            if (draining) {
                drain(System.nanoTime());
            }
            long left = tickNanos - (System.nanoTime() - start);
            if (!more && left > 0 && commands.isEmpty() && !closed) {
                LockSupport.parkNanos(left);
            }
        }
        runCommands();
        recordings.forEach(StreamRecording::close);
    }

    private void runCommands() {
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            try {
                command.run();
            } catch (RuntimeException fault) {
                LOG.error("A recording could not be changed: {}", fault.getMessage(), fault);
            }
        }
    }

    private boolean step(StreamRecording recording, long now) {
        try {
            return recording.step(now);
        } catch (RuntimeException fault) {
            MDC.put(MDC_CAMERA, recording.stream().cameraId().toString());
            try {
                LOG.error("Recording of {} stopped by a fault, it begins anew in 5 s", recording.stream(), fault);
                recording.fault(fault, now);
            } catch (RuntimeException again) {
                LOG.error("Recording of {} could not say so", recording.stream(), again);
            } finally {
                MDC.remove(MDC_CAMERA);
            }
            return false;
        }
    }

    private void drain(long now) {
        boolean all = true;
        for (int i = 0; i < recordings.size(); i++) {
            recordings.get(i).drain(drainDeadline);
            all &= recordings.get(i).drained(now);
        }
        closed = all;
    }

    /** Every recording ends at its next key frame, or at the deadline; then the thread ends. Returns at once. */
    void close(long deadlineNanos) {
        drainDeadline = deadlineNanos;
        draining = true;
        LockSupport.unpark(thread);
    }

    void join(long timeoutMs) {
        try {
            thread.join(timeoutMs);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{} still waits for its volume; what it holds is repaired at the next start", thread.getName());
        }
    }
}
