// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.bookmark;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * One page of bookmarks, latest beginning first, those of one beginning by descending id.
 *
 * @param cameras those of one of these at least; empty for all
 * @param hidden those that are of none but these are left out
 * @param fromUs those that reach beyond this moment, or begin at it
 * @param toUs those that begin before it
 * @param words each in title, text or a tag, in whatever case; at most {@link #WORDS_MAX}
 * @param tags those that have all of them
 * @param after where the last page ended; empty for the first
 * @param limit 1..{@link #LIMIT_MAX}
 */
public record BookmarkQuery(
        Set<UUID> cameras,
        Set<UUID> hidden,
        OptionalLong fromUs,
        OptionalLong toUs,
        List<String> words,
        Set<String> tags,
        Optional<Position> after,
        int limit) {
    public static final int LIMIT_MAX = 1_000;
    public static final int WORDS_MAX = 8;
    /** So many of one server, and then some; more fit into no statement. */
    public static final int CAMERAS_MAX = 10_000;

    public BookmarkQuery {
        cameras = Set.copyOf(cameras);
        hidden = Set.copyOf(hidden);
        words = List.copyOf(words);
        tags = Set.copyOf(tags);
        Objects.requireNonNull(fromUs, "fromUs");
        Objects.requireNonNull(toUs, "toUs");
        Objects.requireNonNull(after, "after");
        if (cameras.size() > CAMERAS_MAX
                || hidden.size() > CAMERAS_MAX
                || words.size() > WORDS_MAX
                || tags.size() > Bookmark.TAGS_MAX
                || limit < 1
                || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("cameras " + cameras.size() + ", words " + words.size() + ", tags "
                    + tags.size() + ", limit " + limit);
        }
    }

    /** One of which nothing is hidden. */
    public BookmarkQuery(
            Set<UUID> cameras,
            OptionalLong fromUs,
            OptionalLong toUs,
            List<String> words,
            Set<String> tags,
            Optional<Position> after,
            int limit) {
        this(cameras, Set.of(), fromUs, toUs, words, tags, after, limit);
    }

    /** Of a bookmark in that order. */
    public record Position(long fromUs, UUID id) {
        public Position {
            Objects.requireNonNull(id, "id");
        }

        public static Position of(Bookmark bookmark) {
            return new Position(bookmark.fromUs(), bookmark.id());
        }
    }
}
