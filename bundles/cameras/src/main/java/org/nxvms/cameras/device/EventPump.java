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
        } catch (InterruptedException e) {
            LOG.debug("The feed of {} was ended", driver.label());
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
        try (CameraSession session = Fence.open(driver, target)) {
            progress();
            DeviceEvents events = session.capability(DeviceEvents.class)
                    .orElseThrow(() -> new DriverException(
                            DriverException.Kind.UNSUPPORTED, "The device tells no events any more."));
            try (DeviceEvents.Feed feed = events.subscribe()) {
                states.begin(this);
                subscribed = true;
                while (!stopped) {
                    progress();
                    hear(feed);
                }
            }
        }
        return true;
    }

    private void hear(DeviceEvents.Feed feed) throws DriverException, InterruptedException {
        long beganNs = System.nanoTime();
        List<DeviceEvent> said = feed.next(WAIT_MS);
        long nowNs = System.nanoTime();
        states.take(
                this,
                ownWord,
                said.subList(0, Math.min(said.size(), DeviceEvents.Feed.EVENTS_MAX)),
                new DeviceStates.Now(TimeUnit.NANOSECONDS.toMillis(nowNs), System.currentTimeMillis() * 1_000));
        if (said.isEmpty() && nowNs - beganNs < TimeUnit.MILLISECONDS.toNanos(PACE_MS)) {
            Thread.sleep(PACE_MS);
        }
    }

    private void progress() {
        progressNs = System.nanoTime();
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
