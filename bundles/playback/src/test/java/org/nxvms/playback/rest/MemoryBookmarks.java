// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.platform.api.bookmark.Bookmark;
import org.nxvms.platform.api.bookmark.BookmarkQuery;
import org.nxvms.platform.api.bookmark.BookmarkStore;

/** The port's contract in memory; the real one is tested in bundles/persistence. */
final class MemoryBookmarks implements BookmarkStore {
    final Map<UUID, Bookmark> there = new ConcurrentHashMap<>();
    volatile boolean full;

    static Bookmark bookmark(long fromUs, long lengthUs, List<UUID> cameras, String title) {
        return new Bookmark(
                UUID.randomUUID(),
                1,
                cameras,
                fromUs,
                fromUs + lengthUs,
                title,
                "",
                new TreeSet<>(),
                new UUID(9, 9),
                "anna",
                fromUs,
                fromUs);
    }

    @Override
    public boolean insert(Bookmark bookmark) {
        if (!full) {
            there.put(bookmark.id(), bookmark);
        }
        return !full;
    }

    @Override
    public Optional<Bookmark> get(UUID id) {
        return Optional.ofNullable(there.get(id));
    }

    @Override
    public List<Bookmark> find(BookmarkQuery query) {
        Comparator<Bookmark> newestFirst = Comparator.comparingLong(Bookmark::fromUs)
                .thenComparing(bookmark -> bookmark.id().toString())
                .reversed();
        return there.values().stream()
                .filter(b -> query.cameras().isEmpty() || b.cameraIds().stream().anyMatch(query.cameras()::contains))
                .filter(b -> !query.hidden().containsAll(b.cameraIds()))
                .filter(b -> b.overlaps(
                        query.fromUs().orElse(Long.MIN_VALUE), query.toUs().orElse(Long.MAX_VALUE)))
                .filter(b -> query.words().stream().allMatch(word -> (b.title() + "\n" + b.text() + "\n" + b.tags())
                        .toLowerCase(Locale.ROOT)
                        .contains(word.toLowerCase(Locale.ROOT))))
                .filter(b -> b.tags().containsAll(query.tags()))
                .sorted(newestFirst)
                .filter(b ->
                        query.after().isEmpty() || isBehind(b, query.after().get()))
                .limit(query.limit())
                .toList();
    }

    private static boolean isBehind(Bookmark bookmark, BookmarkQuery.Position after) {
        return bookmark.fromUs() < after.fromUs()
                || bookmark.fromUs() == after.fromUs()
                        && bookmark.id().toString().compareTo(after.id().toString()) < 0;
    }

    @Override
    public boolean update(Bookmark bookmark) {
        Bookmark before = there.get(bookmark.id());
        return before != null
                && before.version() == bookmark.version() - 1
                && there.replace(bookmark.id(), before, bookmark);
    }

    @Override
    public boolean delete(UUID id, long version) {
        Bookmark before = there.get(id);
        return before != null && before.version() == version && there.remove(id, before);
    }
}
