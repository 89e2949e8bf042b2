// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes events. Any thread; never blocks, never throws for being full: what finds no place is dropped, counted, and the
 * drop is itself an event ({@link EventKinds#EVENTS_DROPPED}). Not for the media path: nothing per access unit.
 *
 * <p>A state is said again and again while it lasts, at least once within the time it was promised for. So a state whose
 * source died, was replaced or was forgotten ends by itself, with a reason, and a lost message heals: nothing is ever
 * stuck on. A service of the server that may be replaced under load: refer to it dynamically, and say the states that hold
 * again when it comes back.
 */
@ProviderType
public interface EventPublisher {
    /** How long a state holds at most without being said again. */
    int HOLD_SECONDS_MAX = 86_400;

    /**
     * Something happened at a moment.
     *
     * @return false when it was dropped
     */
    boolean pulse(EventFact fact, long atUs);

    /**
     * A state holds. The first time begins an event; again for the same source and kind keeps it alive, and changes the
     * event where severity, detail or attributes are others than before. Another correlation is another occurrence: the one
     * that is on ends where this one began.
     *
     * @param sinceUs when it began; counts the first time only
     * @param holdSeconds 1..{@link #HOLD_SECONDS_MAX}: without being said again within this time the state ends with
     *     {@link EventSpan.EndReason#LAPSED}. Three times the interval of saying it is a good choice
     * @return false when it was dropped; saying it again heals that
     */
    boolean hold(EventFact fact, long sinceUs, int holdSeconds);

    /**
     * A state that was found when it was over already; whatever is on is not touched.
     *
     * @param endUs when it was over; never before its start
     * @return false when it was dropped
     */
    boolean past(EventFact fact, long startUs, long endUs);

    /**
     * A state is over. Nothing happens when it is not on.
     *
     * @param endUs when; never before its start
     * @return false when it was dropped; the state then lapses
     */
    boolean end(EventSource source, String kind, long endUs);
}
