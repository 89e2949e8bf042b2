// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.layout;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.layout.Layout;
import org.nxvms.platform.api.layout.LayoutQuery;
import org.nxvms.platform.api.layout.LayoutStore;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Caller;

/** What one caller sees and may change, for one request. */
final class Sight {
    private final Caller caller;
    private final LayoutStore store;
    private final boolean sharing;
    private final LayoutQuery query;
    private final Map<UUID, Boolean> seen = new HashMap<>();

    Sight(Caller caller, LayoutStore store) {
        this.caller = caller;
        this.store = store;
        sharing = caller.may(Permission.SHARE_LAYOUTS, Optional.empty());
        query = page(Optional.empty(), 1);
    }

    /** {@return the question for one page of what the caller sees} */
    LayoutQuery page(Optional<LayoutQuery.Position> after, int limit) {
        return new LayoutQuery(caller.user().id(), caller.roles(), sharing, after, limit);
    }

    boolean sees(Layout layout) {
        return query.sees(layout);
    }

    /** {@return whether the caller sees a wall of this id, so that a tour can show it} */
    boolean sees(UUID id) {
        return seen.computeIfAbsent(id, any -> store.get(any)
                .filter(layout -> layout.content() instanceof Layout.Wall)
                .filter(this::sees)
                .isPresent());
    }

    /** {@return whether the caller may change it}: others' only what is shared, and that by the right to share alone */
    boolean mayChange(Layout layout) {
        return layout.isShared()
                ? sharing
                : layout.ownerId().equals(caller.user().id());
    }

    /** {@return whether the caller may let others have layouts} */
    boolean mayShare() {
        return sharing;
    }
}
