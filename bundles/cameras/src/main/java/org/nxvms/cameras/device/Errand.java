// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.nxvms.cameras.drivers.Fence;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something at a device that lasts, such as a talk: in a session of its own, on a thread of its own. Once it has ended it holds
 * nothing of the driver's, whoever still holds it.
 */
abstract class Errand implements Runnable {
    /** What a driver is told for each call. */
    static final int TIMEOUT_MS = 8_000;

    private static final Logger LOG = LoggerFactory.getLogger(Errand.class);

    private final UUID camera;
    private final String driver;
    /** Empty once it has ended. */
    private volatile Optional<Reach.Way> way;

    private volatile boolean stopped;
    private final CountDownLatch end = new CountDownLatch(1);
    /** When the driver was called; 0 while it is not. */
    private volatile long calledNs;
    /** Guarded by this: a thread that has left must not be interrupted in what it does next. */
    private Optional<Thread> thread = Optional.empty();

    Errand(UUID camera, Reach.Way way) {
        this.camera = camera;
        this.driver = way.driver().info().id();
        this.way = Optional.of(way);
    }

    @Override
    public final void run() {
        here(Optional.of(Thread.currentThread()));
        Optional<DriverException> failure = Optional.empty();
        Reach.Way now = way.orElseThrow();
        try {
            Fence.around(now.driver(), () -> inSession(now));
        } catch (DriverException e) {
            failure = Optional.of(e);
        } catch (InterruptedException e) {
            failure = Optional.of(new DriverException(Kind.CLOSED, "It was ended."));
        } catch (Throwable e) {
            LOG.warn(
                    "The driver {} failed with an error of its own",
                    now.driver().label(),
                    e);
            failure = Optional.of(new DriverException(
                    Kind.PROTOCOL,
                    "The driver " + now.driver().label() + " failed ("
                            + e.getClass().getSimpleName() + ")."));
        } finally {
            here(Optional.empty());
            Thread.interrupted();
            outside();
            way = Optional.empty();
            end.countDown();
            over(failure);
        }
    }

    private boolean inSession(Reach.Way now) throws DriverException, InterruptedException {
        if (stopped) {
            return false;
        }
        within();
        CameraSession session = Fence.open(now.driver(), now.target());
        try {
            carryOut(session);
        } finally {
            // What the driver says to the device in farewell would fail at once with the flag set.
            Thread.interrupted();
            within();
            Fence.close(now.driver(), session);
        }
        return true;
    }

    /** Does it; a call of the driver's begins with {@link #within} and ends with {@link #outside}. */
    abstract void carryOut(CameraSession session) throws DriverException, InterruptedException;

    /** Told once, when the driver has let go. */
    abstract void over(Optional<DriverException> failure);

    private synchronized void here(Optional<Thread> now) {
        thread = now;
    }

    /** The driver is called. */
    final void within() {
        calledNs = System.nanoTime() | 1;
    }

    /** The driver has returned. */
    final void outside() {
        calledNs = 0;
    }

    /** Ends it as soon as the driver lets go. Any thread. */
    final synchronized void stop() {
        stopped = true;
        thread.ifPresent(Thread::interrupt);
    }

    final boolean isStopped() {
        return stopped;
    }

    /** {@return for how long the driver has not returned; 0 while it is not called} */
    final long silentMs() {
        long called = calledNs;
        return called == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - called);
    }

    final boolean ended() {
        return end.getCount() == 0;
    }

    /** Waits until the driver has let go, but no longer than that. */
    final void awaitEnd(int ms) throws InterruptedException {
        end.await(ms, TimeUnit.MILLISECONDS);
    }

    final UUID camera() {
        return camera;
    }

    /** {@return the id of its driver} */
    final String driver() {
        return driver;
    }

    final boolean uses(ShelvedDriver other) {
        return way.filter(now -> now.driver() == other).isPresent();
    }

    /** {@return id and version of its driver; empty once it has ended} */
    final Optional<String> label() {
        return way.map(now -> now.driver().label());
    }
}
