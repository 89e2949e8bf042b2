// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@link VolumeWorker} for each volume that is written, and one for streams that have none yet. A thread that hangs
 * in a system call cannot be called back: its streams are given successors on the threads of other volumes, as soon as
 * the archive names one; where it names none, they wait, and their rings with them.
 *
 * <p>No volume has more than one thread that hangs, since the archive names it for no stream meanwhile.
 */
final class VolumeWorkers {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeWorkers.class);
    /** Where streams wait for their first fragment; no volume has this name. */
    private static final String NONE = "";

    private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long FAULT_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A step that takes longer makes us ask the archive, which knows what is too long. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FootageSink sink;
    private final int tickMs;
    private final BiConsumer<StreamRecording, StreamRecording> onSuccession;
    private final Map<String, VolumeWorker> workers = new HashMap<>();
    private final Thread watch = new Thread(this::watch, "nxvms-vol-watch");
    private volatile boolean closed;

    /** @param onSuccession told, on the watching thread, which recording is replaced by which */
    VolumeWorkers(FootageSink sink, int tickMs, BiConsumer<StreamRecording, StreamRecording> onSuccession) {
        this.sink = sink;
        this.tickMs = tickMs;
        this.onSuccession = onSuccession;
        watch.setDaemon(true);
        watch.start();
    }

    /** Takes a recording in; it moves to its volume with its first fragment. {@return false when all have ended} */
    boolean add(StreamRecording recording) {
        return move(recording, NONE);
    }

    private boolean move(StreamRecording recording, String volume) {
        recording.volume(volume);
        return worker(volume).add(recording);
    }

    private synchronized VolumeWorker worker(String volume) {
        return workers.computeIfAbsent(volume, first -> {
            VolumeWorker worker = new VolumeWorker(volume, tickMs, this::move);
            worker.start();
            return worker;
        });
    }

    private synchronized List<VolumeWorker> all() {
        return new ArrayList<>(workers.values());
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(WATCH_NANOS);
            try {
                look(System.nanoTime());
            } catch (RuntimeException | Error fault) {
                LOG.error("The streams of a volume that hangs could not be looked after; tried again", fault);
                // Not four times a second into the log.
                LockSupport.parkNanos(FAULT_NANOS);
            }
        }
    }

    /** The watching thread: looks after the streams of threads that hang. */
    void look(long nowNanos) {
        for (VolumeWorker worker : all()) {
            long stuck = worker.stuckNanos(nowNanos);
            if (stuck > STUCK_NANOS) {
                relieve(worker, stuck);
            }
        }
    }

    private void relieve(VolumeWorker stuck, long nanos) {
        int relieved = 0;
        for (StreamRecording recording : stuck.recordings()) {
            if (!recording.isOver() && relieve(recording, stuck.volume(), nanos)) {
                relieved++;
            }
        }
        if (relieved > 0) {
            LOG.warn(
                    "Volume {} has not answered a write for {} s; {} streams go on elsewhere",
                    stuck.volume(),
                    TimeUnit.NANOSECONDS.toSeconds(nanos),
                    relieved);
        }
    }

    private boolean relieve(StreamRecording recording, String volume, long nanos) {
        Explanation why = new Explanation(
                GapCause.DISK_SLOW,
                "volume " + volume + " has not answered for " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s");
        String other;
        try {
            other = sink.volumeFor(recording.stream(), recording.order().terms());
        } catch (RefusedException noOther) {
            recording.heldUp(why, nanos > RunWriter.UNWRITTEN_NANOS_MAX);
            return false;
        }
        if (other.equals(volume)) {
            return false;
        }
        Optional<StreamRecording> successor = recording.succeed(why);
        successor.ifPresent(next -> {
            onSuccession.accept(recording, next);
            if (!move(next, other)) {
                next.close();
            }
        });
        return true;
    }

    /** Every recording ends at its next key frame, or at the deadline. Waits for it, but not for volumes that hang. */
    void close(long deadlineNanos, long joinMs) {
        closed = true;
        LockSupport.unpark(watch);
        long joinDeadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(joinMs);
        all().forEach(worker -> worker.close(deadlineNanos));
        all().forEach(worker -> worker.join(joinDeadline));
    }
}
