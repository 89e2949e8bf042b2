// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nxvms.events.EventEngine;
import org.nxvms.events.rest.Follower.Lane;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All clients of the stream, on two threads: one serves those that are near the end, from memory; the other those that
 * fell far behind, from the store, so that a slow database holds up nobody else.
 */
final class Followers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);
    /** Heartbeats, expired tokens, dead clients; and those who wait for the store. */
    private static final long TICK_MS = 1_000;

    private static final int RETRY_AFTER_SECONDS = 5;

    private final EventEngine engine;
    private final Supplier<AccessGuard> guards;
    private final Follower.Pace pace;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final Map<UUID, Integer> placesOfUsers = new HashMap<>();
    private final ScheduledExecutorService near =
            Executors.newSingleThreadScheduledExecutor(named("nxvms-events-near"));
    private final ExecutorService far = Executors.newSingleThreadExecutor(named("nxvms-events-far"));
    private final Runnable onChanges = this::wakeAll;
    private volatile boolean closed;

    Followers(EventEngine engine, Supplier<AccessGuard> guards, Follower.Pace pace) {
        this.engine = engine;
        this.guards = guards;
        this.pace = pace;
        engine.onChanges(onChanges);
        near.scheduleWithFixedDelay(this::wakeAll, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    private static java.util.concurrent.ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    EventEngine engine() {
        return engine;
    }

    Supplier<AccessGuard> guards() {
        return guards;
    }

    Follower.Pace pace() {
        return pace;
    }

    /**
     * Takes a place for a client of a user: given back by {@link #release}, or handed to {@link #add}.
     *
     * @throws ProblemException 429 when all places, or this user's, are taken
     */
    void reserve(UUID user) {
        EventEngine.Settings settings = engine.settings();
        synchronized (placesOfUsers) {
            if (placesOfUsers.getOrDefault(user, 0) >= settings.followersPerUserMax()) {
                throw full("You follow events with as many clients as one user may. Close one, or raise"
                        + " followersPerUserMax.");
            }
            int max = settings.followersMax();
            if (engine.followers().getAndUpdate(now -> now < max ? now + 1 : now) >= max) {
                throw full("As many clients follow events as are allowed. Try again later, or raise followersMax.");
            }
            placesOfUsers.merge(user, 1, Integer::sum);
        }
    }

    private static ProblemException full(String detail) {
        return Problem.tooManyRequests(detail, RETRY_AFTER_SECONDS).exception();
    }

    void release(UUID user) {
        synchronized (placesOfUsers) {
            placesOfUsers.computeIfPresent(user, (id, count) -> count > 1 ? count - 1 : null);
            engine.followers().decrementAndGet();
        }
    }

    /** Begins to serve a client that has a place. Whatever happens, its place is given back once, when it ends. */
    void add(Follower follower) {
        followers.add(follower);
        try {
            follower.start();
        } catch (IllegalStateException e) {
            LOG.debug("A client was gone before it could be served", e);
            follower.stop();
        }
        if (closed) {
            follower.stop();
        }
        if (follower.isClosed()) {
            drop(follower);
        }
    }

    void wake(Follower follower) {
        if (follower.schedule()) {
            run(follower, Lane.NEAR);
        }
    }

    private void wakeAll() {
        followers.forEach(this::wake);
    }

    private void run(Follower follower, Lane lane) {
        try {
            (lane == Lane.NEAR ? near : far).execute(() -> turn(follower, lane));
        } catch (RejectedExecutionException e) {
            LOG.debug("The stream is stopping", e);
        }
    }

    private void turn(Follower follower, Lane lane) {
        // Before the turn: what comes from now on asks for another one.
        if (lane == Lane.NEAR) {
            follower.unschedule();
        }
        if (follower.isClosed()) {
            drop(follower);
            return;
        }
        Follower.Next next = Follower.Next.ON_NEWS;
        try {
            next = follower.turn(lane);
        } catch (RuntimeException e) {
            LOG.error("A client of the stream of events cannot be served and is let go", e);
            follower.stop();
        }
        if (follower.isClosed()) {
            drop(follower);
        } else if (next == Follower.Next.FAR_NOW) {
            // On this lane it is scheduled still. Who scheduled it meanwhile comes to the same end.
            if (lane == Lane.FAR || follower.schedule()) {
                run(follower, Lane.FAR);
            }
        } else if (next == Follower.Next.NEAR_NOW) {
            wake(follower);
        } else if (lane == Lane.FAR && follower.unschedule()) {
            wake(follower);
        }
    }

    private void drop(Follower follower) {
        if (followers.remove(follower)) {
            release(follower.owner());
        }
    }

    @Override
    public void close() {
        closed = true;
        engine.offChanges(onChanges);
        near.shutdown();
        // Never interrupted: it may be reading the embedded database, whose file an interrupt would close.
        far.shutdown();
        try {
            if (!near.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.debug("A client is still being served");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        followers.forEach(Follower::stop);
        followers.forEach(this::drop);
    }
}
