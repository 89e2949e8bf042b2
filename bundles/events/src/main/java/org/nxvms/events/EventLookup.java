// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.nxvms.events.keep.StoreWriter;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventStore;

/** Finds events, whether they are stored or still wait for the store. Any thread; blocks on the database. */
final class EventLookup {
    private static final Comparator<Event> NEWEST_FIRST = Comparator.comparingLong(Event::startUs)
            .thenComparing(event -> event.id().toString())
            .reversed();

    private final Supplier<Optional<EventStore>> store;
    private final StoreWriter writer;

    EventLookup(Supplier<Optional<EventStore>> store, StoreWriter writer) {
        this.store = store;
        this.writer = writer;
    }

    /** {@return a full page, unless there is no more} */
    List<Event> find(EventQuery query) {
        Map<UUID, Event> waiting = new HashMap<>();
        // Looked at before the store: what is stored meanwhile is found there.
        writer.waiting().forEach(event -> waiting.put(event.id(), event));
        List<Event> found = new ArrayList<>();
        Optional<EventQuery.Position> after = query.after();
        boolean more = true;
        // Each further page is for rows of which something newer waits that does not fit: no more than wait.
        while (more && found.size() < query.limit()) {
            List<Event> page = stored().find(new EventQuery(query.filter(), after, query.limit()));
            for (Event stored : page) {
                Event newer = waiting.remove(stored.id());
                boolean isNewer = newer != null && newer.sequence() > stored.sequence();
                if (!isNewer || fits(newer, query)) {
                    found.add(isNewer ? newer : stored);
                }
                after = Optional.of(EventQuery.Position.of(stored));
            }
            more = page.size() == query.limit();
        }
        Optional<EventQuery.Position> end = more ? after : Optional.empty();
        for (Event event : waiting.values()) {
            // What lies behind the last row read comes with the rows there.
            if (fits(event, query) && end.map(p -> !isAfter(event, p)).orElse(true)) {
                found.add(event);
            }
        }
        return found.stream().sorted(NEWEST_FIRST).limit(query.limit()).toList();
    }

    private static boolean fits(Event event, EventQuery query) {
        return query.filter().fits(event)
                && query.after().map(p -> isAfter(event, p)).orElse(true);
    }

    private static boolean isAfter(Event event, EventQuery.Position position) {
        return event.startUs() < position.startUs()
                || event.startUs() == position.startUs()
                        && event.id().toString().compareTo(position.id().toString()) < 0;
    }

    Optional<Event> get(UUID id) {
        Optional<Event> waiting =
                writer.waiting().stream().filter(event -> event.id().equals(id)).findFirst();
        return waiting.isPresent() ? waiting : stored().get(id);
    }

    /** @throws StoreException while there is none */
    EventStore stored() {
        return store.get().orElseThrow(() -> new StoreException("The database of events is not there", null));
    }
}
