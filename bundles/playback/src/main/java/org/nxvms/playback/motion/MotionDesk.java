// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.worker.LumaPictures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out where something moved, for all who ask: one thread, which does a little for each in turn. A search nobody asks about
 * any more is cancelled, and forgotten some time later. Any thread.
 */
public final class MotionDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MotionDesk.class);

    public static final int RUNNING_MAX = 8;
    public static final int RUNNING_OF_USER_MAX = 2;
    /** Timelines that are looked at; of one user the newest. */
    static final int GLANCES_MAX = 16;
    /** Searches that are over and can still be asked about. */
    static final int OVER_MAX = 32;

    /** Who shows a timeline asks again within that time. */
    static final long GLANCE_NS = TimeUnit.SECONDS.toNanos(15);
    /** Who waits for a search asks again within that time. */
    static final long ABANDONED_NS = TimeUnit.SECONDS.toNanos(45);

    static final long FORGOTTEN_NS = TimeUnit.MINUTES.toNanos(15);

    private static final long TROUBLE_MS = 500;
    /** A minute without a picture: the media worker, the archive or the database is away. */
    private static final int TROUBLES_MAX = 120;

    private static final long LOOK_MS = 5_000;
    private static final long STOP_MS = 3_000;

    private final Supplier<Archive> archive;
    private final Supplier<LumaPictures> worker;
    private final MotionReader reader;
    private final LongSupplier nanoTime;
    private final Thread thread;

    private final Map<UUID, MotionSearch> searches = new LinkedHashMap<>();
    private final Map<UUID, MotionGlance> glances = new LinkedHashMap<>();
    /** How often in a row each job was tried in vain; the desk's thread only. */
    private final Map<MotionJob, Integer> troubles = new HashMap<>();

    /** Masks that were changed; a search that was begun amid that has an old one. */
    private long maskChanges;

    private boolean closed;

    /** There is no place for another search. */
    public static final class TooManyException extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean own;

        TooManyException(String message, boolean own) {
            super(message);
            this.own = own;
        }

        /** {@return whether it is who asks that has too many} */
        public boolean isOwn() {
            return own;
        }
    }

    /**
     * @param archive the archive now, null while it is absent; likewise the worker
     * @param cacheBytesMax for what is known of footage
     */
    public MotionDesk(Supplier<Archive> archive, Supplier<LumaPictures> worker, long cacheBytesMax) {
        this(archive, worker, cacheBytesMax, System::nanoTime);
    }

    /** For tests. */
    MotionDesk(Supplier<Archive> archive, Supplier<LumaPictures> worker, long cacheBytesMax, LongSupplier nanoTime) {
        this.archive = archive;
        this.worker = worker;
        this.nanoTime = nanoTime;
        this.reader = new MotionReader(cacheBytesMax, nanoTime);
        this.thread = new Thread(this::work, "nxvms-motion");
        thread.setDaemon(true);
        thread.start();
    }

    /** Counts from now on. */
    public void limit(long cacheBytesMax) {
        reader.limit(cacheBytesMax);
    }

    /**
     * Begins a search. Blocks on the database.
     *
     * @param masks is asked for that of each camera
     */
    public MotionSearch begin(UUID user, Archive footage, MotionSearch.Order order, Function<UUID, Mask> masks)
            throws TooManyException {
        long changes;
        synchronized (this) {
            makeRoom(user);
            changes = maskChanges;
        }
        MotionSearch fresh = new MotionSearch(user, Instant.now(), order, footage, masks, nanoTime.getAsLong());
        synchronized (this) {
            makeRoom(user);
            if (changes != maskChanges) {
                fresh.outdate();
            }
            searches.put(fresh.id(), fresh);
            notifyAll();
        }
        return fresh;
    }

    /** What was found with another mask of a camera is not shown any more. */
    public synchronized void maskChanged(UUID camera) {
        maskChanges++;
        searches.values().stream()
                .filter(search -> search.order().cameras().contains(camera))
                .forEach(MotionSearch::outdate);
    }

    private synchronized void makeRoom(UUID user) throws TooManyException {
        List<MotionSearch> running =
                searches.values().stream().filter(search -> !search.isOver()).toList();
        long own = running.stream().filter(search -> search.user().equals(user)).count();
        if (own >= RUNNING_OF_USER_MAX) {
            throw new TooManyException(own + " searches of yours run already", true);
        }
        if (closed || running.size() >= RUNNING_MAX) {
            throw new TooManyException(running.size() + " searches run already", false);
        }
    }

    /** {@return a search of a user, who asks about it and so keeps it} */
    public synchronized Optional<MotionSearch> search(UUID user, UUID id) {
        Optional<MotionSearch> found = Optional.ofNullable(searches.get(id))
                .filter(search -> search.user().equals(user));
        found.ifPresent(search -> search.asked(nanoTime.getAsLong()));
        return found;
    }

    /** Ends a search and forgets it; {@return whether there was one} */
    public synchronized boolean cancel(UUID user, UUID id) {
        Optional<MotionSearch> found = search(user, id);
        found.ifPresent(search -> {
            search.cancel();
            searches.remove(id);
        });
        return found.isPresent();
    }

    /**
     * Has a stretch of a timeline looked at, for as long as it is asked for again; of one user the one asked for last.
     */
    public synchronized void glance(UUID user, UUID camera, long fromUs, long toUs) {
        long untilNs = nanoTime.getAsLong() + GLANCE_NS;
        MotionGlance glance = glances.remove(user);
        if (glance == null || glance.isOver() || !glance.isOf(camera, fromUs, toUs)) {
            glance = new MotionGlance(camera, fromUs, toUs, untilNs);
        }
        glance.until(untilNs);
        if (glances.size() >= GLANCES_MAX) {
            glances.remove(glances.keySet().iterator().next());
        }
        glances.put(user, glance);
        notifyAll();
    }

    /** {@return whether such a stretch is being looked at} */
    public synchronized boolean isGlancedAt(UUID user, UUID camera, long fromUs, long toUs) {
        MotionGlance glance = glances.get(user);
        return glance != null && !glance.isOver() && glance.isOf(camera, fromUs, toUs);
    }

    /** {@return how much moved when beside the mask, as far as it is known} Blocks on the database. */
    public MotionHeights heights(Archive footage, UUID camera, Mask mask, long fromUs, long toUs, long bucketUs) {
        return MotionHeights.of(footage, reader, camera, mask, fromUs, toUs, bucketUs);
    }

    private void work() {
        try {
            List<MotionJob> round = awaitJobs();
            while (!round.isEmpty()) {
                boolean anyWent = false;
                for (MotionJob job : round) {
                    anyWent |= !job.isOver() && go(job);
                }
                troubles.keySet().retainAll(round);
                if (!anyWent) {
                    TimeUnit.MILLISECONDS.sleep(TROUBLE_MS);
                }
                round = awaitJobs();
            }
        } catch (InterruptedException stop) {
            LOG.debug("Motion: stops", stop);
        }
    }

    /** {@return whether it went on} */
    private boolean go(MotionJob job) throws InterruptedException {
        String why;
        try {
            Archive footage = archive.get();
            LumaPictures lumas = worker.get();
            if (footage != null && lumas != null) {
                job.go(footage, lumas, reader);
                troubles.remove(job);
                return true;
            }
            why = "the archive or the media worker is away";
        } catch (DriverException e) {
            if (e.kind() == Kind.CLOSED && Thread.interrupted()) {
                throw new InterruptedException(e.getMessage());
            }
            why = e.getMessage();
        } catch (StoreException e) {
            why = "the database does not answer";
        } catch (RuntimeException | LinkageError fault) {
            // Classes of a bundle that is exchanged amid a call are not to be had any more: one job less, not the
            // thread of all.
            LOG.error("Motion: internal fault, what was asked for is given up", fault);
            job.giveUp("internal fault; the server's log says more");
            return true;
        }
        int times = troubles.merge(job, 1, Integer::sum);
        if (times >= TROUBLES_MAX) {
            LOG.warn("Motion: given up after {} tries: {}", times, why);
            job.giveUp(why);
        }
        return false;
    }

    /** {@return what there is to do; waits until there is something; empty when the desk is closed} */
    private synchronized List<MotionJob> awaitJobs() throws InterruptedException {
        while (!closed) {
            tidy();
            List<MotionJob> jobs = new ArrayList<>();
            glances.values().stream().filter(glance -> !glance.isOver()).forEach(jobs::add);
            searches.values().stream().filter(search -> !search.isOver()).forEach(jobs::add);
            if (!jobs.isEmpty()) {
                return jobs;
            }
            wait(LOOK_MS);
        }
        return List.of();
    }

    private void tidy() {
        long now = nanoTime.getAsLong();
        glances.values().removeIf(glance -> glance.isOverAt(now));
        searches.values().stream()
                .filter(search -> now - search.askedNs() > ABANDONED_NS)
                .forEach(MotionSearch::cancel);
        searches.values().removeIf(search -> search.isOver() && now - search.askedNs() > FORGOTTEN_NS);
        List<MotionSearch> over = searches.values().stream()
                .filter(MotionSearch::isOver)
                .sorted(Comparator.comparingLong(MotionSearch::askedNs))
                .toList();
        for (int i = 0; i < over.size() - OVER_MAX; i++) {
            searches.remove(over.get(i).id());
        }
    }

    /** Ends its thread, and what is searched with it. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            searches.values().forEach(MotionSearch::cancel);
            notifyAll();
        }
        thread.interrupt();
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
