// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * One page of events, newest start first, those of one start by descending id.
 *
 * @param after where the last page ended; empty for the first
 * @param limit 1..{@link #LIMIT_MAX}
 */
public record EventQuery(EventFilter filter, Optional<Position> after, int limit) {
    public static final int LIMIT_MAX = 1000;

    public EventQuery {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(after, "after");
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit must be 1.." + LIMIT_MAX + ", not " + limit);
        }
    }

    /** Of an event in that order. A state's start never changes, so a page's end stays where it is. */
    public record Position(long startUs, UUID id) {
        public Position {
            Objects.requireNonNull(id, "id");
        }

        public static Position of(Event event) {
            return new Position(event.startUs(), event.id());
        }
    }
}
