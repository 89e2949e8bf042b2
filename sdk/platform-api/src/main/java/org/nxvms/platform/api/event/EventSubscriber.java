// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears events; a whiteboard service: registering it subscribes, unregistering ends it. Each has a queue of its own of
 * {@link #queueMax()} events and is called on one thread at a time; who is slow loses by this rule and slows nobody else:
 *
 * <ol>
 *   <li>a change of an event that still waits replaces what waits (the newer one says all that the older said);
 *   <li>in a full queue, a pulse replaces a waiting one of the same source and kind;
 *   <li>else the oldest waiting pulse is given up, and when only states wait, the oldest state. {@link #onSpill} tells.
 * </ol>
 */
@ConsumerType
public interface EventSubscriber {
    /** {@return short name for metrics and logs, e.g. {@code rules}} */
    String name();

    /** {@return what it wants to hear; asked once, at registration. Time bounds are ignored} */
    default EventFilter filter() {
        return EventFilter.ALL;
    }

    /** {@return events that may wait, 16..65536; asked once, at registration} */
    default int queueMax() {
        return 1024;
    }

    /**
     * An event began, happened, changed or ended. May block: only this subscriber waits. States that are on at registration
     * are told first, so that nobody misses the beginning of a state it will hear the end of.
     */
    void onEvent(Event event);

    /**
     * Events were given up since the last call; told before the next event. States are read again from {@link
     * EventLog#open}.
     */
    default void onSpill(long count) {}
}
