// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.core;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan.Form;

/** The queue of one subscriber, with the rule of {@link org.nxvms.platform.api.event.EventSubscriber}. Any thread. */
final class SubscriberQueue {
    private record Key(EventSource source, String kind) {}

    private final int max;
    private final Map<UUID, Event> waiting = new LinkedHashMap<>();
    /** The newest waiting pulse of each source and kind. */
    private final Map<Key, UUID> pulses = new HashMap<>();

    private long coalesced;
    private long spilled;
    private long untold;

    SubscriberQueue(int max) {
        this.max = max;
    }

    synchronized void add(Event event) {
        if (waiting.containsKey(event.id())) {
            // Keeps the place: the newer change says all that the older one said.
            waiting.put(event.id(), event);
            coalesced++;
            return;
        }
        if (waiting.size() >= max) {
            makeRoom(event);
        }
        waiting.put(event.id(), event);
        if (event.span().form() == Form.PULSE) {
            pulses.put(key(event), event.id());
        }
    }

    private void makeRoom(Event event) {
        UUID same = event.span().form() == Form.PULSE ? pulses.get(key(event)) : null;
        if (same != null) {
            remove(same);
            coalesced++;
            return;
        }
        UUID given = waiting.keySet().iterator().next();
        if (!pulses.isEmpty()) {
            for (Event candidate : waiting.values()) {
                if (candidate.span().form() == Form.PULSE) {
                    given = candidate.id();
                    break;
                }
            }
        }
        remove(given);
        spilled++;
        untold++;
    }

    private void remove(UUID id) {
        Event gone = waiting.remove(id);
        pulses.remove(key(gone), id);
    }

    synchronized Optional<Event> poll() {
        Iterator<Event> first = waiting.values().iterator();
        if (!first.hasNext()) {
            return Optional.empty();
        }
        Event event = first.next();
        remove(event.id());
        return Optional.of(event);
    }

    /** {@return how many were given up since the last call} */
    synchronized long takeSpilled() {
        long count = untold;
        untold = 0;
        return count;
    }

    synchronized long spilled() {
        return spilled;
    }

    synchronized long coalesced() {
        return coalesced;
    }

    synchronized int size() {
        return waiting.size();
    }

    private static Key key(Event event) {
        return new Key(event.source(), event.kind());
    }
}
