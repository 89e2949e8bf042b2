// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.keep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events behind: what the bus hands over waits in memory, newest change of each event only, and is stored in batches
 * by one thread. While the database is away and memory is half full, events go to the spool on disk; when that is full too
 * they are lost, counted and reported. The bus never waits.
 */
public final class StoreWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWriter.class);
    /** Events in memory: minutes of a database's absence, about 20 MB at most. */
    public static final int WAITING_MAX = 20_000;

    static final int BATCH_MAX = 500;
    private static final long GATHER_MS = 100;
    private static final long RETRY_MS_MIN = 1_000;
    private static final long RETRY_MS_MAX = 10_000;
    private static final long STOP_MS_MAX = 5_000;
    /** For what the writer does on the disk once it has left the database. */
    private static final long LEAVE_MS_MAX = 2_000;

    private final Supplier<Optional<EventStore>> store;
    private final Consumer<EventStore> connected;
    private final Spool spool;
    private final Retention retention;
    private final LinkedHashMap<UUID, Event> waiting = new LinkedHashMap<>();
    private List<Event> writing = List.of();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private volatile long spoolBytesMax;
    private volatile boolean closed;
    /** The database is not waited for any more. */
    private volatile boolean left;

    private final ReentrantLock disk = new ReentrantLock();
    private volatile EventStore known;
    private boolean failing;
    private long retryMs = RETRY_MS_MIN;
    private final Thread thread = new Thread(this::run, "nxvms-events-store");

    /**
     * @param store the store now, empty while it is absent
     * @param connected told once for each store before anything is written to it, on the writer's thread
     */
    public StoreWriter(
            Supplier<Optional<EventStore>> store,
            Consumer<EventStore> connected,
            Path folder,
            long spoolBytesMax,
            Retention retention) {
        this.store = store;
        this.connected = connected;
        this.spool = new Spool(folder);
        this.spoolBytesMax = spoolBytesMax;
        this.retention = retention;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public void spoolBytesMax(long max) {
        spoolBytesMax = max;
    }

    /** Takes a change. Never blocks on disk or database. */
    public void accept(Event event) {
        synchronized (waiting) {
            // To the end, so that what waits is in the order of sequences.
            waiting.remove(event.id());
            if (waiting.size() >= WAITING_MAX) {
                var oldest = waiting.entrySet().iterator();
                oldest.next();
                oldest.remove();
                lost.incrementAndGet();
            }
            waiting.put(event.id(), event);
            waiting.notifyAll();
        }
    }

    /** {@return what is not stored yet and in memory} */
    public Collection<Event> waiting() {
        synchronized (waiting) {
            Map<UUID, Event> all = new LinkedHashMap<>();
            writing.forEach(event -> all.put(event.id(), event));
            all.putAll(waiting);
            return List.copyOf(all.values());
        }
    }

    /** {@return whether a change up to this sequence still waits for the store} */
    public boolean holdsUpTo(long sequence) {
        synchronized (waiting) {
            boolean batch = !writing.isEmpty() && writing.get(0).sequence() <= sequence;
            boolean queued =
                    !waiting.isEmpty() && waiting.values().iterator().next().sequence() <= sequence;
            return batch || queued || !spool.isEmpty() || known == null;
        }
    }

    public long stored() {
        return stored.get();
    }

    public long lost() {
        return lost.get();
    }

    public long spooledBytes() {
        return spool.bytes();
    }

    public long waitingCount() {
        synchronized (waiting) {
            return waiting.size() + writing.size() + spool.events();
        }
    }

    /** Stores or spools what waits, as long as that takes no longer than a few seconds. */
    @Override
    public void close() {
        closed = true;
        synchronized (waiting) {
            waiting.notifyAll();
        }
        try {
            thread.join(STOP_MS_MAX);
            if (thread.isAlive()) {
                LOG.warn(
                        "The database does not answer while the server stops; {} events go to the disk",
                        waitingCount());
                leaveStore();
                thread.join(LEAVE_MS_MAX);
            }
            if (thread.isAlive()) {
                rescue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Never amid work on the disk, whose file an interrupt closes. */
    private void leaveStore() throws InterruptedException {
        left = true;
        if (disk.tryLock(STOP_MS_MAX, TimeUnit.MILLISECONDS)) {
            try {
                thread.interrupt();
            } finally {
                disk.unlock();
            }
        }
    }

    /**
     * A database that no interrupt ends the wait for, as that of a socket, holds the writer and its batch: what it has not taken is
     * kept for it. Should it take it after all, it has it twice and keeps it once.
     */
    private void rescue() throws InterruptedException {
        List<Event> held = List.copyOf(waiting());
        if (held.isEmpty()) {
            return;
        }
        int kept = 0;
        if (disk.tryLock(STOP_MS_MAX, TimeUnit.MILLISECONDS)) {
            try {
                kept = spool.append(held, spoolBytesMax);
            } catch (IOException e) {
                LOG.error("Events cannot be spooled on disk: {}", e.getMessage(), e);
            } finally {
                disk.unlock();
            }
        }
        if (kept < held.size()) {
            lost.addAndGet(held.size() - kept);
            LOG.error(
                    "{} events are lost: neither database nor disk took them while the server stopped",
                    held.size() - kept);
        }
    }

    /** Something with the spool. */
    @FunctionalInterface
    private interface DiskWork<T> {
        T run() throws IOException;
    }

    private <T> T onDisk(DiskWork<T> work) throws IOException {
        disk.lock();
        try {
            // Told to leave the database: it has been, and the disk is used all the same.
            Thread.interrupted();
            return work.run();
        } finally {
            disk.unlock();
        }
    }

    private void run() {
        try {
            while (!closed) {
                long idleMs = turn();
                synchronized (waiting) {
                    // A store that came since the last look at it has woken nobody.
                    if (idleMs > 0 && !closed && waiting.isEmpty() && isKnown(store.get())) {
                        waiting.wait(idleMs);
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Told to stop", e);
        }
        while (take()) {
            if (!save()) {
                spool(true);
            }
        }
    }

    /** One piece of work; {@return how long there is nothing to do, as long as nothing comes} */
    private long turn() throws InterruptedException {
        Optional<EventStore> now = store.get();
        try {
            if (now.isEmpty()) {
                spool(false);
                awaitStore();
                return 0;
            }
            if (!isKnown(now)) {
                connected.accept(now.get());
                retention.connected(now.get());
                known = now.get();
            }
            if (!spool.isEmpty()) {
                return unspool(now.get());
            }
            if (!take()) {
                recovered();
                return retention.turn(now.get());
            }
            if (save()) {
                recovered();
                // Also when events never stop coming: as much goes as comes.
                retention.turn(now.get());
                gather();
                return 0;
            }
        } catch (StoreException e) {
            failed(e);
        } catch (RuntimeException | LinkageError e) {
            notKept(e);
        }
        spool(false);
        pause(retryMs);
        return 0;
    }

    /** A store is there: goes on at once. */
    public void storeAppeared() {
        synchronized (waiting) {
            waiting.notifyAll();
        }
    }

    private boolean isKnown(Optional<EventStore> now) {
        return now.isPresent() && now.get() == known;
    }

    /** Until a store is there, or for as long as memory may fill up unwatched. */
    private void awaitStore() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MS_MIN);
        synchronized (waiting) {
            for (long left = RETRY_MS_MIN;
                    left > 0 && !closed && store.get().isEmpty();
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                waiting.wait(left);
            }
        }
    }

    private void pause(long ms) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        synchronized (waiting) {
            for (long left = ms; left > 0 && !closed; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                waiting.wait(left);
            }
        }
    }

    /** Waits a moment so that what comes together is stored together, unless much waits already. */
    private void gather() throws InterruptedException {
        synchronized (waiting) {
            if (waiting.size() >= BATCH_MAX) {
                return;
            }
        }
        pause(GATHER_MS);
    }

    /** Takes a batch out of what waits, oldest first; {@return false when nothing waits} */
    private boolean take() {
        synchronized (waiting) {
            if (writing.isEmpty()) {
                List<Event> batch = new ArrayList<>(Math.min(BATCH_MAX, waiting.size()));
                var next = waiting.values().iterator();
                while (next.hasNext() && batch.size() < BATCH_MAX) {
                    batch.add(next.next());
                    next.remove();
                }
                writing = batch;
            }
            return !writing.isEmpty();
        }
    }

    private boolean save() {
        Optional<EventStore> now = store.get();
        if (now.isEmpty() || left) {
            return false;
        }
        try {
            retention.added(now.get().save(writing));
        } catch (StoreException e) {
            failed(e);
            return false;
        } catch (RuntimeException | LinkageError e) {
            notKept(e);
            return false;
        }
        stored.addAndGet(writing.size());
        synchronized (waiting) {
            writing = List.of();
        }
        return true;
    }

    /** Also when the store's bundle is exchanged amid a call: classes of it are not to be had any more. */
    private static void notKept(Throwable fault) {
        LOG.error("Events cannot be kept for now, tried again", fault);
    }

    private long unspool(EventStore now) {
        try {
            List<Event> events = onDisk(spool::oldest);
            for (int at = 0; at < events.size(); at += BATCH_MAX) {
                retention.added(now.save(events.subList(at, Math.min(events.size(), at + BATCH_MAX))));
            }
            onDisk(() -> {
                spool.removeOldest();
                return true;
            });
            stored.addAndGet(events.size());
            LOG.info("{} events from the spool are in the database now", events.size());
        } catch (IOException e) {
            LOG.error("A file of the spool of events cannot be read and is set aside", e);
            spool.setOldestAside();
        }
        return 0;
    }

    /**
     * Moves what waits to the disk.
     *
     * @param all whatever waits; else only what memory should not hold any longer
     */
    private void spool(boolean all) {
        while (true) {
            synchronized (waiting) {
                if (!all && waiting.size() + writing.size() < WAITING_MAX / 2) {
                    return;
                }
            }
            if (!take()) {
                return;
            }
            int kept = 0;
            try {
                kept = onDisk(() -> spool.append(writing, spoolBytesMax));
            } catch (IOException e) {
                LOG.error("Events cannot be spooled on disk and are lost: {}", e.getMessage(), e);
            }
            lost.addAndGet(writing.size() - kept);
            synchronized (waiting) {
                writing = List.of();
            }
        }
    }

    private void failed(StoreException e) {
        retryMs = failing ? Math.min(RETRY_MS_MAX, retryMs * 2) : RETRY_MS_MIN;
        if (!failing) {
            LOG.warn("{}; events wait in memory, then on disk, and are stored later", e.getMessage(), e);
        }
        failing = true;
    }

    private void recovered() {
        if (failing) {
            LOG.info("Events are stored again");
        }
        failing = false;
        retryMs = RETRY_MS_MIN;
    }
}
