// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Something that happened, or a state that holds or held. Changes of one event keep its id and raise its sequence: who
 * sees a sequence twice has seen the same facts twice.
 *
 * @param id time-ordered (UUID version 7, RFC 9562 5.7); its order is the order of first publication on a server
 * @param serverId the server that published it
 * @param sequence rises with each change of any event of a server, over restarts too; microseconds since 1970 where the
 *     clock allows
 * @param fact what
 * @param span when
 */
public record Event(UUID id, UUID serverId, long sequence, EventFact fact, EventSpan span) {
    public Event {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(serverId, "serverId");
        Objects.requireNonNull(fact, "fact");
        Objects.requireNonNull(span, "span");
    }

    public EventSource source() {
        return fact.source();
    }

    public String kind() {
        return fact.kind();
    }

    public EventSeverity severity() {
        return fact.severity();
    }

    public long startUs() {
        return span.startUs();
    }

    /** {@return the end; a pulse ends where it starts; empty while a state lasts} */
    public OptionalLong endUs() {
        return span.endUs();
    }

    /** {@return the camera concerned; empty for events of the server, its volumes, drivers, users} */
    public Optional<UUID> cameraId() {
        return fact.source().cameraId();
    }
}
