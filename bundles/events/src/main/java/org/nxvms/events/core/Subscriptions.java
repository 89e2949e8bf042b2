// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.core;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventSubscriber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who hears events. Each subscriber has its queue and is called on one thread at a time; a slow one slows nobody. */
public final class Subscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final int QUEUE_MIN = 16;
    private static final int QUEUE_MAX = 65_536;

    private final Executor threads;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final AtomicLong spilledBefore = new AtomicLong();

    /** @param threads at most one task per subscriber runs at a time */
    public Subscriptions(Executor threads) {
        this.threads = threads;
    }

    private final class Subscription implements Runnable {
        final EventSubscriber subscriber;
        final EventFilter filter;
        final SubscriberQueue queue;
        final AtomicBoolean running = new AtomicBoolean();
        volatile boolean ended;

        Subscription(EventSubscriber subscriber) {
            this.subscriber = subscriber;
            EventFilter wanted = subscriber.filter();
            this.filter = new EventFilter(
                    java.util.OptionalLong.empty(),
                    java.util.OptionalLong.empty(),
                    wanted.kinds(),
                    wanted.cameras(),
                    wanted.severityMin());
            this.queue = new SubscriberQueue(Math.max(QUEUE_MIN, Math.min(QUEUE_MAX, subscriber.queueMax())));
        }

        void offer(Event event) {
            if (filter.fits(event)) {
                queue.add(event);
                wake();
            }
        }

        void wake() {
            if (!ended && running.compareAndSet(false, true)) {
                try {
                    threads.execute(this);
                } catch (RejectedExecutionException e) {
                    LOG.debug("The bundle is stopping", e);
                }
            }
        }

        @Override
        public void run() {
            try {
                for (Optional<Event> next = queue.poll(); next.isPresent() && !ended; next = queue.poll()) {
                    long spilled = queue.takeSpilled();
                    if (spilled > 0) {
                        LOG.warn(
                                "{} is too slow for its events: {} were given up, it goes on with the newer ones",
                                subscriber.name(),
                                spilled);
                        subscriber.onSpill(spilled);
                    }
                    subscriber.onEvent(next.get());
                }
            } catch (RuntimeException e) {
                LOG.error("{} failed over an event; it gets the next ones", subscriber.name(), e);
            } finally {
                running.set(false);
                if (queue.size() > 0) {
                    wake();
                }
            }
        }
    }

    /** @param open states that are on, told first */
    public void add(EventSubscriber subscriber, List<Event> open) {
        Subscription subscription = new Subscription(subscriber);
        subscriptions.add(subscription);
        open.forEach(subscription::offer);
    }

    public void remove(EventSubscriber subscriber) {
        for (Subscription subscription : subscriptions) {
            if (subscription.subscriber == subscriber) {
                subscription.ended = true;
                subscriptions.remove(subscription);
                spilledBefore.addAndGet(subscription.queue.spilled());
            }
        }
    }

    public void offer(Event event) {
        for (Subscription subscription : subscriptions) {
            subscription.offer(event);
        }
    }

    public long spilled() {
        long spilled = spilledBefore.get();
        for (Subscription subscription : subscriptions) {
            spilled += subscription.queue.spilled();
        }
        return spilled;
    }
}
