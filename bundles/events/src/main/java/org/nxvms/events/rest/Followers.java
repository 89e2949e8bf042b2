// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.nxvms.events.EventEngine;
import org.nxvms.events.rest.Follower.Lane;
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

    private final EventEngine engine;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService near =
            Executors.newSingleThreadScheduledExecutor(named("nxvms-events-near"));
    private final ExecutorService far = Executors.newSingleThreadExecutor(named("nxvms-events-far"));
    private final Runnable onChanges = this::wakeAll;

    Followers(EventEngine engine) {
        this.engine = engine;
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

    /** {@return false when there are as many as allowed} */
    boolean reserve() {
        int max = engine.settings().followersMax();
        return engine.followers().getAndUpdate(now -> now < max ? now + 1 : now) < max;
    }

    void release() {
        engine.followers().decrementAndGet();
    }

    void add(Follower follower) {
        followers.add(follower);
        follower.start();
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
        Lane next = Lane.NEAR;
        try {
            next = follower.turn(lane);
        } catch (RuntimeException e) {
            LOG.error("A client of the stream of events cannot be served and is let go", e);
            follower.stop();
        }
        if (follower.isClosed()) {
            drop(follower);
        } else if (next == Lane.FAR && follower.schedule()) {
            run(follower, Lane.FAR);
        } else if (lane == Lane.FAR && follower.unschedule()) {
            wake(follower);
        }
    }

    private void drop(Follower follower) {
        if (followers.remove(follower)) {
            release();
        }
    }

    @Override
    public void close() {
        engine.offChanges(onChanges);
        near.shutdown();
        far.shutdownNow();
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
