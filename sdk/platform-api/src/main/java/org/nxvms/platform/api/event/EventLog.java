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

    /** {@return how events fare; from memory} */
    EventFigures figures();
}
