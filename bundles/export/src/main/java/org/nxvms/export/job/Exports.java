// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nxvms.export.pack.StoredZip;
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
    private static final long STORE_RETRY_MS = 2_000;
    private static final int STOP_SECONDS_MAX = 10;
    /** Half of what a file in a package may have: some programs read no larger ones. */
    private static final long MP4_BYTES_MAX = 2L << 30;

    private final Supplier<Optional<Sources>> sources;
    private final Supplier<Optional<ExportStore>> stores;
    private final UUID serverId;
    private final ExportLimits limits;
    private final ExportClocks clocks;
    private final PackageFiles places;
    private final PackageRoom room;
    private final Taking taking;
    private final Map<UUID, KeptJob> jobs = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor workers;
    private final ScheduledThreadPoolExecutor keeper;
    private volatile boolean loaded;
    private volatile boolean stopping;
    /** Of who submits. */
    private long turns;
    /** Of the keeper. */
    private boolean told;

    /** Why an order is not taken now; the message is for people. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * A job and how far it is.
     *
     * @param queuePosition among those that wait, 1 for the one that is made next; empty for one that does not wait
     */
    public record View(ExportJob job, Progress progress, OptionalInt queuePosition) {}

    Exports(
            Supplier<Optional<Sources>> sources,
            Supplier<Optional<ExportStore>> stores,
            UUID serverId,
            ExportLimits limits,
            ExportClocks clocks,
            DiskSpace space) {
        this.sources = sources;
        this.stores = stores;
        this.serverId = serverId;
        this.limits = limits;
        this.clocks = clocks;
        this.places = new PackageFiles(limits.folder());
        this.room = new PackageRoom(limits, places, space);
        this.taking = new Taking(limits, room);
        workers = ExportThreads.workers(limits.jobsMax());
        keeper = ExportThreads.keeper();
        keeper.scheduleWithFixedDelay(this::turn, 0, TURN_MS, TimeUnit.MILLISECONDS);
    }

    public ExportLimits limits() {
        return limits;
    }

    /** {@return all jobs, the newest first} */
    public List<View> jobs() {
        List<KeptJob> queue = KeptJob.queue(jobs.values());
        return jobs.values().stream()
                .map(kept -> kept.view(queue))
                .sorted(Comparator.comparing((View view) -> view.job().created())
                        .thenComparing(view -> view.job().id())
                        .reversed())
                .toList();
    }

    public Optional<View> find(UUID id) {
        return Optional.ofNullable(jobs.get(id)).map(kept -> kept.view(KeptJob.queue(jobs.values())));
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
        requireTaking(job.ownerId(), expectedBytes);
        store().insert(job);
        KeptJob kept = new KeptJob(job);
        kept.progress.expect(expectedBytes);
        jobs.put(job.id(), kept);
        submit(kept);
        return kept.view(KeptJob.queue(jobs.values()));
    }

    /**
     * {@return why an order would not be taken now; empty when it would} Of what others order meanwhile it knows nothing.
     *
     * @param owner who would order
     * @param expectedBytes about how large the package would be
     */
    public synchronized Optional<String> objection(UUID owner, long expectedBytes) throws IOException {
        try {
            requireTaking(owner, expectedBytes);
            return Optional.empty();
        } catch (RefusedException refused) {
            return Optional.of(refused.getMessage());
        }
    }

    private void requireTaking(UUID owner, long expectedBytes) throws RefusedException, IOException {
        if (stopping) {
            throw new RefusedException("Exports begin anew, with other settings. Try again in a moment");
        }
        taking.require(jobs.values(), owner, expectedBytes);
    }

    /**
     * Takes a job back, however far it is, and removes its package.
     *
     * @return false when there is none
     * @throws StoreException when that cannot be stored; then it is still there
     */
    public boolean remove(UUID id) {
        KeptJob kept = jobs.get(id);
        if (kept == null) {
            return false;
        }
        store().delete(id);
        kept.unwanted = true;
        jobs.remove(id);
        synchronized (kept) {
            if (!kept.running) {
                places.discard(id);
            }
        }
        return true;
    }

    /** {@return the package of a job that is done; empty when it is not there} */
    public Optional<Path> whole(UUID id) {
        KeptJob kept = jobs.get(id);
        return Optional.ofNullable(kept)
                .filter(one -> one.job.state() == State.DONE)
                .map(one -> places.whole(id))
                .filter(Files::isRegularFile);
    }

    private ExportStore store() {
        return stores.get().orElseThrow(() -> new StoreException("The database is not there now", null));
    }

    /** Jobs are made in the order in which they come here. */
    private synchronized void submit(KeptJob kept) {
        kept.turn = turns++;
        try {
            workers.execute(() -> make(kept));
        } catch (RejectedExecutionException stopped) {
            LOG.debug("Export {} goes on at the next start", kept.job.id());
        }
    }

    private void later(KeptJob kept, long afterMs) {
        try {
            keeper.schedule(() -> submit(kept), afterMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            LOG.debug("Export {} goes on at the next start", kept.job.id());
        }
    }

    private void make(KeptJob kept) {
        Optional<Sources> from = sources.get();
        synchronized (kept) {
            if (kept.unwanted || stopping) {
                return;
            }
            kept.running = from.isPresent();
        }
        if (from.isEmpty()) {
            // The archive is being exchanged.
            later(kept, TURN_MS);
            return;
        }
        Optional<ExportJob> ended = Optional.empty();
        long againMs = TURN_MS;
        try {
            ended = made(kept, from.get());
        } catch (Toll.UnwantedException unwanted) {
            LOG.info("Export {} stops before it is done", kept.job.id());
        } catch (StoredZip.InUseException inUse) {
            LOG.info("Export {} waits: {}", kept.job.id(), inUse.getMessage());
        } catch (StoreException away) {
            LOG.warn("Export {} waits for the database: {}", kept.job.id(), away.getMessage());
            againMs = STORE_RETRY_MS;
        } catch (IOException | RuntimeException | Error failed) {
            // Whatever it is, no job may stay as if somebody made it.
            ended = ended(kept, from.get(), failed);
        }
        end(kept, ended);
        if (ended.isEmpty() && !kept.unwanted) {
            later(kept, againMs);
        }
    }

    private Optional<ExportJob> made(KeptJob kept, Sources from) throws IOException, Toll.UnwantedException {
        change(kept, kept.job.running());
        Toll toll = new Toll(room::require, limits.bytesPerSecond(), () -> kept.unwanted || stopping || !isThere(from));
        PackageRun.Outcome outcome = new PackageRun(
                        kept.job, from, places, toll, kept.progress, MP4_BYTES_MAX, camera -> hears(kept, camera))
                .run();
        LOG.info("Export {} is done: {} bytes", kept.job.id(), outcome.bytes());
        return Optional.of(ended(kept.job, State.DONE, outcome.detail(), outcome.bytes()));
    }

    /** Footage may have come since it was ordered, from a volume that was away; who may not hear it may not have it. */
    private void hears(KeptJob kept, UUID camera) {
        if (!kept.job.heard().contains(camera)) {
            change(kept, kept.job.hearing(camera));
        }
    }

    /** {@return its end, when it failed of itself} Of an archive that has gone nothing can be read. */
    private Optional<ExportJob> ended(KeptJob kept, Sources from, Throwable failed) {
        UUID id = kept.job.id();
        if (kept.unwanted || stopping || !isThere(from)) {
            LOG.info("Export {} stops before it is done: {}", id, failed.toString());
            return Optional.empty();
        }
        LOG.error("Export {} failed", id, failed);
        String why = failed instanceof IOException io
                ? ExportFailedException.said(io)
                : "The server failed; its log says more about " + id + ".";
        return Optional.of(ended(kept.job, State.FAILED, why, 0));
    }

    private boolean isThere(Sources from) {
        return sources.get().filter(now -> now.archive() == from.archive()).isPresent();
    }

    private void end(KeptJob kept, Optional<ExportJob> ended) {
        synchronized (kept) {
            kept.running = false;
            kept.doneNanos = OptionalLong.of(clocks.livedNanos().getAsLong());
            if (kept.unwanted
                    || ended.filter(job -> job.state() == State.FAILED).isPresent()) {
                places.discard(kept.job.id());
            }
        }
        if (!kept.unwanted) {
            ended.ifPresent(job -> change(kept, job));
        }
    }

    private ExportJob ended(ExportJob job, State state, String detail, long bytes) {
        return job.ended(state, detail, bytes, clocks.now(), clocks.expiry(kept()));
    }

    private Duration kept() {
        return Duration.ofHours(limits.hoursKept());
    }

    /** What the store refuses is written when it answers again. */
    private void change(KeptJob kept, ExportJob job) {
        kept.job = job;
        kept.unsaved = true;
        save(kept);
    }

    private void save(KeptJob kept) {
        try {
            Optional<ExportStore> store = stores.get();
            if (store.isPresent()) {
                ExportJob job = kept.job;
                kept.unsaved = false;
                store.get().update(job);
                // Who wrote an older state last writes the newer one again.
                kept.unsaved = kept.unsaved || kept.job != job;
            }
        } catch (RuntimeException away) {
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
            places.discardLeftOver();
            for (KeptJob kept : jobs.values()) {
                if (clocks.isTooOld(kept.job, kept.doneNanos, kept())) {
                    LOG.info("Export {} has expired and is removed", kept.job.id());
                    remove(kept.job.id());
                }
            }
        } catch (StoreException away) {
            LOG.debug("Exports are looked after later: {}", away.getMessage());
        } catch (IOException unreadable) {
            if (!told) {
                LOG.error("Exports cannot be looked after, since {} cannot be read", limits.folder(), unreadable);
            }
            told = true;
        } catch (RuntimeException fault) {
            LOG.error("Exports could not be looked after", fault);
        }
    }

    private void load() throws IOException {
        Optional<ExportStore> store = stores.get();
        if (store.isEmpty()) {
            return;
        }
        List<ExportJob> stored = store.get().jobs(serverId);
        Set<UUID> strange = places.ids();
        for (ExportJob job : stored) {
            strange.remove(job.id());
            KeptJob kept = new KeptJob(job);
            jobs.put(job.id(), kept);
            if (job.state() == State.DONE && whole(job.id()).isEmpty()) {
                change(kept, ended(job, State.FAILED, "Its package is not on the disk any more.", 0));
            } else if (job.state() == State.FAILED) {
                places.discard(job.id());
            } else if (!kept.isFinished()) {
                takeUp(kept);
            }
        }
        for (UUID id : strange) {
            LOG.info("Files of export {}, which nobody knows, are removed", id);
            places.discard(id);
        }
        loaded = true;
    }

    /** The server may have gone between a package and its row. */
    private void takeUp(KeptJob kept) {
        Optional<PackageRun.Outcome> whole = places.outcome(kept.job.id());
        whole.ifPresentOrElse(
                found -> change(kept, ended(kept.job, State.DONE, found.detail(), found.bytes())), () -> submit(kept));
    }

    /** {@return whether it was told to stop} */
    boolean isStopping() {
        return stopping;
    }

    /**
     * Stops soon; what is being made goes on at the next start. No thread is interrupted: that would close the files, and
     * those of the embedded database, under whoever is writing.
     */
    @Override
    public void close() {
        synchronized (this) {
            stopping = true;
        }
        keeper.shutdown();
        workers.shutdown();
        workers.getQueue().clear();
        try {
            if (!workers.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)
                    || !keeper.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("An export did not stop within {} s", STOP_SECONDS_MAX);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
