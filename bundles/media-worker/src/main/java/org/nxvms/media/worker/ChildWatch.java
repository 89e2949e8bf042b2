// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after every child a few times a second: silent for too long, too big, too talkative; and after what they leave.
 * Sleeps while there is none, as on most servers.
 */
final class ChildWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ChildWatch.class);
    private static final long TICK_MS = 250;
    /** A look that comes so late says that this server stood still, not the children. */
    private static final long LATE_NS = 1_500_000_000L;

    private final Set<Child> children = ConcurrentHashMap.newKeySet();
    private final List<Runnable> others = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "nxvms-ctl-worker");
        thread.setDaemon(true);
        return thread;
    });
    private final Remains remains;
    private volatile Limits limits;
    // The timer's thread only.
    private boolean looking;
    private long lastNs;

    ChildWatch(Limits limits, Remains remains) {
        this.remains = remains;
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    void limits(Limits changed) {
        limits = changed;
    }

    Remains remains() {
        return remains;
    }

    void add(Child child) {
        children.add(child);
        try {
            timer.execute(this::begin);
        } catch (RejectedExecutionException e) {
            LOG.debug("Nobody is watched any more", e);
        }
    }

    void remove(Child child) {
        children.remove(child);
    }

    /** Something else to look after as long as there are children; short, and never throwing. */
    void also(Runnable look) {
        others.add(look);
    }

    private void begin() {
        if (!looking) {
            looking = true;
            lastNs = System.nanoTime();
            lookLater();
        }
    }

    private void lookLater() {
        try {
            timer.schedule(this::look, TICK_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Nobody is watched any more", e);
        }
    }

    private void look() {
        try {
            long now = System.nanoTime();
            boolean late = now - lastNs > LATE_NS;
            lastNs = now;
            for (Child child : children) {
                if (late) {
                    child.excuse();
                } else {
                    child.check(limits, now);
                }
            }
            others.forEach(Runnable::run);
        } catch (RuntimeException fault) {
            LOG.error("Watching the media processes failed; it goes on at the next look", fault);
        }
        // Who is added from now on begins anew.
        looking = !children.isEmpty();
        if (looking) {
            lookLater();
        }
    }

    void close() {
        timer.shutdownNow();
    }
}
