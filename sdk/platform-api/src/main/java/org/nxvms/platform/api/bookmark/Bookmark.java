// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.bookmark;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A moment, or a half-open stretch of time, of some cameras, with what somebody says about it. It holds no footage: retention
 * removes that as if there were none, unless an evidence lock holds it.
 *
 * @param version counts its changes, from 1
 * @param cameraIds 1..{@link #CAMERAS_MAX}; held in ascending order, each once
 * @param fromUs microseconds since 1970
 * @param toUs its end; the same as {@code fromUs} for a moment, at most {@link #LENGTH_US_MAX} later
 * @param title 1..{@link #TITLE_CHARS_MAX} characters
 * @param text at most {@link #TEXT_CHARS_MAX} characters, may be empty
 * @param tags at most {@link #TAGS_MAX}, as {@link #tag} makes them
 * @param authorId of the user who set it, who may be gone
 * @param author that user's name then
 * @param createdUs when it was set
 * @param updatedUs when it was changed last
 */
public record Bookmark(
        UUID id,
        long version,
        List<UUID> cameraIds,
        long fromUs,
        long toUs,
        String title,
        String text,
        SortedSet<String> tags,
        UUID authorId,
        String author,
        long createdUs,
        long updatedUs) {
    /** Cameras of one incident, as many as of an evidence lock. */
    public static final int CAMERAS_MAX = 128;

    public static final int TITLE_CHARS_MAX = 200;
    public static final int TEXT_CHARS_MAX = 4_000;
    public static final int TAGS_MAX = 20;
    public static final int TAG_CHARS_MAX = 40;
    /** Thirty-one days; so that those that reach into a range are found by when they begin. */
    public static final long LENGTH_US_MAX = 31L * 86_400_000_000L;

    public Bookmark {
        Objects.requireNonNull(id, "id");
        cameraIds = cameraIds.stream().distinct().sorted().toList();
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(text, "text");
        tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        Objects.requireNonNull(authorId, "authorId");
        Objects.requireNonNull(author, "author");
        if (version < 1 || cameraIds.isEmpty() || cameraIds.size() > CAMERAS_MAX) {
            throw new IllegalArgumentException(
                    "a bookmark needs a version from 1 on and 1.." + CAMERAS_MAX + " cameras");
        }
        if (toUs < fromUs || toUs - fromUs > LENGTH_US_MAX) {
            throw new IllegalArgumentException(
                    "a bookmark must not end before it begins, nor more than 31 days later: " + fromUs + ", " + toUs);
        }
        if (title.isBlank()
                || title.length() > TITLE_CHARS_MAX
                || text.length() > TEXT_CHARS_MAX
                || tags.size() > TAGS_MAX
                || !tags.stream().allMatch(Bookmark::isTag)) {
            throw new IllegalArgumentException(
                    "title, text or tags of a bookmark are longer or others than they may be");
        }
    }

    /** {@return whether it is of one moment} */
    public boolean isMoment() {
        return toUs == fromUs;
    }

    /** {@return whether it reaches into a half-open range} */
    public boolean overlaps(long rangeFromUs, long rangeToUs) {
        return fromUs < rangeToUs && (toUs > rangeFromUs || fromUs >= rangeFromUs);
    }

    /** {@return how a tag is written: in lower case, without blanks around} */
    public static String tag(String typed) {
        return typed.strip().toLowerCase(Locale.ROOT);
    }

    /** {@return whether it can be a tag: 1..{@link #TAG_CHARS_MAX} characters, no comma, no control characters} */
    public static boolean isTag(String tag) {
        return !tag.isEmpty()
                && tag.length() <= TAG_CHARS_MAX
                && tag.equals(tag(tag))
                && tag.chars().noneMatch(c -> c == ',' || Character.isISOControl(c));
    }
}
