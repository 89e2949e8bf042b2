// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;

/** The states of a device and who is told of their changes. Thread-safe. */
public final class EventHub {
    /** A subscriber that lags behind by so much is dropped, as devices do. */
    private static final int LAG_MAX = 1000;

    private record Key(DeviceState.Kind kind, int part) {}

    private final Supplier<FaultSet> faults;
    private final Supplier<Instant> clock;
    private final Map<Key, Boolean> states = new LinkedHashMap<>();
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    EventHub(Supplier<FaultSet> faults, Supplier<Instant> clock) {
        this.faults = faults;
        this.clock = clock;
        states.put(new Key(DeviceState.Kind.MOTION, 0), false);
        states.put(new Key(DeviceState.Kind.VIRTUAL_INPUT, 0), false);
    }

    /** Changes a state; tells those who listen if it was another one. */
    public synchronized void set(DeviceState.Kind kind, int part, boolean active) {
        Boolean before = states.put(new Key(kind, part), active);
        if (before == null || before != active) {
            tell(new DeviceState(kind, part, active, clock.get()));
        }
    }

    /** Tells of something that happened. */
    public synchronized void pulse(int part) {
        tell(new DeviceState(DeviceState.Kind.PULSE, part, true, clock.get()));
    }

    /** A device that starts anew has forgotten what programs set in it. */
    synchronized void startAnew() {
        states.replaceAll((key, active) -> key.kind() == DeviceState.Kind.PORT && active);
    }

    private void tell(DeviceState state) {
        boolean stuck = faults.get().has(FaultKind.EVENTS_STUCK) && state.stateful() && !state.active();
        if (!stuck) {
            subscriptions.forEach(subscription -> subscription.offer(state));
        }
    }

    /** {@return every state as it is now} */
    public synchronized List<DeviceState> states() {
        List<DeviceState> list = new ArrayList<>();
        Instant now = clock.get();
        states.forEach((key, active) -> list.add(new DeviceState(key.kind(), key.part(), active, now)));
        return list;
    }

    public int subscribers() {
        return subscriptions.size();
    }

    /** Listens from now on. */
    public synchronized Subscription subscribe() {
        Subscription subscription = new Subscription(states());
        subscriptions.add(subscription);
        return subscription;
    }

    /** One listener. Changes since {@link #initial()} wait in it. */
    public final class Subscription implements AutoCloseable {
        private final List<DeviceState> initial;
        private final BlockingQueue<DeviceState> waiting = new ArrayBlockingQueue<>(LAG_MAX);
        private volatile boolean overrun;

        private Subscription(List<DeviceState> initial) {
            this.initial = initial;
        }

        private void offer(DeviceState state) {
            overrun |= !waiting.offer(state);
        }

        /** Every state at the moment of subscription. */
        public List<DeviceState> initial() {
            return initial;
        }

        /** Whether something could not be kept for this listener, who then must begin anew. */
        public boolean overrun() {
            return overrun;
        }

        /** Waits for the next change. */
        public Optional<DeviceState> next(long timeoutMs) throws InterruptedException {
            return Optional.ofNullable(waiting.poll(timeoutMs, TimeUnit.MILLISECONDS));
        }

        @Override
        public void close() {
            subscriptions.remove(this);
        }
    }
}
