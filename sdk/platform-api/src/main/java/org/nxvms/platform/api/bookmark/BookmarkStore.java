// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.bookmark;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to the stored bookmarks; offered by persistence. Any thread; blocks for one transaction, throws {@link
 * org.nxvms.platform.api.StoreException} when the database fails.
 */
@ProviderType
public interface BookmarkStore {
    /** So many at a time; people set them by hand, and a search looks at them all. */
    int BOOKMARKS_MAX = 100_000;

    /** {@return false when there are {@link #BOOKMARKS_MAX} already; then nothing is added} */
    boolean insert(Bookmark bookmark);

    Optional<Bookmark> get(UUID id);

    /** {@return one page, in the query's order} */
    List<Bookmark> find(BookmarkQuery query);

    /**
     * Replaces the bookmark if its version is one less than the given one's.
     *
     * @return false when it has another version or is gone; nothing is changed
     */
    boolean update(Bookmark bookmark);

    /**
     * Removes the bookmark if it has this version.
     *
     * @return false when it has another version or is gone; nothing is changed
     */
    boolean delete(UUID id, long version);
}
