// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKindInfo;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What holds at one camera, over all its feeds. States are said again while their feed lives and lapse when it dies; a new
 * feed says which ones still hold, the others end. A device that says too much is heard in part: its pulses are dropped, its
 * states said late, and other cameras notice nothing. Any thread; the bus is spoken to within the lock, for it never blocks.
 */
final class DeviceStates {
    /** Without being said again for so long a state lapses; three times {@link #AGAIN_MS}. */
    static final int HOLD_SECONDS = 60;

    static final int AGAIN_MS = 20_000;
    /** A driver that does not say that its feed is synchronised is taken to be, so that nothing is stuck on. */
    static final int SYNCHRONISED_MS_MAX = 30_000;
    /** A recorder with 64 channels and four kinds each. */
    static final int STATES_MAX = 256;
    /** Of changes; the bus takes some thousand a second from all cameras together. */
    static final int PER_SECOND_MAX = 20;

    static final int BURST_MAX = 200;

    private static final Logger LOG = LoggerFactory.getLogger(DeviceStates.class);
    private static final int COMPLAIN_MS = 60_000;

    /** What devices may say in the platform's own words. */
    private static final Map<String, EventSeverity> COMMON = EventKinds.all().stream()
            .filter(kind -> kind.external() && kind.kind().startsWith("camera."))
            .collect(Collectors.toUnmodifiableMap(EventKindInfo::kind, EventKindInfo::severity));

    private record Key(String kind, String part) {}

    private static final class State {
        private EventFact fact;
        private boolean on;
        /** What is known of it was said. */
        private boolean said;

        private long sinceUs;
        private long saidMs;
        /** The feed that named it last. */
        private Object feed;
    }

    private final UUID camera;
    private final Supplier<EventPublisher> publisher;
    private final Map<Key, State> states = new HashMap<>();
    private Object feed;
    private long begunMs;
    private boolean synchronised;
    private double budget = BURST_MAX;
    private long budgetMs = Long.MIN_VALUE;
    private long leftOut;
    private String lastLeftOut = "";
    private long complainedMs = Long.MIN_VALUE;

    /** @param publisher answers null while it is away */
    DeviceStates(UUID camera, Supplier<EventPublisher> publisher) {
        this.camera = camera;
        this.publisher = publisher;
    }

    /** The time, monotonic for delays and of the wall for people. */
    record Now(long ms, long us) {}

    /** From now on this feed counts, and no other. */
    synchronized void begin(Object newFeed, Now now) {
        feed = newFeed;
        begunMs = now.ms();
        synchronised = false;
    }

    /** @param ownWord with which the driver's own kinds begin */
    synchronized void take(Object from, String ownWord, List<DeviceEvent> said, Now now) {
        if (from != feed) {
            return;
        }
        fill(now.ms());
        for (DeviceEvent event : said) {
            take(event, ownWord, now);
        }
        if (!synchronised && now.ms() - begunMs >= SYNCHRONISED_MS_MAX) {
            synchronise();
        }
        flush(now);
        complain(now.ms());
    }

    private void take(DeviceEvent event, String ownWord, Now now) {
        switch (event.form()) {
            case ON -> fact(event, ownWord).ifPresent(fact -> on(fact, now));
            case OFF ->
                Optional.ofNullable(states.get(new Key(event.kind(), event.part())))
                        .ifPresent(DeviceStates::off);
            case PULSE -> fact(event, ownWord).ifPresent(fact -> pulse(fact, now));
            case SYNCHRONISED -> synchronise();
            default -> leftOut("a form of event that this server does not know");
        }
    }

    /** What this feed has not named is over. */
    private void synchronise() {
        synchronised = true;
        states.values().stream().filter(state -> state.feed != feed).forEach(DeviceStates::off);
    }

    private void on(EventFact fact, Now now) {
        Key key = new Key(fact.kind(), fact.source().part());
        State state = states.get(key);
        if (state == null) {
            if (states.size() >= STATES_MAX) {
                leftOut("more than " + STATES_MAX + " states");
                return;
            }
            state = new State();
            states.put(key, state);
        }
        state.feed = feed;
        if (!state.on || !fact.equals(state.fact)) {
            state.sinceUs = state.on ? state.sinceUs : now.us();
            state.on = true;
            state.fact = fact;
            state.said = false;
        }
    }

    private static void off(State state) {
        if (state.on) {
            state.on = false;
            state.said = false;
        }
    }

    private void pulse(EventFact fact, Now now) {
        EventPublisher bus = publisher.get();
        if (bus == null || budget < 1) {
            leftOut(bus == null ? "the event bus is away" : "more than " + PER_SECOND_MAX + " changes a second");
            return;
        }
        budget--;
        bus.pulse(fact, now.us());
    }

    /** Says what is due, as far as the budget reaches. */
    private void flush(Now now) {
        EventPublisher bus = publisher.get();
        if (bus == null) {
            return;
        }
        Iterator<State> all = states.values().iterator();
        while (all.hasNext()) {
            State state = all.next();
            // What only an earlier feed has named is not known to hold any more.
            boolean again = state.on && state.said && state.feed == feed && now.ms() - state.saidMs >= AGAIN_MS;
            if (state.said && !again || !state.said && budget < 1) {
                continue;
            }
            budget -= again ? 0 : 1;
            if (state.on) {
                state.said = bus.hold(state.fact, state.sinceUs, HOLD_SECONDS);
                state.saidMs = now.ms();
            } else if (bus.end(state.fact.source(), state.fact.kind(), now.us())) {
                all.remove();
            }
        }
    }

    /** The camera is listened to no more: what held ends. */
    synchronized void over(long nowUs) {
        feed = null;
        EventPublisher bus = publisher.get();
        if (bus != null) {
            states.values().forEach(state -> bus.end(state.fact.source(), state.fact.kind(), nowUs));
        }
        states.clear();
    }

    private Optional<EventFact> fact(DeviceEvent event, String ownWord) {
        String kind = event.kind();
        boolean own = kind.startsWith(ownWord + ".") && !EventKinds.FAMILIES.contains(ownWord);
        if (!own && !COMMON.containsKey(kind)) {
            leftOut("a kind that is neither the platform's nor begins with " + ownWord);
            return Optional.empty();
        }
        try {
            return Optional.of(EventFact.of(
                    EventSource.camera(camera, event.part()),
                    kind,
                    COMMON.getOrDefault(kind, EventSeverity.INFO),
                    "",
                    EventAttributes.of(event.attributes())));
        } catch (IllegalArgumentException e) {
            leftOut(e.getMessage());
            return Optional.empty();
        }
    }

    private void fill(long nowMs) {
        if (budgetMs != Long.MIN_VALUE) {
            budget = Math.min(BURST_MAX, budget + (nowMs - budgetMs) * PER_SECOND_MAX / 1_000.0);
        }
        budgetMs = nowMs;
    }

    private void leftOut(String why) {
        leftOut++;
        lastLeftOut = why;
    }

    private void complain(long nowMs) {
        if (leftOut > 0 && (complainedMs == Long.MIN_VALUE || nowMs - complainedMs >= COMPLAIN_MS)) {
            LOG.warn("{} events of camera {} were left out; the last one: {}", leftOut, camera, lastLeftOut);
            complainedMs = nowMs;
            leftOut = 0;
        }
    }
}
