// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;

/**
 * What a feed knows of its device: what is due, what was said, when it may be asked again. Devices say every state to a new
 * subscription, or when they are asked to, but not when that was all: an answer without messages, or some silence, counts as
 * that. They are asked for all states again with each renewal, so that an end that was never said does not leave a state on for
 * ever. Without I/O; one thread at a time.
 */
final class FeedState {
    private static final long NANOS_PER_MS = 1_000_000;
    /** After an answer in which nothing was of interest something may follow sooner than after none. */
    private static final int IDLE_PART = 10;
    /** An answer that comes sooner was not waited with until something happened. */
    private static final int HASTY_MS = 20;

    private static final long RENEW_MS_MIN = 1_000;

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

    /** What is to be done before the device is asked, in this order. */
    record Due(boolean renew, boolean synchronise) {
        static final Due NOTHING = new Due(false, false);
    }

    /**
     * What an answer comes to.
     *
     * @param pauseMs before the device is asked again
     */
    record Said(List<DeviceEvent> events, long pauseMs) {}

    private final Set<String> otherSources;
    private final Supplier<Quirks> quirks;
    private final Patience patience;
    private final int quietSeconds;
    private final long startNano = System.nanoTime();
    private long renewedNano = startNano;
    private long askedNano;
    private final KeyedStates keyed = new KeyedStates();
    private List<DeviceEvent> over = List.of();
    private long renewMs;
    private int hasty;
    private boolean asked;
    private volatile boolean synchronised;
    /** States of inputs and outputs by part, as they were said last; written by who asks, and when one is switched. */
    private final Map<String, Boolean> ports = new ConcurrentHashMap<>();

    /** @param quietSeconds how long nothing is said by a device that has said all its states */
    FeedState(Set<String> otherSources, Supplier<Quirks> quirks, Patience patience, int quietSeconds) {
        this.otherSources = otherSources;
        this.quirks = quirks;
        this.patience = patience;
        this.quietSeconds = quietSeconds;
    }

    /** @param grantedMs how long the subscription lasts: half of it is over when it is renewed */
    Due due(long grantedMs) {
        renewMs = Math.min(patience.renewMs(), Math.max(RENEW_MS_MIN, grantedMs / 2));
        if (asked && sinceMs(renewedNano) < renewMs) {
            return Due.NOTHING;
        }
        Due due = new Due(asked && quirks.get().renew(), quirks.get().synchronize());
        over = keyed.askAnew();
        asked = true;
        renewedNano = System.nanoTime();
        return due;
    }

    /** {@return how long the device is to hold its answer back} It is asked now. */
    int ask(long leftMs) {
        askedNano = System.nanoTime();
        long most = synchronised ? Math.min(patience.pullSeconds(), quirks.get().pullSecondsMax()) : quietSeconds;
        if (renewMs < patience.renewMs()) {
            most = Math.min(most, (renewMs - sinceMs(renewedNano)) / 1_000);
        }
        return (int) Math.max(1, Math.min((leftMs + 999) / 1_000, most));
    }

    /** @param tooMuch whether the device told more than it was asked for */
    Said said(List<XmlNode> told, long leftMs, boolean tooMuch) {
        Quirks now = quirks.get();
        List<DeviceEvent> events = new ArrayList<>(over);
        over = List.of();
        for (int i = 0; i < told.size() && events.size() < DeviceEvents.Feed.EVENTS_MAX - 1; i++) {
            Topics.told(told.get(i), otherSources, now.topics()).stream()
                    .flatMap(one -> keyed.take(one).stream())
                    .limit(DeviceEvents.Feed.EVENTS_MAX - 1 - events.size())
                    .forEach(events::add);
        }
        events.forEach(this::note);
        if (!synchronised && (told.isEmpty() || sinceMs(startNano) > patience.synchroniseMs())) {
            synchronised = true;
            events.add(DeviceEvent.synchronised());
        }
        long tookMs = sinceMs(askedNano);
        hasty = tookMs < HASTY_MS ? hasty + 1 : 0;
        // One that has always something to say is not asked without a pause either: others share the workers with it.
        long pauseMs = told.isEmpty() || tooMuch
                ? patience.idleMs()
                : events.isEmpty() || hasty > 1 ? patience.idleMs() / IDLE_PART : 0;
        return new Said(events, tookMs < pauseMs ? Math.min(pauseMs, Math.max(1, leftMs)) : 0);
    }

    private void note(DeviceEvent event) {
        boolean isPort = event.kind().equals(DeviceEvent.INPUT) || event.kind().equals(OnvifPorts.RELAY);
        if (isPort && event.form() != DeviceEvent.Form.PULSE && ports.size() < OnvifPorts.PORTS_MAX) {
            ports.put(event.part(), event.form() == DeviceEvent.Form.ON);
        }
    }

    /** {@return states of inputs and outputs by part}; none before all have been said, and when nothing is heard any more. Any thread. */
    Map<String, Boolean> ports() {
        return synchronised ? Map.copyOf(ports) : Map.of();
    }

    /** An output was switched, which the device will say in a moment. Any thread. */
    void switched(String part, boolean on) {
        ports.replace(part, on);
    }

    /** Nothing is heard any more. Any thread. */
    void over() {
        synchronised = false;
        ports.clear();
    }

    private static long sinceMs(long nano) {
        return (System.nanoTime() - nano) / NANOS_PER_MS;
    }
}
