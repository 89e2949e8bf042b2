// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to stored events; offered by persistence, used by the events bundle only. Blocks for one transaction; throws {@link
 * org.nxvms.platform.api.StoreException} when the database fails. Several servers may share it.
 */
@ProviderType
public interface EventStore {
    /**
     * Inserts events, or replaces rows of a lower sequence: saying the same again does no harm, in any order. One
     * transaction.
     *
     * @return how many rows are new
     */
    int save(List<Event> events);

    /** One page; of all servers. */
    List<Event> find(EventQuery query);

    Optional<Event> get(UUID id);

    /** Newest changes behind a sequence, in its order. */
    List<Event> changesAfter(UUID serverId, long sequence, int limit);

    /**
     * {@return how many events that are over, pulses included, fit and have {@code after < sequence <= through}}
     *
     * @param filter its time bounds are ignored
     */
    long countSettled(UUID serverId, EventFilter filter, long afterSequence, long throughSequence);

    /** States that are on, oldest first. */
    List<Event> open(UUID serverId, int limit);

    /** {@return the highest sequence; empty when a server has no events} */
    OptionalLong lastSequence(UUID serverId);

    /** {@return the lowest sequence; empty when a server has no events} */
    OptionalLong firstSequence(UUID serverId);

    long count(UUID serverId);

    /**
     * Removes the oldest events, but never a state that is on.
     *
     * @param beforeUs only those that started before
     * @param limit rows at most
     * @return how many were removed
     */
    int deleteOldest(UUID serverId, long beforeUs, int limit);
}
