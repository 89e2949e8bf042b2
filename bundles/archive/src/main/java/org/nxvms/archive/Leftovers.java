// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks that an earlier process left without a row, in two steps: first all are cut to their whole fragments, so that
 * they can be seen at once (reads headers); then one after the other is hashed and sealed (reads all of it). Run by the
 * volume's keeper in small portions, so that what is recorded now is not held up (archive.md invariant 3).
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final long PORTION_MS = 200;
    private static final long RETRY_MS = 500;
    /** Of a chunk that fails on a volume that is well. */
    private static final int TRIES_MAX = 5;

    /**
     * What becomes of a leftover. What is told may have to be told again when it fails, until the last try, which leaves
     * out what cannot be found.
     */
    interface Outcome {
        /** Its footage can be seen from now on. */
        void cut(OpenChunk chunk, boolean isLastTry) throws IOException;

        /** It is sealed and durable. */
        void sealed(org.nxvms.platform.api.archive.ChunkIndex.StoredSegment row);

        /** {@return what signs it} */
        SigningKeys keys();

        /** {@return what may open it} */
        FootageCiphers ciphers();

        /** It was sealed before, by the recorder or by a repair. */
        void sealedBefore(ChunkReader.Sealed sealed, boolean isLastTry) throws IOException;

        /** There is nothing to keep, and no file any more. */
        void gone(String path);

        /** None of its footage can be seen. */
        void lost(String path, boolean isLastTry) throws IOException;
    }

    private final Volume volume;
    private final Outcome outcome;
    private final KeeperWatch watch;
    private final Deque<String> paths = new ArrayDeque<>();
    private final Deque<OpenChunk> cut = new ArrayDeque<>();
    /** What failed, to be tried again when all others are done. */
    private final List<Runnable> again = new ArrayList<>();

    private final Map<String, Integer> tries = new HashMap<>();
    /** What failed too often, to be seen by others; no more than were open. */
    private final Set<String> leftAlone = new ConcurrentSkipListSet<>();

    private long retryNanos = System.nanoTime();
    private volatile int size;

    Leftovers(Volume volume, KeeperWatch watch, Outcome outcome) {
        this.volume = volume;
        this.watch = watch;
        this.outcome = outcome;
    }

    synchronized void add(List<String> marked) {
        paths.addAll(marked);
        count();
    }

    private void count() {
        size = paths.size() + cut.size() + again.size();
    }

    /** {@return how many there are still; never waits} */
    int size() {
        return size;
    }

    /** {@return chunks that could not be repaired and stay as they are; never waits} */
    Collection<String> leftAlone() {
        return leftAlone;
    }

    synchronized boolean contains(String path) {
        return paths.contains(path)
                || tries.containsKey(path)
                || cut.stream().anyMatch(chunk -> chunk.path().equals(path));
    }

    /**
     * Keeper: does a portion; {@return whether more can be done at once}. Watched as a whole: it may also wait for
     * {@link #repairNow}, and a volume that fails is asked for its space.
     */
    boolean turn() {
        return watch.answer("repairing what an earlier process left", this::portion);
    }

    private synchronized boolean portion() {
        if (System.nanoTime() - retryNanos < 0) {
            return false;
        }
        if (paths.isEmpty() && cut.isEmpty()) {
            again.forEach(Runnable::run);
            again.clear();
        }
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PORTION_MS);
        while (!paths.isEmpty() && isOn() && System.nanoTime() - until < 0) {
            String path = paths.removeLast();
            attempt(path, () -> cut(path, isLastTry(path), cut::add), () -> paths.add(path));
        }
        if (paths.isEmpty() && !cut.isEmpty() && isOn()) {
            OpenChunk next = cut.poll();
            attempt(next.path(), () -> seal(next), () -> cut.add(next));
        }
        if (paths.isEmpty() && cut.isEmpty() && !again.isEmpty()) {
            pause();
        }
        count();
        return size > 0 && isOn();
    }

    private boolean isOn() {
        return System.nanoTime() - retryNanos >= 0;
    }

    private void pause() {
        retryNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MS);
    }

    /** Nothing is concluded from what a volume says that is not there or not well. */
    private void attempt(String path, KeeperWatch.Work<IOException> step, Runnable later) {
        try {
            watch.during("repairing " + path, step);
            tries.remove(path);
        } catch (IOException | RuntimeException failed) {
            if (!isWell()) {
                LOG.warn("Volume {}: {} is repaired when the volume is well again", volume.name(), path);
                later.run();
                pause();
            } else if (failed instanceof NoSuchFileException) {
                tries.remove(path);
                outcome.gone(path);
            } else if (!(failed instanceof ChunkReader.DamagedException)
                    && tries.merge(path, 1, Integer::sum) < TRIES_MAX) {
                again.add(later);
            } else {
                tries.remove(path);
                leftAlone.add(path);
                lost(path);
                LOG.error(
                        "Volume {}: {} cannot be repaired: {}. It is left as it is, and tried again at the next start;"
                                + " see archive-check",
                        volume.name(),
                        path,
                        failed.getMessage(),
                        failed);
            }
        }
    }

    private boolean isLastTry(String path) {
        return tries.getOrDefault(path, 0) == TRIES_MAX - 1;
    }

    private void lost(String path) {
        try {
            outcome.lost(path, true);
        } catch (IOException notTold) {
            LOG.error("Volume {}: no gap says that {} is lost: {}", volume.name(), path, notTold.getMessage());
        }
    }

    private boolean isWell() {
        try {
            volume.space();
            return volume.status() == Volume.Status.READY;
        } catch (IOException gone) {
            return false;
        }
    }

    /** On the caller's thread, both steps; for a chunk without a marker. {@return whether it has a row to come} */
    synchronized boolean repairNow(String path) throws IOException {
        List<OpenChunk> found = new ArrayList<>();
        // A person wants it now; whoever hears that a folder cannot be read knows no better.
        boolean kept = cut(path, true, found::add);
        for (OpenChunk chunk : found) {
            seal(chunk);
        }
        return kept;
    }

    private boolean cut(String path, boolean isLastTry, Consumer<OpenChunk> toSeal) throws IOException {
        Optional<ChunkReader.Sealed> sealed = ChunkReader.read(volume, path);
        if (sealed.isPresent()) {
            outcome.sealedBefore(sealed.get(), isLastTry);
            return true;
        }
        Optional<OpenChunk> found = ChunkRepair.open(volume, path, outcome.ciphers(), watch::beat);
        if (found.isEmpty()) {
            LOG.info("Volume {}: {} broke off before its first fragment and is removed", volume.name(), path);
            outcome.lost(path, isLastTry);
            volume.delete(path);
            outcome.gone(path);
            return false;
        }
        try {
            outcome.cut(found.get(), isLastTry);
        } catch (IOException again) {
            found.get().abandon();
            throw again;
        }
        toSeal.accept(found.get());
        return true;
    }

    private void seal(OpenChunk chunk) throws IOException {
        chunk.rehash(watch::beat);
        chunk.repaired();
        leftAlone.remove(chunk.path());
        outcome.sealed(chunk.seal(outcome.keys()));
        LOG.info("Volume {}: repaired {} up to byte {}", volume.name(), chunk.path(), chunk.wholeBytes());
    }
}
