// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.cameras.drivers.Fence;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One feed from its subscription to its end, in a session of its own; on a thread of its own, unless it is one that needs none
 * while it waits.
 */
final class EventPump {
    static final int WAIT_MS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(EventPump.class);
    /** An answer without content comes when the wait is over; a driver that hurries is slowed to this. */
    static final int PACE_MS = 200;

    private final ShelvedDriver driver;
    private final DeviceTarget target;
    private final DeviceStates states;
    private final String ownWord;
    /** Stands for this feed where it is remembered: the feed itself would keep the driver. */
    private final Object token = new Object();

    private final AsyncHearing.Hands hands;
    /** Until there was a thread to begin on it has not begun. */
    private volatile boolean begun;

    private volatile long begunNs;
    private volatile long progressNs;
    private volatile boolean subscribed;
    private volatile boolean ended;
    private volatile Optional<DriverException> failure = Optional.empty();
    private volatile boolean stopped;
    /** Guarded by this: a thread that has left must not be interrupted in what it does next. */
    private Optional<Thread> thread = Optional.empty();
    /** Guarded by this. */
    private Optional<AsyncHearing> hearing = Optional.empty();

    EventPump(ShelvedDriver driver, DeviceTarget target, DeviceStates states, AsyncHearing.Hands hands) {
        this.driver = driver;
        this.target = target;
        this.states = states;
        this.hands = hands;
        this.ownWord = driver.info().id().replace('-', '_');
    }

    /** Begins, and goes on as long as the feed needs a thread. */
    void run(FeedThreads.Place place) {
        begunNs = System.nanoTime();
        progress();
        begun = true;
        here(Optional.of(Thread.currentThread()));
        boolean goesOn = false;
        try {
            goesOn = Fence.around(driver, () -> listen(place));
        } catch (Throwable e) {
            failed(e);
        } finally {
            here(Optional.empty());
            // A stop that came when all was over is no news for whoever has this thread next.
            Thread.interrupted();
            if (!goesOn) {
                over();
            }
        }
    }

    /** Why it ends. Whatever it is, and an interrupt that nobody asked for too: it is tried again later, not at once. */
    void failed(Throwable why) {
        if (why instanceof DriverException told) {
            failure = Optional.of(told);
            return;
        }
        LOG.debug("The feed of {} was ended", driver.label(), why);
        failure = Optional.of(new DriverException(
                DriverException.Kind.PROTOCOL,
                "The driver " + driver.label() + " ended the feed ("
                        + why.getClass().getSimpleName() + ")."));
    }

    /** The driver has let go. */
    void over() {
        ended = true;
    }

    private synchronized void here(Optional<Thread> now) {
        thread = now;
    }

    /** Ends it as soon as the driver lets go. Any thread. */
    synchronized void stop() {
        stopped = true;
        thread.ifPresent(Thread::interrupt);
        hearing.ifPresent(AsyncHearing::leave);
    }

    /** {@return whether it goes on without this thread} */
    private boolean listen(FeedThreads.Place place) throws DriverException, InterruptedException {
        if (stopped) {
            return false;
        }
        CameraSession session = Fence.open(driver, target);
        boolean goesOn = false;
        try {
            progress();
            DeviceEvents events = session.capability(DeviceEvents.class)
                    .orElseThrow(() -> new DriverException(
                            DriverException.Kind.UNSUPPORTED, "The device tells no events any more."));
            DeviceEvents.Feed feed = events.subscribe();
            if (feed instanceof DeviceEvents.AsyncFeed waiting) {
                goesOn = true;
                hear(session, waiting);
            } else {
                place.keep();
                hearAll(feed);
            }
        } finally {
            if (!goesOn) {
                letGo(session);
            }
        }
        return goesOn;
    }

    private void hear(CameraSession session, DeviceEvents.AsyncFeed feed) {
        AsyncHearing async = new AsyncHearing(driver, session, feed, this, hands);
        states.begin(token, now());
        synchronized (this) {
            hearing = Optional.of(async);
        }
        subscribed = true;
        async.ask();
    }

    private void hearAll(DeviceEvents.Feed feed) throws DriverException, InterruptedException {
        try {
            states.begin(token, now());
            subscribed = true;
            while (!stopped) {
                progress();
                hear(feed);
            }
        } finally {
            // Else what the driver says to the device in farewell would fail at once.
            Thread.interrupted();
            feed.close();
        }
    }

    private void letGo(CameraSession session) {
        Thread.interrupted();
        Fence.close(driver, session);
    }

    private void hear(DeviceEvents.Feed feed) throws DriverException, InterruptedException {
        long beganNs = System.nanoTime();
        List<DeviceEvent> said = feed.next(WAIT_MS);
        take(said);
        if (said.isEmpty() && System.nanoTime() - beganNs < TimeUnit.MILLISECONDS.toNanos(PACE_MS)) {
            Thread.sleep(PACE_MS);
        }
    }

    /** Takes what was said. */
    void take(List<DeviceEvent> said) throws DriverException {
        if (said.size() > DeviceEvents.Feed.EVENTS_MAX) {
            // What is left out might be the end of a state: the next feed says what holds.
            throw new DriverException(
                    DriverException.Kind.PROTOCOL,
                    "The driver told " + said.size() + " events at once; " + DeviceEvents.Feed.EVENTS_MAX
                            + " are allowed.");
        }
        states.take(token, ownWord, said, now());
    }

    private static DeviceStates.Now now() {
        return new DeviceStates.Now(
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), System.currentTimeMillis() * 1_000);
    }

    void progress() {
        progressNs = System.nanoTime();
    }

    /** {@return whether it was told to end} */
    boolean stopped() {
        return stopped;
    }

    /** {@return for how long the driver has not returned} */
    long silentMs() {
        return begun ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - progressNs) : 0;
    }

    /** {@return how long ago it was begun} */
    long ageMs() {
        return begun ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs) : 0;
    }

    /** {@return whether the device has agreed to tell what happens} */
    boolean subscribed() {
        return subscribed;
    }

    /** {@return whether the driver has let go} */
    boolean ended() {
        return ended;
    }

    /** {@return why it ended; empty when it was told to} */
    Optional<DriverException> failure() {
        return failure.filter(why -> !stopped);
    }
}
