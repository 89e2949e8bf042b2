// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.nxvms.events.core.ChangeLog;
import org.nxvms.events.core.Inbox;
import org.nxvms.events.core.Numbers;
import org.nxvms.events.core.Said;
import org.nxvms.events.core.States;
import org.nxvms.events.core.Subscriptions;
import org.nxvms.events.keep.Retention;
import org.nxvms.events.keep.StoreWriter;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFigures;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventStore;
import org.nxvms.platform.api.event.EventSubscriber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread through which everything that is said becomes events: it numbers them, keeps the states, and hands each
 * change to the log in memory, the writer and the subscribers. It never waits for any of them.
 */
public final class EventEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventEngine.class);
    private static final int BATCH_MAX = 1_000;
    /** States end and changes are published as late as this, so that what falls due together is done together. */
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** With nothing said and no state due: losses that nobody wakes the bus for are told within this. */
    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(1);

    /** How long the first events wait for the database, to continue its numbers and its states. */
    private static final long FIRST_STORE_MS_MAX = 15_000;

    /** More states than this are not restored at once; the others end when retention would remove them. */
    private static final int RESTORED_MAX = States.OPEN_MAX;

    private final UUID serverId;
    private final Inbox inbox = new Inbox();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Numbers numbers = new Numbers(EventEngine::nowUs);
    private final States states;
    private final ChangeLog log = new ChangeLog();
    private final StoreWriter writer;
    private final EventLookup lookup;
    private final Losses losses;
    private final Retention retention;
    private final ExecutorService subscriberThreads;
    private final Subscriptions subscriptions;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger followers = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "nxvms-events");
    private volatile Settings settings;
    private volatile boolean storeSeen;
    private volatile boolean storeKnown;
    private volatile boolean closed;

    /** See {@link EventSettings}. */
    public record Settings(
            Retention.Limits retention,
            long spoolBytesMax,
            int restartGraceSeconds,
            int followersMax,
            int followersPerUserMax) {
        public static Settings of(EventSettings settings) {
            return new Settings(
                    new Retention.Limits(settings.retentionDaysMax(), settings.rowsMax()),
                    (long) settings.spoolMebibytesMax() << 20,
                    settings.restartGraceSeconds(),
                    settings.followersMax(),
                    settings.followersPerUserMax());
        }
    }

    /** @param ageUs the time by which events grow old, while it is known */
    EventEngine(
            ServerIdentity server,
            Settings settings,
            Supplier<Optional<EventStore>> store,
            Supplier<OptionalLong> ageUs) {
        this.serverId = server.serverId();
        this.settings = settings;
        this.states = new States(serverId, numbers, EventEngine::nowUs, System::nanoTime);
        this.retention = new Retention(serverId, settings.retention(), ageUs, EventEngine::nowMs);
        this.writer = new StoreWriter(
                store,
                this::connected,
                server.dataFolder().resolve("events").resolve("spool"),
                settings.spoolBytesMax(),
                retention);
        this.lookup = new EventLookup(store, writer);
        this.losses = new Losses(serverId, fact -> states.pulse(fact, nowUs()));
        AtomicInteger number = new AtomicInteger();
        // One thread a subscriber that has something to hear: as many as there are subscribers.
        this.subscriberThreads =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread made = new Thread(task, "nxvms-events-sub-" + number.incrementAndGet());
                    made.setDaemon(true);
                    return made;
                });
        this.subscriptions = new Subscriptions(subscriberThreads);
        thread.setDaemon(true);
    }

    void start() {
        writer.start();
        thread.start();
    }

    void settings(Settings now) {
        settings = now;
        retention.limits(now.retention());
        writer.spoolBytesMax(now.spoolBytesMax());
    }

    public Settings settings() {
        return settings;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        subscriberThreads.shutdownNow();
        writer.close();
    }

    // ---- speaking and hearing

    /** {@return false when it was dropped} */
    public boolean say(Said said) {
        return !closed && inbox.offer(said);
    }

    void storeAppeared() {
        writer.storeAppeared();
    }

    void subscribe(EventSubscriber subscriber) {
        // On the bus's thread: no change falls between the open states and what follows.
        post(() -> subscriptions.add(subscriber, states.open()));
    }

    void unsubscribe(EventSubscriber subscriber) {
        post(() -> subscriptions.remove(subscriber));
        subscriptions.remove(subscriber);
    }

    /** Runs on the bus's thread soon. */
    private void post(Runnable task) {
        tasks.add(task);
        inbox.wake();
    }

    /** Called after changes, on the bus's thread; must return at once. */
    public void onChanges(Runnable listener) {
        listeners.add(listener);
    }

    public void offChanges(Runnable listener) {
        listeners.remove(listener);
    }

    private void run() {
        awaitFirstStore();
        List<Said> batch = new ArrayList<>(BATCH_MAX);
        long waitNs = 0;
        while (!closed) {
            try {
                inbox.take(batch, BATCH_MAX, waitNs);
                waitNs = turn(batch);
            } catch (InterruptedException e) {
                LOG.debug("Told to stop", e);
            } catch (RuntimeException e) {
                LOG.error("An event could not be taken; the next ones are", e);
            }
            batch.clear();
        }
        // What was said before the end, such as that the server stops, is kept too.
        do {
            batch.clear();
            inbox.drain(batch, BATCH_MAX);
            turn(batch);
        } while (!batch.isEmpty());
    }

    private void awaitFirstStore() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FIRST_STORE_MS_MAX);
        synchronized (tasks) {
            try {
                for (long left = FIRST_STORE_MS_MAX;
                        left > 0 && !storeSeen && !closed;
                        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                    tasks.wait(left);
                }
            } catch (InterruptedException e) {
                LOG.debug("Told to stop", e);
            }
        }
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** {@return how long there is nothing to do, as long as nothing comes} */
    private long turn(List<Said> batch) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        List<Event> changes = new ArrayList<>(batch.size());
        List<Optional<Event>> outcomes = new ArrayList<>(batch.size());
        for (Said said : batch) {
            outcomes.add(take(said, changes));
        }
        long waitNs = states.tick(changes, IDLE_NS);
        losses.report(nowMs(), inbox.dropped(), writer.lost(), changes);
        publish(changes);
        // Not before: who is told of an event may ask for it at once.
        for (int i = 0; i < outcomes.size(); i++) {
            batch.get(i).done().accept(outcomes.get(i));
        }
        return Math.max(TICK_NS, waitNs);
    }

    private Optional<Event> take(Said said, List<Event> changes) {
        if (said instanceof Said.Pulse pulse) {
            Event event = states.pulse(pulse.fact(), pulse.atUs());
            changes.add(event);
            return Optional.of(event);
        }
        if (said instanceof Said.Past past) {
            Event event = states.past(past.fact(), past.startUs(), past.endUs());
            changes.add(event);
            return Optional.of(event);
        }
        if (said instanceof Said.Hold hold) {
            return states.hold(hold, changes);
        }
        Said.End end = (Said.End) said;
        Optional<Event> ended = states.end(end.source(), end.kind(), end.endUs());
        ended.ifPresent(changes::add);
        return ended;
    }

    private void publish(List<Event> changes) {
        for (Event event : changes) {
            log.add(event);
            writer.accept(event);
            subscriptions.offer(event);
        }
        if (!changes.isEmpty()) {
            listeners.forEach(Runnable::run);
        }
    }

    /** A store came, on the writer's thread: goes on where an earlier process, or the time without database, ended. */
    private void connected(EventStore now) {
        long last = now.lastSequence(serverId).orElse(0);
        List<Event> open = now.open(serverId, RESTORED_MAX);
        post(() -> {
            numbers.above(last);
            if (!storeKnown) {
                log.startAt(last);
                List<Event> changes = new ArrayList<>();
                open.forEach(event -> states.restore(event, settings.restartGraceSeconds(), changes));
                publish(changes);
            }
            storeKnown = true;
        });
        storeSeen = true;
        synchronized (tasks) {
            tasks.notifyAll();
        }
    }

    // ---- reading

    /** {@return a full page, unless there is no more} */
    List<Event> find(EventQuery query) {
        return lookup.find(query);
    }

    Optional<Event> get(UUID id) {
        return lookup.get(id);
    }

    List<Event> open() {
        return states.open();
    }

    /** {@return the newest change's sequence} */
    public long last() {
        return log.last();
    }

    /** {@return changes behind a position, in order, from memory; empty when some of them are no longer there} */
    public Optional<List<Event>> near(long sequence, int limit) {
        return log.after(sequence, limit);
    }

    /**
     * As {@link #near} for a position far behind. Blocks on the database.
     *
     * @return nothing as long as changes before the log's are only on their way to the store
     * @throws StoreException when the database does not answer
     */
    public List<Event> far(long sequence, int limit) {
        long floor = log.floor();
        if (writer.holdsUpTo(floor)) {
            return List.of();
        }
        List<Event> page = lookup.stored().changesAfter(serverId, sequence, limit);
        // All that is older than the log was in this page: the log goes on from there.
        return page.isEmpty() ? log.after(floor, limit).orElse(List.of()) : page;
    }

    /** {@return whether changes behind this position may have been removed by retention} */
    public boolean isTooOld(long sequence) {
        return sequence < log.floor() && lookup.stored().firstSequence(serverId).orElse(0) > sequence;
    }

    /** As {@link #near} where that goes, else as {@link #far}. */
    List<Event> changesAfter(long sequence, int limit) {
        awaitedStore();
        Optional<List<Event>> near = log.after(sequence, limit);
        return near.isPresent() ? near.get() : far(sequence, limit);
    }

    /** {@return the newest change's sequence, once it is known what an earlier process has left} */
    long lastKnown() {
        awaitedStore();
        return log.last();
    }

    private void awaitedStore() {
        if (!storeKnown) {
            throw new StoreException("The database of events has not been there since the start", null);
        }
    }

    long countSettled(EventFilter filter, long afterSequence, long throughSequence) {
        return lookup.stored().countSettled(serverId, filter, afterSequence, throughSequence);
    }

    /** How many clients follow now. */
    public AtomicInteger followers() {
        return followers;
    }

    EventFigures figures() {
        return new EventFigures(
                inbox.taken(),
                inbox.dropped(),
                writer.stored(),
                writer.lost(),
                writer.waitingCount(),
                writer.spooledBytes(),
                states.size(),
                retention.rows(),
                subscriptions.spilled(),
                followers.get());
    }

    public static long nowUs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
