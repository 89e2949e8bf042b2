// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.nxvms.cameras.drivers.Fence;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents.AsyncFeed;
import org.nxvms.driver.spi.DriverException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears a feed that holds no thread while it waits: asks it, takes the answer, asks again. What the driver's threads do here is
 * to leave a piece of work for the platform's own. Any thread; never blocks.
 */
final class AsyncHearing {
    /** A driver that has not ended a feed after so long is not waited for; the contract says so. */
    static final int LEAVE_MS_MAX = 30_000;

    private static final Logger LOG = LoggerFactory.getLogger(AsyncHearing.class);

    /**
     * Who works for all feeds.
     *
     * @param calling what may wait for a device: begins
     * @param ending what may, too: farewells, which wait for no begin
     * @param taking what never does
     * @param timer for pauses
     * @param leaveMs for how long a farewell is awaited
     */
    record Hands(FeedThreads calling, FeedThreads ending, FeedThreads taking, Timer timer, int leaveMs) {}

    private final ShelvedDriver driver;
    private final CameraSession session;
    private final AsyncFeed feed;
    private final EventPump pump;
    private final Hands hands;
    private boolean leaving;
    /** When the driver was asked to; until there was a thread for that it is nobody's fault. */
    private OptionalLong leavingNs = OptionalLong.empty();

    private boolean left;

    AsyncHearing(ShelvedDriver driver, CameraSession session, AsyncFeed feed, EventPump pump, Hands hands) {
        this.driver = driver;
        this.session = session;
        this.feed = feed;
        this.pump = pump;
        this.hands = hands;
    }

    /** Asks the feed, unless it is to end. */
    void ask() {
        if (pump.stopped()) {
            leave();
            return;
        }
        pump.progress();
        long beganNs = System.nanoTime();
        try {
            Fence.around(driver, () -> asked().whenComplete(
                            (said, failed) -> hands.taking().execute(() -> take(said, failed, beganNs))));
        } catch (DriverException | InterruptedException e) {
            fail(e);
        }
    }

    private CompletionStage<List<DeviceEvent>> asked() throws DriverException {
        CompletionStage<List<DeviceEvent>> answer = feed.nextAsync(EventPump.WAIT_MS);
        if (answer == null) {
            throw new DriverException(DriverException.Kind.PROTOCOL, "The driver returned no answer to come.");
        }
        return answer;
    }

    private void take(List<DeviceEvent> said, Throwable failed, long beganNs) {
        if (pump.stopped()) {
            leave();
            return;
        }
        try {
            Fence.around(driver, () -> {
                if (failed != null) {
                    throw why(failed);
                }
                pump.take(said);
                return true;
            });
        } catch (DriverException | InterruptedException e) {
            fail(e);
            return;
        }
        if (said.isEmpty() && System.nanoTime() - beganNs < TimeUnit.MILLISECONDS.toNanos(EventPump.PACE_MS)) {
            // Its last answer is its sign of life.
            hands.timer().postAfter(EventPump.PACE_MS, () -> hands.taking().execute(this::ask));
        } else {
            ask();
        }
    }

    private static DriverException why(Throwable failed) {
        Throwable cause = failed;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof DriverException told
                ? told
                : new DriverException(
                        DriverException.Kind.PROTOCOL,
                        "The driver ended the feed (" + cause.getClass().getSimpleName() + ").");
    }

    private void fail(Exception why) {
        pump.failed(why);
        leave();
    }

    /** Ends it; one that does not end in time is left alone when this is called again. */
    void leave() {
        boolean first;
        synchronized (this) {
            first = !leaving;
            leaving = true;
        }
        if (first) {
            hands.ending().execute(this::sayGoodbye);
        } else if (lingers()) {
            hands.ending().execute(this::giveUp);
        }
    }

    private synchronized boolean lingers() {
        return leavingNs.isPresent()
                && System.nanoTime() - leavingNs.getAsLong() > TimeUnit.MILLISECONDS.toNanos(hands.leaveMs());
    }

    private void sayGoodbye() {
        synchronized (this) {
            leavingNs = OptionalLong.of(System.nanoTime());
        }
        try {
            Fence.around(driver, () -> feed.closeAsync()
                    .whenComplete((done, failed) -> hands.ending().execute(this::goneWell)));
        } catch (DriverException | InterruptedException e) {
            LOG.debug("The driver {} did not end a feed", driver.label(), e);
            goneWell();
        }
    }

    private void giveUp() {
        if (end()) {
            LOG.warn("The driver {} does not end a feed; it is left alone", driver.label());
            // First: closing the session may wait for the same farewell, for ever.
            pump.over();
            Fence.close(driver, session);
        }
    }

    private void goneWell() {
        if (end()) {
            Fence.close(driver, session);
            pump.over();
        }
    }

    private synchronized boolean end() {
        boolean first = !left;
        left = true;
        return first;
    }
}
