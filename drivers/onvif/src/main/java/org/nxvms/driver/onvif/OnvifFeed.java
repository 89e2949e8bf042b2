// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One feed for whose deliveries a thread waits: a device without pull points. {@link PullFeed} is for all others. */
final class OnvifFeed implements DeviceEvents.Feed {
    private static final Logger LOG = LoggerFactory.getLogger(OnvifFeed.class);

    private final Subscription subscription;
    private final FeedState state;
    private boolean pulling;
    private volatile boolean closed;

    OnvifFeed(Subscription subscription, FeedState state) {
        this.subscription = subscription;
        this.state = state;
    }

    @Override
    public List<DeviceEvent> next(int waitMs) throws DriverException, InterruptedException {
        List<DeviceEvent> events = List.of();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (events.isEmpty()) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (leftMs <= 0) {
                break;
            }
            begin();
            try {
                events = ask(leftMs);
            } catch (DriverException failed) {
                state.over();
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

    private List<DeviceEvent> ask(long leftMs) throws DriverException, InterruptedException {
        FeedState.Due due = state.due(subscription.grantedMs());
        if (due.renew()) {
            subscription.renew();
        }
        if (due.synchronise()) {
            subscription.synchronise();
        }
        FeedState.Said said = state.said(subscription.take(state.ask(leftMs)), leftMs, false);
        if (said.pauseMs() > 0) {
            Thread.sleep(said.pauseMs());
        }
        return said.events();
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

    static DriverException over() {
        return new DriverException(Kind.CLOSED, "The subscription has been closed.");
    }

    @Override
    public void close() {
        boolean leave;
        synchronized (this) {
            leave = !closed && !pulling;
            closed = true;
        }
        state.over();
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
