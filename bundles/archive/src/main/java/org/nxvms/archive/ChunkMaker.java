// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.nxvms.storage.spi.Volume;

/**
 * Makes the chunks of a volume, their markers first: the first of a run on the thread of who asks, the next ones on a thread
 * of its own. A file that begins costs directories, a marker and memory, for which the thread that writes everybody's
 * fragments need not stand still. At most one chunk waits for each run.
 */
final class ChunkMaker implements AutoCloseable {
    private static final long IDLE_SECONDS = 60;

    private final Volume volume;
    private final Markers open;
    private final DoneMarkers done;
    private final VolumeFitness fitness;
    private final Supplier<FootageCiphers> ciphers;
    private final Consumer<OpenChunk> made;
    private final Set<UUID> making = ConcurrentHashMap.newKeySet();
    private final Queue<ChunkName> failed = new ConcurrentLinkedQueue<>();
    private final ThreadPoolExecutor thread;

    /** @param made told of each chunk before anybody else has it */
    ChunkMaker(
            Volume volume,
            Markers open,
            DoneMarkers done,
            VolumeFitness fitness,
            Supplier<FootageCiphers> ciphers,
            Consumer<OpenChunk> made) {
        this.volume = volume;
        this.open = open;
        this.done = done;
        this.fitness = fitness;
        this.ciphers = ciphers;
        this.made = made;
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread maker = new Thread(task, "nxvms-vol-" + volume.name() + "-make");
            maker.setDaemon(true);
            return maker;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Recorder's thread: waits for the disk, and a disk that hangs is noticed by that. */
    OpenChunk make(RunFacts run, int sequence, long startUs, byte[] previousRoot) throws IOException {
        long began = fitness.watch().begins();
        try {
            return made(run, sequence, startUs, previousRoot);
        } finally {
            fitness.watch().ends(began);
        }
    }

    /** Recorder's thread: returns at once. */
    NextChunk makeLater(RunFacts run, int sequence, long startUs, byte[] previousRoot) {
        CompletableFuture<OpenChunk> chunk = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    if (thread.isShutdown()) {
                        throw new IOException("volume " + volume.name() + " is taken out of use");
                    }
                    chunk.complete(made(run, sequence, startUs, previousRoot));
                } catch (Throwable notMade) {
                    // Somebody may wait for it, whatever happened.
                    chunk.completeExceptionally(notMade);
                }
            });
        } catch (RejectedExecutionException closed) {
            chunk.completeExceptionally(closed);
        }
        return new NextChunk(chunk);
    }

    private OpenChunk made(RunFacts run, int sequence, long startUs, byte[] previousRoot) throws IOException {
        ChunkName name = ChunkName.of(run.stream(), startUs, run.runId(), sequence);
        making.add(name.segmentId());
        try {
            open.set(name.path());
            Optional<ChunkEncryption> encryption = ciphers.get().begin(volume, name);
            OpenChunk chunk = OpenChunk.create(volume, run, name, startUs, previousRoot, encryption);
            made.accept(chunk);
            return chunk;
        } catch (IOException notMade) {
            fitness.failed(notMade);
            failed.add(name);
            throw notMade;
        } finally {
            making.remove(name.segmentId());
        }
    }

    /** {@return whether a chunk is being made} */
    boolean isMaking(UUID segmentId) {
        return making.contains(segmentId);
    }

    /** Keeper: of chunks that could not be made nothing is left, neither a part of the file nor the marker. */
    void clear() {
        for (Iterator<ChunkName> all = failed.iterator(); all.hasNext(); ) {
            ChunkName name = all.next();
            try {
                volume.delete(name.path());
            } catch (IOException notYet) {
                // A volume that cannot be written; at the latest the next start does it.
                return;
            }
            done.add(name.path(), Duration.ZERO);
            all.remove();
        }
    }

    /** Ends the thread when what it makes is made; of what waits nothing is made any more. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
