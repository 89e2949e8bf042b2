// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.layout;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One page of the layouts that somebody sees, the oldest first, those of one moment by id.
 *
 * @param userId whose own ones are among them
 * @param roles those shared with one of them are among them
 * @param allShared whether all that are shared with anybody are
 * @param after where the last page ended; empty for the first
 * @param limit 1..{@link #LIMIT_MAX}
 */
public record LayoutQuery(UUID userId, Set<String> roles, boolean allShared, Optional<Position> after, int limit) {
    public static final int LIMIT_MAX = 1_000;

    public LayoutQuery {
        Objects.requireNonNull(userId, "userId");
        roles = Set.copyOf(roles);
        Objects.requireNonNull(after, "after");
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit " + limit);
        }
    }

    /** {@return whether it is about this layout, whichever page it is on} */
    public boolean sees(Layout layout) {
        return layout.ownerId().equals(userId)
                || layout.isShared() && allShared
                || layout.roles().stream().anyMatch(roles::contains);
    }

    /** Of a layout in that order. */
    public record Position(long createdUs, UUID id) {
        public Position {
            Objects.requireNonNull(id, "id");
        }

        public static Position of(Layout layout) {
            return new Position(layout.createdUs(), layout.id());
        }
    }
}
