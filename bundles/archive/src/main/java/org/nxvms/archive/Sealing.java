// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks of a volume that wait to be sealed. While the volume is not well all of them wait; while it is well, a chunk that
 * cannot be sealed waits alone, and after a few tries it is set aside: its footage can still be seen, its marker stays, and
 * the next start repairs it. Recorders add, the keeper seals.
 */
final class Sealing {
    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);
    /** With the pauses between, a fault must last for four seconds that a trial write does not meet. */
    static final int TRIES_MAX = 5;

    private static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long UNWELL_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Each keeps some 20 kB in memory; of more than these the oldest are not seen until the next start. */
    private static final int SET_ASIDE_MAX = 200;

    /** What becomes of a chunk; called on the keeper's thread. */
    interface Outcome {
        SigningKeys keys();

        /** It is durable as a whole. */
        void sealed(OpenChunk chunk, StoredSegment row);

        /** It held nothing and its file is gone. */
        void removed(OpenChunk chunk);

        /** Footage of it is not on the disk. */
        void lost(OpenChunk chunk, long fromUs, long toUs);

        /** Nothing more is done for it in this process, and it is no longer seen. */
        void forgotten(OpenChunk chunk);
    }

    private final Volume volume;
    private final VolumeFitness fitness;
    private final Flushing flushing;
    private final Outcome outcome;
    private final KeeperWatch watch;
    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedDeque<OpenChunk> setAside = new ConcurrentLinkedDeque<>();
    private long resumeNanos = System.nanoTime();
    private volatile long failures;

    private static final class Waiting {
        final OpenChunk chunk;
        int tries;
        long dueNanos = System.nanoTime();

        Waiting(OpenChunk chunk) {
            this.chunk = chunk;
        }
    }

    Sealing(Volume volume, VolumeFitness fitness, Flushing flushing, Outcome outcome) {
        this.volume = volume;
        this.fitness = fitness;
        this.flushing = flushing;
        this.watch = fitness.keeper();
        this.outcome = outcome;
    }

    /** Any thread: nothing more will be appended to it. */
    void add(OpenChunk chunk) {
        queue.add(new Waiting(chunk));
    }

    int size() {
        return queue.size();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** {@return sealings that failed so far} */
    long failures() {
        return failures;
    }

    /** {@return chunks that could not be sealed though the volume was well} */
    Collection<OpenChunk> setAside() {
        return List.copyOf(setAside);
    }

    /** {@return whether a chunk may be tried now} */
    boolean isDue() {
        long now = System.nanoTime();
        return now - resumeNanos >= 0 && queue.stream().anyMatch(one -> now - one.dueNanos >= 0);
    }

    /** Keeper: tries each chunk that is due once. */
    void turn() {
        long now = System.nanoTime();
        if (now - resumeNanos < 0) {
            return;
        }
        for (int left = queue.size(); left > 0; left--) {
            Waiting next = queue.poll();
            if (next == null) {
                return;
            }
            if (now - next.dueNanos < 0) {
                queue.add(next);
            } else if (!watched(next, this::attempt)) {
                return;
            }
        }
    }

    /** The process ends: one try for each, at once; what fails is repaired at the next start. */
    void last() {
        for (int left = queue.size(); left > 0; left--) {
            Waiting next = queue.poll();
            if (next == null) {
                return;
            }
            if (!watched(next, this::lastAttempt)) {
                queue.clear();
                return;
            }
        }
    }

    /** All that is done for a chunk asks the disk: syncing what follows it, sealing, and whether the volume is well. */
    private boolean watched(Waiting next, Predicate<Waiting> step) {
        return watch.answer("sealing " + next.chunk.path(), () -> step.test(next));
    }

    /** {@return false when the volume is not well, so that others need not be tried} */
    private boolean lastAttempt(Waiting next) {
        try {
            if (next.chunk.settleContinuation()) {
                seal(next.chunk);
            } else {
                queue.add(next);
            }
            return true;
        } catch (IOException | RuntimeException leftToRepair) {
            failures++;
            LOG.warn("Volume {}: {}; repaired at the next start", volume.name(), leftToRepair.getMessage());
            return isWell(leftToRepair);
        }
    }

    /** {@return false when the volume is not well, so that others need not be tried} */
    private boolean attempt(Waiting next) {
        try {
            if (next.chunk.settleContinuation()) {
                seal(next.chunk);
            } else {
                next.dueNanos = System.nanoTime() + PAUSE_NANOS_MIN;
                queue.add(next);
            }
            return true;
        } catch (IOException | RuntimeException failed) {
            failures++;
            if (!isWell(failed)) {
                fitness.failed(failed);
                resumeNanos = System.nanoTime() + UNWELL_NANOS;
                queue.add(next);
                return false;
            }
            next.tries++;
            if (next.tries == TRIES_MAX) {
                setAside(next.chunk, failed);
            } else {
                next.dueNanos = System.nanoTime() + (PAUSE_NANOS_MIN << next.tries - 1);
                queue.add(next);
            }
            return true;
        }
    }

    private boolean isWell(Exception failure) {
        if (VolumeFitness.saysFull(failure) || volume.status() != Volume.Status.READY) {
            return false;
        }
        try {
            volume.space();
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    private void setAside(OpenChunk chunk, Exception why) {
        LOG.error(
                "Volume {}: {} could not be sealed in {} tries and is set aside: {}. Its footage can be seen; the next"
                        + " start repairs it. Check the disk",
                volume.name(),
                chunk.path(),
                TRIES_MAX,
                why.getMessage(),
                why);
        flushing.remove(chunk);
        abandon(chunk);
        setAside.add(chunk);
        if (setAside.size() > SET_ASIDE_MAX) {
            Optional.ofNullable(setAside.poll()).ifPresent(outcome::forgotten);
        }
    }

    private void seal(OpenChunk chunk) throws IOException {
        flushing.remove(chunk);
        watch.beat();
        if (chunk.isEmpty()) {
            chunk.abandon();
            volume.delete(chunk.path());
            outcome.removed(chunk);
            return;
        }
        long endUs = chunk.endUs();
        try {
            StoredSegment row = chunk.seal(outcome.keys());
            outcome.sealed(chunk, row);
            if (row.segment().endUs() < endUs) {
                outcome.lost(chunk, row.segment().endUs(), endUs);
            }
        } catch (LostChunkException nothingLeft) {
            LOG.error("Volume {}: {}; the file is left for a repair", volume.name(), nothingLeft.getMessage());
            abandon(chunk);
            outcome.forgotten(chunk);
            outcome.lost(chunk, chunk.startUs(), endUs);
        }
    }

    private void abandon(OpenChunk chunk) {
        try {
            chunk.abandon();
        } catch (IOException closedAllTheSame) {
            LOG.info("Volume {}: closing {}: {}", volume.name(), chunk.path(), closedAllTheSame.getMessage());
        }
    }
}
