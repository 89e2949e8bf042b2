// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSource;

/**
 * States of one kind that a look finds: says those that hold, ends those that a later look no longer finds. One thread.
 */
final class Holding {
    /** Thirty looks: a busy machine must not end what is true. */
    static final int HOLD_SECONDS = 30;

    private final EventPublisher publisher;
    private final String kind;
    private final Map<EventSource, Integer> held = new HashMap<>();
    private int look;

    Holding(EventPublisher publisher, String kind) {
        this.publisher = publisher;
        this.kind = kind;
    }

    void begin() {
        look++;
    }

    void holds(EventFact fact, long sinceUs) {
        publisher.hold(fact, sinceUs, HOLD_SECONDS);
        held.put(fact.source(), look);
    }

    /** {@return whether no state is held: what is over was over before} */
    boolean isEmpty() {
        return held.isEmpty();
    }

    /** The state is known to be over since a moment. */
    void over(EventSource source, long endUs) {
        if (held.remove(source) != null) {
            publisher.end(source, kind, endUs);
        }
    }

    /** What this look did not find is over. */
    void finish(long nowUs) {
        Iterator<Map.Entry<EventSource, Integer>> all = held.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<EventSource, Integer> one = all.next();
            if (one.getValue() != look) {
                all.remove();
                publisher.end(one.getKey(), kind, nowUs);
            }
        }
    }
}
