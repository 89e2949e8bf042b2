// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.fake;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventFigures;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKindInfo;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;

/** Events that keep the log's contract, in memory, until the database is away. */
public final class MemoryLog implements EventLog {
    public static final UUID SERVER = new UUID(7, 7);
    public static final UUID CAMERA = new UUID(1, 1);
    private final List<Event> events = new CopyOnWriteArrayList<>();
    /** The most that anybody asked for at once. */
    public final AtomicInteger pageMax = new AtomicInteger();

    private volatile long last = 1_000;
    private volatile boolean away;

    public Event pulse(String kind, String detail) {
        return add(kind, EventSeverity.INFO, detail, EventSpan.pulse(last));
    }

    public Event add(String kind, EventSeverity severity, String detail, EventSpan span) {
        return add(EventFact.of(EventSource.camera(CAMERA, ""), kind, severity, detail, EventAttributes.NONE), span);
    }

    public Event add(EventFact fact, EventSpan span) {
        Event event = new Event(new UUID(0x0193_0000_0000_7000L, last + 1), SERVER, last + 1, fact, span);
        events.add(event);
        last++;
        return event;
    }

    /** A state is over: the same event, changed. */
    public void end(Event state) {
        events.remove(state);
        events.add(new Event(
                state.id(), SERVER, last + 1, state.fact(), state.span().ended(last, EventSpan.EndReason.OVER)));
        last++;
    }

    /** Retention takes the oldest. */
    public void removeOldest(int count) {
        events.subList(0, count).clear();
    }

    public void away(boolean now) {
        away = now;
    }

    private void reach() {
        if (away) {
            throw new StoreException("The database is away", null);
        }
    }

    @Override
    public List<Event> changesAfter(long sequence, int limit) {
        reach();
        pageMax.accumulateAndGet(limit, Math::max);
        return events.stream()
                .filter(event -> event.sequence() > sequence)
                .limit(limit)
                .toList();
    }

    @Override
    public long lastSequence() {
        reach();
        return last;
    }

    @Override
    public long countSettled(EventFilter filter, long afterSequence, long throughSequence) {
        reach();
        return events.stream()
                .filter(e -> !e.span().lasts() && e.sequence() > afterSequence && e.sequence() <= throughSequence)
                .filter(filter::fits)
                .count();
    }

    @Override
    public List<Event> find(EventQuery query) {
        throw new AssertionError("nobody looks for events");
    }

    @Override
    public Optional<Event> get(UUID id) {
        throw new AssertionError("nobody looks for events");
    }

    @Override
    public List<Event> open(EventFilter filter) {
        throw new AssertionError("nobody looks for states");
    }

    @Override
    public List<EventKindInfo> kinds() {
        return List.of();
    }

    @Override
    public EventFigures figures() {
        throw new AssertionError("nobody counts");
    }
}
