// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.platform.api.event.EventSpan.EndReason;

/**
 * The states that are on. Each was promised for a time and ends by itself after it, so nothing is ever stuck on
 * (docs/design/events.md invariant 3). Changed by the bus's thread only; read by any.
 */
public final class States {
    /** Far beyond every camera with several states each; more are refused, so that a faulty publisher cannot fill memory. */
    public static final int OPEN_MAX = 50_000;
    /** A state whose detail changes all the time is published no more often than this. */
    static final long CHANGE_NS_MIN = TimeUnit.SECONDS.toNanos(1);

    private record Key(EventSource source, String kind) {}

    private static final class Held {
        volatile Event event;
        /** What was said last; published when it differs from the event and its time has come. */
        EventFact latest;

        long deadlineNs;
        long changedNs;
        boolean fromBefore;
    }

    private final UUID serverId;
    private final Numbers numbers;
    private final LongSupplier nowUs;
    private final LongSupplier nowNs;
    private final Map<Key, Held> open = new ConcurrentHashMap<>();

    public States(UUID serverId, Numbers numbers, LongSupplier nowUs, LongSupplier nowNs) {
        this.serverId = serverId;
        this.numbers = numbers;
        this.nowUs = nowUs;
        this.nowNs = nowNs;
    }

    /** {@return the event of a pulse} */
    public Event pulse(EventFact fact, long atUs) {
        long sequence = numbers.next();
        return new Event(Numbers.id(sequence), serverId, sequence, fact, EventSpan.pulse(atUs));
    }

    /** {@return the event of a state that is over already} */
    public Event past(EventFact fact, long startUs, long endUs) {
        long sequence = numbers.next();
        return new Event(
                Numbers.id(sequence),
                serverId,
                sequence,
                fact,
                EventSpan.open(startUs).ended(endUs, EndReason.OVER));
    }

    /**
     * A state holds.
     *
     * @param changes takes the event when it began or changed now
     * @return the event of the state; empty when there are too many states
     */
    public Optional<Event> hold(Said.Hold said, List<Event> changes) {
        Key key = new Key(said.fact().source(), said.fact().kind());
        long now = nowNs.getAsLong();
        Held held = open.get(key);
        if (held != null && isAnother(held.latest, said.fact())) {
            changes.add(ended(held, said.sinceUs(), EndReason.OVER));
            open.remove(key);
            held = null;
        }
        if (held == null) {
            if (open.size() >= OPEN_MAX) {
                return Optional.empty();
            }
            held = new Held();
            long sequence = numbers.next();
            held.event =
                    new Event(Numbers.id(sequence), serverId, sequence, said.fact(), EventSpan.open(said.sinceUs()));
            held.latest = said.fact();
            held.changedNs = now;
            open.put(key, held);
            changes.add(held.event);
        } else {
            held.latest = said.fact();
            held.fromBefore = false;
            publishIfDue(held, now, changes);
        }
        held.deadlineNs = now + TimeUnit.SECONDS.toNanos(said.holdSeconds());
        return Optional.of(held.event);
    }

    private static boolean isAnother(EventFact known, EventFact said) {
        return said.correlationId().isPresent()
                && known.correlationId().isPresent()
                && !known.correlationId().equals(said.correlationId());
    }

    /** {@return the ended event; empty when the state is not on} */
    public Optional<Event> end(EventSource source, String kind, long endUs) {
        Held held = open.remove(new Key(source, kind));
        return held == null ? Optional.empty() : Optional.of(ended(held, endUs, EndReason.OVER));
    }

    /**
     * What time brings about: states that nobody said again end, changes that waited are published.
     *
     * @return nanoseconds until time brings about more, unless something is said before; at most {@code waitNsMax}
     */
    public long tick(List<Event> changes, long waitNsMax) {
        long now = nowNs.getAsLong();
        long waitNs = waitNsMax;
        for (Map.Entry<Key, Held> one : open.entrySet()) {
            Held held = one.getValue();
            if (held.deadlineNs - now <= 0) {
                open.remove(one.getKey());
                changes.add(ended(held, nowUs.getAsLong(), held.fromBefore ? EndReason.SOURCE_GONE : EndReason.LAPSED));
                continue;
            }
            publishIfDue(held, now, changes);
            waitNs = Math.min(waitNs, held.deadlineNs - now);
            if (!held.latest.equals(held.event.fact())) {
                waitNs = Math.min(waitNs, held.changedNs + CHANGE_NS_MIN - now);
            }
        }
        return waitNs;
    }

    /**
     * A state that an earlier process left on: stays on if somebody says it again in time.
     *
     * @param changes takes its end when the same state began anew before this was known
     */
    public void restore(Event event, int graceSeconds, List<Event> changes) {
        Key key = new Key(event.source(), event.kind());
        Held known = open.get(key);
        if (known != null) {
            if (!known.event.id().equals(event.id())) {
                changes.add(new Event(
                        event.id(),
                        event.serverId(),
                        numbers.next(),
                        event.fact(),
                        event.span().ended(known.event.startUs(), EndReason.SOURCE_GONE)));
            }
            return;
        }
        Held held = new Held();
        held.event = event;
        held.latest = event.fact();
        held.changedNs = nowNs.getAsLong();
        held.deadlineNs = held.changedNs + TimeUnit.SECONDS.toNanos(graceSeconds);
        held.fromBefore = true;
        open.put(key, held);
    }

    private void publishIfDue(Held held, long now, List<Event> changes) {
        boolean worse = held.latest.severity() != held.event.severity();
        if (!held.latest.equals(held.event.fact()) && (worse || now - held.changedNs >= CHANGE_NS_MIN)) {
            held.event = new Event(held.event.id(), serverId, numbers.next(), held.latest, held.event.span());
            held.changedNs = now;
            changes.add(held.event);
        }
    }

    private Event ended(Held held, long endUs, EndReason reason) {
        return new Event(
                held.event.id(),
                serverId,
                numbers.next(),
                held.latest,
                held.event.span().ended(endUs, reason));
    }

    /** {@return states that are on, oldest first} */
    public List<Event> open() {
        List<Event> events = new ArrayList<>(open.size());
        open.values().forEach(held -> events.add(held.event));
        events.sort(Comparator.comparingLong(Event::startUs).thenComparing(Event::id));
        return events;
    }

    public int size() {
        return open.size();
    }
}
