// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.nxvms.platform.api.bookmark.Bookmark;
import org.nxvms.platform.api.bookmark.BookmarkQuery;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.Times;

/** What bookmarks and locks are searched by, as query parameters; null where one is absent. */
final class SearchParameters {
    private static final int LENGTH_MAX = 20_000;
    private static final int CAMERAS_MAX = 500;
    private static final int TEXT_CHARS_MAX = 200;

    private SearchParameters() {}

    /** A half-open range, open at either end. */
    record Range(OptionalLong fromUs, OptionalLong toUs) {
        boolean overlaps(long otherFromUs, long otherToUs) {
            return otherFromUs < toUs.orElse(Long.MAX_VALUE) && otherToUs > fromUs.orElse(Long.MIN_VALUE);
        }
    }

    static Range range(String from, String to) {
        OptionalLong fromUs = time(from, "from");
        OptionalLong toUs = time(to, "to");
        if (fromUs.isPresent() && toUs.isPresent() && toUs.getAsLong() <= fromUs.getAsLong()) {
            throw Problem.validation("to", "\"to\" must be later than \"from\".")
                    .exception();
        }
        return new Range(fromUs, toUs);
    }

    private static OptionalLong time(String text, String field) {
        return Times.optionalMicros(text, field).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    static Set<UUID> cameras(String text) {
        Set<UUID> ids = new LinkedHashSet<>();
        for (String id : listed(text, "cameras", CAMERAS_MAX)) {
            ids.add(Codes.uuid(id, "cameras"));
        }
        return ids;
    }

    static List<String> listed(String text, String field, int max) {
        if (text == null || text.isBlank()) {
            return List.of();
        }
        List<String> words = text.length() > LENGTH_MAX ? List.of() : Arrays.asList(text.split(",", -1));
        if (words.isEmpty() || words.size() > max) {
            throw Problem.malformed(field, "\"" + field + "\" takes at most " + max + ", joined by commas.")
                    .exception();
        }
        return words.stream().map(String::strip).toList();
    }

    /** {@return tags as they are kept} */
    static Set<String> tags(String text) {
        Set<String> tags = new LinkedHashSet<>();
        for (String typed : listed(text, "tags", Bookmark.TAGS_MAX)) {
            String tag = Bookmark.tag(typed);
            if (!Bookmark.isTag(tag)) {
                throw Problem.malformed(
                                "tags",
                                "\"tags\" takes tags of 1 to " + Bookmark.TAG_CHARS_MAX
                                        + " characters, without control characters.")
                        .exception();
            }
            tags.add(tag);
        }
        return tags;
    }

    static Problem foreignCursor() {
        return Problem.malformed("cursor", "\"cursor\" is not one this server gave out. Begin again without it.");
    }

    /** {@return the words of a text that is looked for} */
    static List<String> words(String text) {
        if (text == null || text.isBlank()) {
            return List.of();
        }
        List<String> words = Arrays.asList(text.strip().split("\\s+"));
        if (text.length() > TEXT_CHARS_MAX
                || words.size() > BookmarkQuery.WORDS_MAX
                || text.chars().anyMatch(c -> c == 0)) {
            throw Problem.malformed(
                            "text",
                            "\"text\" takes at most " + BookmarkQuery.WORDS_MAX + " words of " + TEXT_CHARS_MAX
                                    + " characters in all.")
                    .exception();
        }
        return words;
    }
}
