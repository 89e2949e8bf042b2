// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.nxvms.cameras.drivers.BackOff;
import org.nxvms.cameras.drivers.KnownCapabilities;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.event.EventPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to every camera whose driver can tell what happens, as long as it is configured; begins again, with back-off, when
 * a feed fails or falls silent. A feed more a camera is never begun while the one before has not let go. Any thread; never
 * blocks.
 */
public final class Listening {
    /** A driver that does not return for so long hangs; the states it told have lapsed by then. */
    static final int SILENT_MS_MAX = 60_000;

    /** A feed that lived so long was a good one. */
    private static final int STEADY_MS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

    /** One camera. */
    private static final class Listener {
        private final DeviceStates states;
        private Optional<ShelvedDriver> driver = Optional.empty();
        private DeviceTarget target;
        private Optional<EventPump> pump = Optional.empty();
        private int failures;
        private long beginAtMs;
        /** The same trouble again is no news. */
        private Optional<Kind> trouble = Optional.empty();

        Listener(DeviceStates states) {
            this.states = states;
        }
    }

    /** At a start all cameras begin; a begin, or an end, takes some exchanges with a device. */
    static final int CALLING_MAX = 16;

    static final int ENDING_MAX = 16;
    /**
     * Who begins at a device that is off waits for ten seconds, and comes back after a minute: so many of them get their turn
     * that two thousand do not pile up.
     */
    static final int CALLING_SLOW_MS = 400;
    /** What was said is taken in microseconds. */
    static final int TAKING_MAX = 4;

    static final int TAKING_SLOW_MS = 1_000;

    private final AsyncHearing.Hands hands;
    private final Supplier<EventPublisher> publisher;
    private final BackOff backOff;
    private final Map<UUID, Listener> byCamera = new HashMap<>();
    private boolean closed;

    /**
     * @param pool a thread for each camera whose driver waits with one, or does not return
     * @param publisher answers null while it is away
     */
    public Listening(Executor pool, Timer timer, Supplier<EventPublisher> publisher, RandomGenerator random) {
        this(
                new AsyncHearing.Hands(
                        new FeedThreads(pool, timer, CALLING_MAX, CALLING_SLOW_MS),
                        new FeedThreads(pool, timer, ENDING_MAX, CALLING_SLOW_MS),
                        new FeedThreads(pool, timer, TAKING_MAX, TAKING_SLOW_MS),
                        timer,
                        AsyncHearing.LEAVE_MS_MAX),
                publisher,
                random);
    }

    Listening(AsyncHearing.Hands hands, Supplier<EventPublisher> publisher, RandomGenerator random) {
        this.hands = hands;
        this.publisher = publisher;
        this.backOff = new BackOff(random);
    }

    /** A driver has answered for a camera, and says whether there is something to hear. */
    public synchronized void answered(
            UUID camera, ShelvedDriver driver, DeviceTarget target, List<String> capabilities, long nowMs) {
        if (!capabilities.contains(KnownCapabilities.EVENTS.id())) {
            stop(camera);
            return;
        }
        Listener listener = byCamera.computeIfAbsent(camera, id -> new Listener(new DeviceStates(id, publisher)));
        boolean same = listener.driver.filter(driver::equals).isPresent() && target.equals(listener.target);
        if (!same) {
            interrupt(listener);
            listener.driver = Optional.of(driver);
            listener.target = target;
            listener.failures = 0;
        }
        if (!same || listener.pump.isEmpty()) {
            // It answers now, whatever was before.
            listener.beginAtMs = nowMs;
            look(camera, listener, nowMs);
        }
    }

    /** Listens to a camera no more: it was switched off, changed or removed, or has nothing to say. */
    public synchronized void stop(UUID camera) {
        Listener listener = byCamera.get(camera);
        if (listener != null) {
            listener.driver = Optional.empty();
            interrupt(listener);
            listener.states.over(System.currentTimeMillis() * 1_000);
            if (listener.pump.isEmpty()) {
                byCamera.remove(camera);
            }
        }
    }

    /** Lets go of a driver whose bundle is going; what its cameras said lapses unless another driver takes over. */
    public synchronized void driverGone(ShelvedDriver driver) {
        for (Listener listener : byCamera.values()) {
            if (listener.driver.filter(driver::equals).isPresent()) {
                listener.driver = Optional.empty();
                interrupt(listener);
            }
        }
    }

    /**
     * To be called every few seconds.
     *
     * @param installed whether a driver is there: one that went while a contact through it ended is let go here
     */
    public synchronized void tick(long nowMs, Predicate<ShelvedDriver> installed) {
        for (Listener listener : byCamera.values()) {
            if (listener.driver.filter(installed.negate()).isPresent()) {
                listener.driver = Optional.empty();
                interrupt(listener);
            }
        }
        byCamera.forEach((camera, listener) -> look(camera, listener, nowMs));
        byCamera.values().removeIf(listener -> listener.driver.isEmpty() && listener.pump.isEmpty());
        hands.calling().look();
        hands.ending().look();
        hands.taking().look();
    }

    /** {@return whether a feed of a camera is open now; empty when its driver tells nothing} */
    public synchronized Optional<Boolean> hears(UUID camera) {
        return Optional.ofNullable(byCamera.get(camera))
                .filter(listener -> listener.driver.isPresent())
                .map(listener -> listener.pump
                        .filter(pump -> pump.subscribed() && !pump.ended())
                        .isPresent());
    }

    public synchronized void close() {
        closed = true;
        hands.calling().close();
        hands.ending().close();
        hands.taking().close();
        byCamera.values().forEach(Listening::interrupt);
    }

    private void look(UUID camera, Listener listener, long nowMs) {
        Optional<EventPump> pump = listener.pump;
        if (pump.isPresent() && pump.get().ended()) {
            listener.pump = Optional.empty();
            if (listener.driver.isPresent()) {
                ended(camera, listener, pump.get(), nowMs);
            }
        } else if (pump.isPresent() && pump.get().silentMs() > SILENT_MS_MAX) {
            if (!pump.get().stopped()) {
                LOG.warn("The driver of camera {} hangs while it waits for events; it is interrupted", camera);
            }
            interrupt(listener);
        } else if (pump.filter(Listening::isSteady).isPresent()) {
            if (listener.trouble.isPresent()) {
                LOG.info("Camera {} tells its events again", camera);
            }
            listener.trouble = Optional.empty();
        }
        if (listener.pump.isEmpty() && listener.driver.isPresent() && listener.beginAtMs <= nowMs && !closed) {
            begin(listener);
        }
    }

    private static boolean isSteady(EventPump pump) {
        return pump.subscribed() && pump.ageMs() > STEADY_MS;
    }

    private void ended(UUID camera, Listener listener, EventPump pump, long nowMs) {
        Optional<DriverException> failure = pump.failure();
        if (failure.isEmpty()) {
            return;
        }
        Kind kind = failure.get().kind();
        // A feed that breaks soon after it began would bring back a login every other second.
        listener.failures = isSteady(pump) ? 1 : listener.failures + 1;
        listener.beginAtMs = nowMs + backOff.delayMs(kind, listener.failures);
        if (listener.trouble.filter(kind::equals).isEmpty()) {
            listener.trouble = Optional.of(kind);
            LOG.warn(
                    "The events of camera {} are lost for now ({}): {}",
                    camera,
                    kind,
                    failure.get().getMessage());
        }
    }

    private void begin(Listener listener) {
        EventPump pump = new EventPump(listener.driver.orElseThrow(), listener.target, listener.states, hands);
        listener.pump = Optional.of(pump);
        hands.calling().execute(pump::run);
    }

    private static void interrupt(Listener listener) {
        listener.pump.ifPresent(EventPump::stop);
    }
}
