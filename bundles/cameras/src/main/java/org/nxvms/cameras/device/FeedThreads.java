// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for what is asked of drivers in many cameras' feeds: so many at once, others wait their turn. A thread that does not
 * come back for long counts no more, so that drivers that hang, and devices that are slow, cost a thread each and other
 * cameras a moment. Any thread; never blocks.
 */
final class FeedThreads {
    private static final Logger LOG = LoggerFactory.getLogger(FeedThreads.class);

    /** A thread at work. */
    final class Place {
        private long sinceNs = System.nanoTime();

        private Place() {}

        /** The work will last, and counts no more. */
        void keep() {
            synchronized (FeedThreads.this) {
                counted.remove(this);
            }
            look();
        }
    }

    /** How often it is looked, while somebody waits, whether a thread is slow: so many times in what slow means. */
    private static final int LOOKS = 5;

    private final Executor pool;
    private final Timer timer;
    private final int togetherMax;
    private final long slowNs;
    /** A piece of work or two a camera, and the number of cameras is bounded. */
    private final Queue<Consumer<Place>> waiting = new ArrayDeque<>();

    private final Set<Place> counted = new HashSet<>();
    /** Threads that have not taken anything yet. */
    private int coming;

    /** Whether the timer is to look. */
    private boolean looking;

    private boolean closed;

    /**
     * @param togetherMax how many threads work at once, but for those that take longer
     * @param slowMs than this
     */
    FeedThreads(Executor pool, Timer timer, int togetherMax, int slowMs) {
        this.pool = pool;
        this.timer = timer;
        this.togetherMax = togetherMax;
        this.slowNs = TimeUnit.MILLISECONDS.toNanos(slowMs);
    }

    void execute(Runnable work) {
        execute(place -> work.run());
    }

    void execute(Consumer<Place> work) {
        synchronized (this) {
            waiting.add(work);
        }
        look();
    }

    /** Begins what waits and may begin; to be called now and then, for a pool that had no thread tells nobody when it has. */
    void look() {
        for (Place next = next(); next != null; next = next()) {
            Place place = next;
            try {
                pool.execute(() -> work(place, true));
            } catch (RejectedExecutionException none) {
                if (gone(place)) {
                    // The pool ends; what is left to do are farewells.
                    work(place, false);
                } else {
                    LOG.debug("There is no thread for the feeds of cameras now; tried again");
                    return;
                }
            }
        }
    }

    /** What comes now is done at once, by who brings it, when the pool takes nothing more. */
    synchronized void close() {
        closed = true;
    }

    private synchronized Place next() {
        long now = System.nanoTime();
        counted.removeIf(place -> now - place.sinceNs > slowNs);
        if (waiting.size() <= coming) {
            return null;
        }
        if (counted.size() >= togetherMax) {
            lookLater();
            return null;
        }
        Place place = new Place();
        counted.add(place);
        coming++;
        return place;
    }

    private void lookLater() {
        if (!looking && !closed) {
            looking = true;
            timer.postAfter(TimeUnit.NANOSECONDS.toMillis(slowNs / LOOKS), () -> {
                synchronized (this) {
                    looking = false;
                }
                look();
            });
        }
    }

    private synchronized boolean gone(Place place) {
        counted.remove(place);
        coming--;
        return closed;
    }

    private void work(Place place, boolean came) {
        for (Consumer<Place> work = take(place, came); work != null; work = take(place, false)) {
            try {
                work.accept(place);
            } catch (Throwable odd) {
                // Whatever it is: the thread works for other cameras, too.
                LOG.error("The feed of a camera failed by an error of the server's", odd);
            }
        }
    }

    private synchronized Consumer<Place> take(Place place, boolean came) {
        coming -= came ? 1 : 0;
        boolean has = counted.remove(place) || counted.size() < togetherMax || closed;
        Consumer<Place> work = has ? waiting.poll() : null;
        if (work != null) {
            place.sinceNs = System.nanoTime();
            counted.add(place);
        }
        return work;
    }
}
