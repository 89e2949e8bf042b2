// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks that an earlier process left without a row, in two steps: first all are cut to their whole fragments, so that
 * they can be seen at once (reads headers); then one after the other is hashed and sealed (reads all of it). Run by the
 * volume's keeper in small portions, so that what is recorded now is not held up (storage.md invariant 3).
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final int HASH_BUFFER_BYTES = 1 << 20;
    private static final long PORTION_MS = 200;
    private static final long RETRY_MS = 2_000;

    /** What becomes of a leftover. */
    interface Outcome {
        /** Its footage can be seen from now on. */
        void cut(OpenChunk chunk);

        /** It is sealed and durable. */
        void sealed(org.nxvms.platform.api.archive.ChunkIndex.StoredSegment row);

        /** {@return what signs it} */
        SigningKeys keys();

        /** There is nothing to keep, and no file any more. */
        void gone(String path);
    }

    private final Volume volume;
    private final Outcome outcome;
    private final List<String> paths = new ArrayList<>();
    private final Deque<OpenChunk> cut = new ArrayDeque<>();
    private long retryNanos = System.nanoTime();
    private volatile int size;

    Leftovers(Volume volume, Outcome outcome) {
        this.volume = volume;
        this.outcome = outcome;
    }

    synchronized void add(List<String> marked) {
        paths.addAll(marked);
        size = paths.size() + cut.size();
    }

    /** {@return how many there are still; never waits} */
    int size() {
        return size;
    }

    synchronized boolean contains(String path) {
        return paths.contains(path)
                || cut.stream().anyMatch(chunk -> chunk.path().equals(path));
    }

    /** Does a portion; {@return whether more can be done at once} */
    synchronized boolean turn() {
        if (System.nanoTime() - retryNanos < 0) {
            return false;
        }
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PORTION_MS);
        while (!paths.isEmpty() && System.nanoTime() - until < 0) {
            String path = paths.remove(paths.size() - 1);
            attempt(path, () -> cut(path, cut::add), () -> paths.add(0, path));
        }
        if (paths.isEmpty() && !cut.isEmpty()) {
            OpenChunk next = cut.poll();
            attempt(next.path(), () -> seal(next), () -> cut.add(next));
        }
        size = paths.size() + cut.size();
        return size > 0 && System.nanoTime() - retryNanos >= 0;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void attempt(String path, Step step, Runnable later) {
        try {
            step.run();
        } catch (NoSuchFileException neverMade) {
            outcome.gone(path);
        } catch (IOException failed) {
            boolean again = volume.status() != Volume.Status.READY;
            LOG.error(
                    "Volume {}: {} cannot be repaired: {}. {}",
                    volume.name(),
                    path,
                    failed.getMessage(),
                    again ? "It is tried again when the volume is ready" : "It is left as it is; see archive-check");
            if (again) {
                later.run();
                retryNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MS);
            }
        }
    }

    /** On the caller's thread, both steps; for a chunk without a marker. {@return whether it has a row to come} */
    synchronized boolean repairNow(String path) throws IOException {
        List<OpenChunk> found = new ArrayList<>();
        boolean kept = cut(path, found::add);
        for (OpenChunk chunk : found) {
            seal(chunk);
        }
        return kept;
    }

    private boolean cut(String path, Consumer<OpenChunk> toSeal) throws IOException {
        Optional<ChunkReader.Sealed> sealed = ChunkReader.read(volume, path);
        if (sealed.isPresent()) {
            outcome.sealed(sealed.get().row());
            return true;
        }
        Optional<OpenChunk> found =
                ChunkRepair.isHeadOnly(volume, path) ? Optional.empty() : ChunkRepair.open(volume, path);
        if (found.isEmpty()) {
            LOG.info("Volume {}: {} holds no whole fragment and is removed", volume.name(), path);
            volume.delete(path);
            outcome.gone(path);
            return false;
        }
        outcome.cut(found.get());
        toSeal.accept(found.get());
        return true;
    }

    private void seal(OpenChunk chunk) throws IOException {
        chunk.rehash(ByteBuffer.allocate(HASH_BUFFER_BYTES));
        chunk.flags(Checkpoint.REPAIRED);
        outcome.sealed(chunk.seal(outcome.keys()));
        LOG.info("Volume {}: repaired {} up to byte {}", volume.name(), chunk.path(), chunk.wholeBytes());
    }
}
