// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nxvms.platform.api.bookmark.Bookmark;
import org.nxvms.platform.api.bookmark.BookmarkQuery;
import org.nxvms.platform.api.bookmark.BookmarkStore;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.ProblemException;

/** Finds bookmarks for a caller, and tells nothing of those of other cameras. */
final class BookmarkSearch {
    private static final int LIMIT_DEFAULT = 100;
    /** Pages read for one answer when the caller may see few of the bookmarks; the cursor goes on from there. */
    private static final int PAGES_MAX = 10;

    /** Who may see footage of a camera that is not known may see that of all, but for denials. */
    private static final UUID NO_CAMERA = new UUID(0, 0);

    private final Supplier<BookmarkStore> store;
    private final Supplier<CameraRegistry> cameras;

    BookmarkSearch(Supplier<BookmarkStore> store, Supplier<CameraRegistry> cameras) {
        this.store = store;
        this.cameras = cameras;
    }

    /** As the query says; null where nothing is asked for. */
    record Asked(String from, String to, String cameras, String text, String tags) {}

    Page<BookmarkItem> page(Caller caller, Asked asked, Integer limit, String cursor) {
        int count = Page.limit(limit, LIMIT_DEFAULT, BookmarkQuery.LIMIT_MAX);
        Optional<BookmarkQuery.Position> after = position(cursor);
        SearchParameters.Range range = SearchParameters.range(asked.from(), asked.to());
        Set<String> tags = SearchParameters.tags(asked.tags());
        List<String> words = SearchParameters.words(asked.text());
        Optional<Set<UUID>> seen = seen(SearchParameters.cameras(asked.cameras()), caller);
        if (seen.isPresent() && seen.get().isEmpty()) {
            return Page.whole(List.of());
        }
        Set<UUID> hidden = seen.isPresent() ? Set.of() : hidden(caller);
        BookmarkStore book = Absent.require(store.get(), "The store of bookmarks");
        List<BookmarkItem> items = new ArrayList<>();
        for (int page = 0; page < PAGES_MAX; page++) {
            List<Bookmark> found = book.find(new BookmarkQuery(
                    seen.orElse(Set.of()), hidden, range.fromUs(), range.toUs(), words, tags, after, count));
            for (Bookmark bookmark : found) {
                if (items.size() == count) {
                    return new Page<>(items, after.map(BookmarkSearch::cursor));
                }
                after = Optional.of(BookmarkQuery.Position.of(bookmark));
                if (!BookmarkItem.visible(bookmark, caller).isEmpty()) {
                    items.add(BookmarkItem.of(bookmark, caller));
                }
            }
            if (found.size() < count) {
                return Page.whole(items);
            }
        }
        return new Page<>(items, after.map(BookmarkSearch::cursor));
    }

    /**
     * The cameras to look for, so that pages and cursors tell nothing of hidden ones.
     *
     * @return empty for all there are
     */
    private Optional<Set<UUID>> seen(Set<UUID> asked, Caller caller) {
        Set<UUID> wanted = asked;
        if (wanted.isEmpty()) {
            if (caller.may(Permission.VIEW_ARCHIVE, NO_CAMERA)) {
                return Optional.empty();
            }
            wanted = Absent.require(cameras.get(), "The camera registry").list().stream()
                    .map(Camera::id)
                    .collect(Collectors.toSet());
        }
        return Optional.of(wanted.stream()
                .filter(camera -> caller.may(Permission.VIEW_ARCHIVE, camera))
                .limit(BookmarkQuery.CAMERAS_MAX)
                .collect(Collectors.toSet()));
    }

    /** {@return cameras that are denied to who may see the footage of all others} A cursor would tell of their bookmarks. */
    private Set<UUID> hidden(Caller caller) {
        return Absent.require(cameras.get(), "The camera registry").list().stream()
                .map(Camera::id)
                .filter(camera -> !caller.may(Permission.VIEW_ARCHIVE, camera))
                .limit(BookmarkQuery.CAMERAS_MAX)
                .collect(Collectors.toSet());
    }

    private static String cursor(BookmarkQuery.Position position) {
        return Page.cursor(position.fromUs() + " " + position.id());
    }

    private static Optional<BookmarkQuery.Position> position(String cursor) {
        return Page.key(cursor).map(key -> {
            String[] parts = key.split(" ", -1);
            try {
                if (parts.length == 2) {
                    return new BookmarkQuery.Position(Long.parseLong(parts[0]), UUID.fromString(parts[1]));
                }
            } catch (IllegalArgumentException e) {
                throw new ProblemException(SearchParameters.foreignCursor(), e);
            }
            throw SearchParameters.foreignCursor().exception();
        });
    }
}
