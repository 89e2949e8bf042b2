// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportJob.State;
import org.nxvms.platform.api.export.ExportStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of this server. What is ordered is stored before it is answered; after a restart jobs go on where they stopped.
 * One keeper thread reads what is stored, writes what could not be written, and removes what has expired; packages are made
 * by threads of their own, of the lowest priority, at a bounded pace. Any thread.
 */
public final class Exports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Exports.class);
    private static final long TURN_MS = 1_000;
    private static final int STOP_SECONDS_MAX = 10;
    /** Half of what a file in a package may have: some programs read no larger ones. */
    private static final long MP4_BYTES_MAX = 2L << 30;

    private final Supplier<Optional<Sources>> sources;
    private final Supplier<Optional<ExportStore>> stores;
    private final UUID serverId;
    private final ExportLimits limits;
    private final Supplier<Instant> clock;
    private final DiskSpace space;
    private final PackageFiles places;
    private final Map<UUID, Kept> jobs = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor workers;
    private final ScheduledExecutorService keeper;
    private volatile boolean loaded;
    private volatile boolean stopping;

    /** Bytes of a folder's disk that can be used. */
    @FunctionalInterface
    interface DiskSpace {
        long usable(Path folder) throws IOException;
    }

    /** Why an order is not taken now; the message is for people. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** A job while it is known. Its fields are changed under its own lock. */
    private static final class Kept {
        private final Progress progress = new Progress();
        private volatile ExportJob job;
        private volatile boolean unwanted;
        private boolean running;
        /** The store does not know yet. */
        private volatile boolean unsaved;

        Kept(ExportJob job) {
            this.job = job;
        }
    }

    /** A job and how far it is. */
    public record View(ExportJob job, Progress progress) {}

    Exports(
            Supplier<Optional<Sources>> sources,
            Supplier<Optional<ExportStore>> stores,
            UUID serverId,
            ExportLimits limits,
            Supplier<Instant> clock,
            DiskSpace space) {
        this.sources = sources;
        this.stores = stores;
        this.serverId = serverId;
        this.limits = limits;
        this.clock = clock;
        this.space = space;
        this.places = new PackageFiles(limits.folder());
        ThreadFactory threads = threads();
        workers = new ThreadPoolExecutor(
                limits.jobsMax(), limits.jobsMax(), 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        workers.allowCoreThreadTimeOut(true);
        keeper = Executors.newSingleThreadScheduledExecutor(task -> thread(task, "nxvms-export-keeper"));
        keeper.scheduleWithFixedDelay(this::turn, 0, TURN_MS, TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory threads() {
        AtomicInteger number = new AtomicInteger();
        return task -> thread(task, "nxvms-export-" + number.incrementAndGet());
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        return thread;
    }

    public ExportLimits limits() {
        return limits;
    }

    /** {@return all jobs, the newest first} */
    public List<View> jobs() {
        return jobs.values().stream()
                .map(kept -> new View(kept.job, kept.progress))
                .sorted(Comparator.comparing((View view) -> view.job().created())
                        .thenComparing(view -> view.job().id())
                        .reversed())
                .toList();
    }

    public Optional<View> find(UUID id) {
        return Optional.ofNullable(jobs.get(id)).map(kept -> new View(kept.job, kept.progress));
    }

    /** {@return whether what was ordered before a restart is known} */
    public boolean isReady() {
        return loaded;
    }

    /**
     * Takes an order; stored when it returns.
     *
     * @param expectedBytes about how large the package will be
     * @throws RefusedException when there are too many jobs, or no room
     * @throws StoreException when it cannot be stored
     */
    public synchronized View order(ExportJob job, long expectedBytes) throws RefusedException, IOException {
        long open = jobs.values().stream().filter(kept -> !isFinished(kept.job)).count();
        if (open >= limits.waitingMax()) {
            throw new RefusedException(open + " exports are not finished. Wait for one, or remove one");
        }
        long promised = jobs.values().stream()
                .filter(kept -> !isFinished(kept.job))
                .mapToLong(kept -> kept.progress.expectedBytes() - kept.progress.doneBytes())
                .sum();
        long used = places.bytes() + promised;
        if (used + expectedBytes > limits.packageBytesMax()) {
            throw new RefusedException("The package would have about " + expectedBytes + " bytes; packages have " + used
                    + " of at most " + limits.packageBytesMax()
                    + ". Remove exports, order less, or allow more (packagesGibibytesMax of org.nxvms.export)");
        }
        store().insert(job);
        Kept kept = new Kept(job);
        kept.progress.expect(expectedBytes);
        jobs.put(job.id(), kept);
        submit(kept);
        return new View(job, kept.progress);
    }

    /**
     * Takes a job back, however far it is, and removes its package.
     *
     * @return false when there is none
     * @throws StoreException when that cannot be stored; then it is still there
     */
    public boolean remove(UUID id) throws IOException {
        Kept kept = jobs.get(id);
        if (kept == null) {
            return false;
        }
        store().delete(id);
        kept.unwanted = true;
        jobs.remove(id);
        synchronized (kept) {
            if (!kept.running) {
                places.remove(id);
            }
        }
        return true;
    }

    /** {@return the package of a job that is done; empty when it is not there} */
    public Optional<Path> whole(UUID id) {
        Kept kept = jobs.get(id);
        return Optional.ofNullable(kept)
                .filter(one -> one.job.state() == State.DONE)
                .map(one -> places.whole(id))
                .filter(Files::isRegularFile);
    }

    private ExportStore store() {
        return stores.get().orElseThrow(() -> new StoreException("The database is not there now", null));
    }

    private static boolean isFinished(ExportJob job) {
        return job.state() == State.DONE || job.state() == State.FAILED;
    }

    private void submit(Kept kept) {
        if (!stopping) {
            workers.execute(() -> make(kept));
        }
    }

    private void make(Kept kept) {
        UUID id = kept.job.id();
        Optional<Sources> from = sources.get();
        synchronized (kept) {
            if (kept.unwanted || stopping) {
                return;
            }
            if (from.isEmpty()) {
                // The archive is being exchanged.
                later(kept);
                return;
            }
            kept.running = true;
        }
        change(kept, kept.job.running());
        ExportJob ended = null;
        boolean again = false;
        try {
            Toll toll = new Toll(
                    this::requireRoom,
                    limits.bytesPerSecond(),
                    () -> kept.unwanted || stopping || !isThere(from.get()));
            PackageRun.Outcome outcome =
                    new PackageRun(kept.job, from.get(), places, toll, kept.progress, MP4_BYTES_MAX).run();
            ended = ended(kept.job, State.DONE, outcome.detail(), outcome.bytes());
            LOG.info("Export {} is done: {} bytes", id, outcome.bytes());
        } catch (Toll.UnwantedException unwanted) {
            LOG.info("Export {} stops before it is done", id);
            again = !kept.unwanted;
        } catch (StoreException | IOException failed) {
            LOG.warn("Export {} failed", id, failed);
            ended = ended(kept.job, State.FAILED, failed.getMessage() + ".", 0);
        } catch (RuntimeException fault) {
            LOG.error("Export {} failed", id, fault);
            ended = ended(kept.job, State.FAILED, "The server failed; its log says more about " + id + ".", 0);
        }
        end(kept, ended);
        if (again) {
            later(kept);
        }
    }

    /** Of an archive that has gone nothing can be read, which is not what the footage is to be blamed for. */
    private boolean isThere(Sources from) {
        return sources.get().filter(now -> now.archive() == from.archive()).isPresent();
    }

    private void later(Kept kept) {
        if (!stopping) {
            keeper.schedule(() -> submit(kept), TURN_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void end(Kept kept, ExportJob ended) {
        synchronized (kept) {
            kept.running = false;
            boolean failed = ended != null && ended.state() == State.FAILED;
            if (kept.unwanted || failed) {
                try {
                    places.remove(kept.job.id());
                } catch (IOException stays) {
                    LOG.warn("Files of export {} could not be removed", kept.job.id(), stays);
                }
            }
        }
        if (ended != null && !kept.unwanted) {
            change(kept, ended);
        }
    }

    private ExportJob ended(ExportJob job, State state, String detail, long bytes) {
        Instant now = clock.get();
        return job.ended(state, detail, bytes, now, now.plus(Duration.ofHours(limits.hoursKept())));
    }

    private void requireRoom(long bytes) throws IOException {
        long usable = space.usable(limits.folder());
        if (usable - bytes < limits.reserveBytes()) {
            throw new IOException(
                    "The disk of " + limits.folder() + " is full: " + usable + " bytes are free, of which "
                            + limits.reserveBytes() + " stay free. Make room or remove exports, and order again");
        }
        long used = places.bytes();
        if (used > limits.packageBytesMax()) {
            throw new IOException("Packages have " + used + " bytes, of which there may be " + limits.packageBytesMax()
                    + ". Remove exports, and order again");
        }
    }

    /** What the store refuses is written when it answers again. */
    private void change(Kept kept, ExportJob job) {
        kept.job = job;
        kept.unsaved = true;
        save(kept);
    }

    private void save(Kept kept) {
        try {
            Optional<ExportStore> store = stores.get();
            if (store.isPresent()) {
                ExportJob job = kept.job;
                kept.unsaved = false;
                store.get().update(job);
                // Who wrote an older state last writes the newer one again.
                kept.unsaved = kept.unsaved || kept.job != job;
            }
        } catch (StoreException away) {
            kept.unsaved = true;
            LOG.debug("How far export {} is could not be stored: {}", kept.job.id(), away.getMessage());
        }
    }

    private void turn() {
        try {
            if (!loaded) {
                load();
            }
            jobs.values().stream().filter(kept -> kept.unsaved).forEach(this::save);
            Instant now = clock.get();
            for (Kept kept : jobs.values()) {
                if (kept.job.expires().filter(now::isAfter).isPresent()) {
                    LOG.info("Export {} has expired and is removed", kept.job.id());
                    remove(kept.job.id());
                }
            }
        } catch (StoreException | IOException away) {
            LOG.debug("Exports are looked after later: {}", away.getMessage());
        } catch (RuntimeException fault) {
            LOG.error("Exports could not be looked after", fault);
        }
    }

    private void load() throws IOException {
        Optional<ExportStore> store = stores.get();
        if (store.isEmpty()) {
            return;
        }
        Set<UUID> known = new HashSet<>();
        for (ExportJob job : store.get().jobs(serverId)) {
            known.add(job.id());
            Kept kept = new Kept(job);
            if (jobs.putIfAbsent(job.id(), kept) != null) {
                continue;
            }
            if (job.state() == State.DONE && !Files.isRegularFile(places.whole(job.id()))) {
                change(kept, ended(job, State.FAILED, "Its package is not on the disk any more.", 0));
            } else if (!isFinished(job) && Files.isRegularFile(places.whole(job.id()))) {
                change(kept, ended(job, State.DONE, "", Files.size(places.whole(job.id()))));
            } else if (!isFinished(job)) {
                submit(kept);
            }
        }
        for (UUID id : places.ids()) {
            if (!known.contains(id) && !jobs.containsKey(id)) {
                LOG.info("Files of export {}, which nobody knows, are removed", id);
                places.remove(id);
            }
        }
        loaded = true;
    }

    /** Stops at once; what is being made goes on at the next start. */
    @Override
    public void close() {
        stopping = true;
        keeper.shutdownNow();
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("An export did not stop within {} s", STOP_SECONDS_MAX);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
