// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** Reading events: what is stored, and what was published a moment ago and is being stored. Any thread. */
@ProviderType
public interface EventLog {
    /**
     * Blocks on the database.
     *
     * @throws org.nxvms.platform.api.StoreException when the database fails or is not there
     */
    List<Event> find(EventQuery query);

    /** As {@link #find}. */
    Optional<Event> get(UUID id);

    /** {@return states of this server that are on and fit; from memory, oldest first} */
    List<Event> open(EventFilter filter);

    /** {@return every kind that is described, by name; from memory} */
    List<EventKindInfo> kinds();

    /**
     * Newest changes of this server's events behind a sequence, in its order: who keeps the last one's sequence goes on
     * from there, over restarts of either side. A change that was followed by another one of the same event may be left
     * out. Blocks on the database for a position that is far behind.
     *
     * @param limit 1..{@link EventQuery#LIMIT_MAX}
     * @return empty when there are none yet, or while older ones are still on their way to the store
     * @throws org.nxvms.platform.api.StoreException when the database fails, or has not been there since the start
     */
    List<Event> changesAfter(long sequence, int limit);

    /**
     * {@return the newest change's sequence; from memory}
     *
     * @throws org.nxvms.platform.api.StoreException while the database has not been there since the start
     */
    long lastSequence();

    /**
     * {@return how many stored events of this server that will not change any more, pulses and states that are over, fit
     * and have their newest change behind one sequence and not behind another} Only retention makes it less. Blocks on the
     * database.
     *
     * @throws org.nxvms.platform.api.StoreException when the database fails or is not there
     */
    long countSettled(EventFilter filter, long afterSequence, long throughSequence);

    /** {@return how events fare; from memory} */
    EventFigures figures();
}
