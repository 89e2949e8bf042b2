// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.layout;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to the stored layouts; offered by persistence. Any thread; blocks for one transaction, throws {@link
 * org.nxvms.platform.api.StoreException} when the database fails.
 *
 * <p>A layout whose owner is gone goes too unless it is shared; with a role that is gone it is shared no more.
 */
@ProviderType
public interface LayoutStore {
    /** So many of one owner; people make them by hand and choose from a menu. */
    int OWNED_MAX = 100;

    /** What became of a change; nothing is changed unless it is done. */
    enum Outcome {
        DONE,
        /** Its owner has one of that name. */
        TAKEN,
        /** Its owner has {@link #OWNED_MAX} already. */
        FULL,
        /** It is shared with a role that is not there. */
        NO_ROLE,
        /** It was changed or removed meanwhile. */
        STALE
    }

    /** {@return DONE, TAKEN, FULL or NO_ROLE} */
    Outcome insert(Layout layout);

    Optional<Layout> get(UUID id);

    /** {@return one page, in the query's order} */
    List<Layout> find(LayoutQuery query);

    /** Replaces the layout if its version is one less than the given one's; {@return DONE, TAKEN, NO_ROLE or STALE} */
    Outcome update(Layout layout);

    /**
     * Removes the layout if it has this version.
     *
     * @return false when it has another version or is gone; nothing is changed
     */
    boolean delete(UUID id, long version);
}
