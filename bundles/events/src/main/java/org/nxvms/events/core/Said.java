// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.core;

import java.util.Optional;
import java.util.function.Consumer;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSource;

/** What a publisher said, on its way to become an event. */
public sealed interface Said {
    /**
     * {@return told the event it became or changed, on the bus's thread, once it can be found; empty when a state that
     * is not on was ended}
     */
    Consumer<Optional<Event>> done();

    /** Whether it may use the last quarter of a full queue: a lost pulse is one event less, a lost end is a wrong state. */
    default boolean isOfAState() {
        return true;
    }

    /** Something happened. */
    record Pulse(EventFact fact, long atUs, Consumer<Optional<Event>> done) implements Said {
        @Override
        public boolean isOfAState() {
            return false;
        }
    }

    /** A state was on, and is over. */
    record Past(EventFact fact, long startUs, long endUs, Consumer<Optional<Event>> done) implements Said {}

    /** A state holds. */
    record Hold(EventFact fact, long sinceUs, int holdSeconds, Consumer<Optional<Event>> done) implements Said {}

    /** A state is over. */
    record End(EventSource source, String kind, long endUs, Consumer<Optional<Event>> done) implements Said {}

    /** Nobody waits for the outcome. */
    Consumer<Optional<Event>> UNHEARD = event -> {};
}
