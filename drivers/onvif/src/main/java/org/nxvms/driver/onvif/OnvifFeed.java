// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One feed. Devices say every state to a new subscription, or when they are asked to, but not when that was all: an
 * answer without messages, or some silence, counts as that. They are asked for all states again with each renewal, so that an end that was
 * never said does not leave a state on for ever.
 */
final class OnvifFeed implements DeviceEvents.Feed {
    private static final Logger LOG = LoggerFactory.getLogger(OnvifFeed.class);
    private static final long NANOS_PER_MS = 1_000_000;
    /** After an answer in which nothing was of interest something may follow sooner than after none. */
    private static final int IDLE_PART = 10;

    /**
     * How long what is waited for.
     *
     * @param synchroniseMs after which all states count as said in any case
     * @param pullSeconds longest that a device is asked to hold an answer back
     * @param renewMs after which the subscription is renewed
     * @param idleMs a pause after a device that does not hold answers back
     */
    record Patience(long synchroniseMs, int pullSeconds, long renewMs, long idleMs) {
        static final Patience USUAL =
                new Patience(10_000, 10, TimeUnit.SECONDS.toMillis(Subscription.LIFE_SECONDS) / 2, 500);
    }

    private final Subscription subscription;
    private final Set<String> otherSources;
    private final Supplier<Quirks> quirks;
    private final Patience patience;
    private final long startNano = System.nanoTime();
    private long renewedNano = startNano;
    private boolean asked;
    private boolean synchronised;
    private boolean pulling;
    private volatile boolean closed;

    OnvifFeed(Subscription subscription, Set<String> otherSources, Supplier<Quirks> quirks, Patience patience) {
        this.subscription = subscription;
        this.otherSources = otherSources;
        this.quirks = quirks;
        this.patience = patience;
    }

    @Override
    public List<DeviceEvent> next(int waitMs) throws DriverException, InterruptedException {
        List<DeviceEvent> events = new ArrayList<>();
        long end = System.nanoTime() + waitMs * NANOS_PER_MS;
        while (events.isEmpty()) {
            long leftMs = (end - System.nanoTime()) / NANOS_PER_MS;
            if (leftMs <= 0) {
                break;
            }
            begin();
            try {
                ask(events, leftMs);
            } catch (DriverException failed) {
                // The HTTP client's word for an interrupted wait is the session's; the platform's is this one.
                if (Thread.interrupted()) {
                    throw new InterruptedException("the feed was ended");
                }
                if (closed) {
                    throw over();
                }
                throw failed;
            } finally {
                finish();
            }
        }
        return events;
    }

    private void ask(List<DeviceEvent> events, long leftMs) throws DriverException, InterruptedException {
        Quirks now = quirks.get();
        if (!asked || sinceMs(renewedNano) > patience.renewMs()) {
            if (asked && now.renew()) {
                subscription.renew();
            }
            asked = true;
            renewedNano = System.nanoTime();
            if (now.synchronize()) {
                subscription.synchronise();
            }
        }
        long beforeNano = System.nanoTime();
        long seconds = Math.min(
                (leftMs + 999) / 1_000,
                synchronised ? Math.min(patience.pullSeconds(), now.pullSecondsMax()) : subscription.quietSeconds());
        List<XmlNode> told = subscription.take((int) Math.max(1, seconds));
        for (XmlNode notification : told) {
            for (DeviceEvent event : Topics.events(notification, otherSources, now.topics())) {
                if (events.size() < EVENTS_MAX - 1) {
                    events.add(event);
                }
            }
        }
        if (!synchronised && (told.isEmpty() || sinceMs(startNano) > patience.synchroniseMs())) {
            synchronised = true;
            events.add(DeviceEvent.synchronised());
        }
        // One that has always something to say, and nothing to us, is not asked without a pause either.
        long pauseMs = told.isEmpty() ? patience.idleMs() : events.isEmpty() ? patience.idleMs() / IDLE_PART : 0;
        if (sinceMs(beforeNano) < pauseMs) {
            Thread.sleep(Math.min(pauseMs, Math.max(1, leftMs)));
        }
    }

    private static long sinceMs(long nano) {
        return (System.nanoTime() - nano) / NANOS_PER_MS;
    }

    private synchronized void begin() throws DriverException {
        if (closed) {
            throw over();
        }
        pulling = true;
    }

    /** Whoever closes while an answer is waited for leaves the goodbye to the one who waits: a session has one thread. */
    private void finish() {
        boolean leave;
        synchronized (this) {
            pulling = false;
            leave = closed;
        }
        if (leave) {
            unsubscribe();
        }
    }

    private static DriverException over() {
        return new DriverException(Kind.CLOSED, "The subscription has been closed.");
    }

    @Override
    public void close() {
        boolean leave;
        synchronized (this) {
            leave = !closed && !pulling;
            closed = true;
        }
        subscription.wake();
        if (leave) {
            unsubscribe();
        }
    }

    private void unsubscribe() {
        try {
            subscription.end();
        } catch (DriverException gone) {
            // It forgets us by itself in a minute.
            LOG.debug("a subscription was not ended: {}", gone.getMessage());
        }
    }
}
