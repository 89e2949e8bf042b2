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

/** One feed from its subscription to its end, on a thread of its own, in a session of its own. */
final class EventPump implements Runnable {
    static final int WAIT_MS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(EventPump.class);
    /** An answer without content comes when the wait is over; a driver that hurries is slowed to this. */
    private static final int PACE_MS = 200;

    private final ShelvedDriver driver;
    private final DeviceTarget target;
    private final DeviceStates states;
    private final String ownWord;
    /** Stands for this feed where it is remembered: the feed itself would keep the driver. */
    private final Object token = new Object();

    private final long begunNs = System.nanoTime();
    private volatile long progressNs = begunNs;
    private volatile boolean subscribed;
    private volatile boolean ended;
    private volatile Optional<DriverException> failure = Optional.empty();
    private volatile boolean stopped;
    /** Guarded by this: a thread that has left must not be interrupted in what it does next. */
    private Optional<Thread> thread = Optional.empty();

    EventPump(ShelvedDriver driver, DeviceTarget target, DeviceStates states) {
        this.driver = driver;
        this.target = target;
        this.states = states;
        this.ownWord = driver.info().id().replace('-', '_');
    }

    @Override
    public void run() {
        here(Optional.of(Thread.currentThread()));
        try {
            Fence.around(driver, this::listen);
        } catch (DriverException e) {
            failure = Optional.of(e);
        } catch (Throwable e) {
            // Whatever it is, and an interrupt that nobody asked for too: it is tried again later, not at once.
            LOG.debug("The feed of {} was ended", driver.label(), e);
            failure = Optional.of(new DriverException(
                    DriverException.Kind.PROTOCOL,
                    "The driver " + driver.label() + " ended the feed ("
                            + e.getClass().getSimpleName() + ")."));
        } finally {
            here(Optional.empty());
            ended = true;
        }
    }

    private synchronized void here(Optional<Thread> now) {
        thread = now;
    }

    /** Ends it as soon as the driver lets go. Any thread. */
    synchronized void stop() {
        stopped = true;
        thread.ifPresent(Thread::interrupt);
    }

    private boolean listen() throws DriverException, InterruptedException {
        if (stopped) {
            return false;
        }
        CameraSession session = Fence.open(driver, target);
        try {
            progress();
            DeviceEvents events = session.capability(DeviceEvents.class)
                    .orElseThrow(() -> new DriverException(
                            DriverException.Kind.UNSUPPORTED, "The device tells no events any more."));
            hearAll(events.subscribe());
        } finally {
            letGo(session);
        }
        return true;
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
        if (said.size() > DeviceEvents.Feed.EVENTS_MAX) {
            // What is left out might be the end of a state: the next feed says what holds.
            throw new DriverException(
                    DriverException.Kind.PROTOCOL,
                    "The driver told " + said.size() + " events at once; " + DeviceEvents.Feed.EVENTS_MAX
                            + " are allowed.");
        }
        states.take(token, ownWord, said, now());
        if (said.isEmpty() && System.nanoTime() - beganNs < TimeUnit.MILLISECONDS.toNanos(PACE_MS)) {
            Thread.sleep(PACE_MS);
        }
    }

    private static DeviceStates.Now now() {
        return new DeviceStates.Now(
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), System.currentTimeMillis() * 1_000);
    }

    private void progress() {
        progressNs = System.nanoTime();
    }

    /** {@return whether it was told to end} */
    boolean stopped() {
        return stopped;
    }

    /** {@return for how long the driver has not returned} */
    long silentMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - progressNs);
    }

    /** {@return how long ago it was begun} */
    long ageMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs);
    }

    /** {@return whether the device has agreed to tell what happens} */
    boolean subscribed() {
        return subscribed;
    }

    /** {@return whether its thread is free} */
    boolean ended() {
        return ended;
    }

    /** {@return why it ended; empty when it was told to} */
    Optional<DriverException> failure() {
        return failure.filter(why -> !stopped);
    }
}
