// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.nxvms.platform.api.bookmark.Bookmark;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.rest.kit.problem.Fields;
import org.nxvms.rest.kit.problem.Times;

/** Bookmarks as callers describe them. */
final class BookmarkBody {
    /** As wide as the column of its name. */
    private static final int AUTHOR_CHARS_MAX = 100;

    private BookmarkBody() {}

    /** A bookmark to set; times are RFC 3339 or milliseconds. */
    @Schema(name = "BookmarkDraft")
    record Draft(
            Set<UUID> cameraIds,
            String from,
            @Schema(description = "Left out for a moment; at most 31 days later") Optional<String> to,
            String title,
            Optional<String> text,
            @Schema(description = "Kept in lower case") Optional<Set<String>> tags) {
        Draft {
            Objects.requireNonNull(cameraIds, "cameraIds");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(title, "title");
        }

        Bookmark bookmark(AuthenticatedUser author, long nowUs) {
            long fromUs = Times.micros(from, "from");
            String name = author.username();
            return checked(new Content(
                            cameraIds,
                            fromUs,
                            Times.optionalMicros(to.orElse(null), "to").orElse(fromUs),
                            title.strip(),
                            text.map(String::strip).orElse(""),
                            written(tags)))
                    .bookmark(
                            UUID.randomUUID(),
                            1,
                            author.id(),
                            name.substring(0, Math.min(name.length(), AUTHOR_CHARS_MAX)),
                            nowUs,
                            nowUs);
        }
    }

    /** What is to be another; what is left out stays. */
    @Schema(name = "BookmarkChange")
    record Change(
            Optional<Set<UUID>> cameraIds,
            Optional<String> from,
            @Schema(
                            description =
                                    "The same as from makes it a moment. A moment to which only another from is given"
                                            + " stays one")
                    Optional<String> to,
            Optional<String> title,
            Optional<String> text,
            Optional<Set<String>> tags) {
        Bookmark of(Bookmark before, long nowUs) {
            long fromUs = Times.optionalMicros(from.orElse(null), "from").orElse(before.fromUs());
            return checked(new Content(
                            cameraIds.orElseGet(() -> new TreeSet<>(before.cameraIds())),
                            fromUs,
                            Times.optionalMicros(to.orElse(null), "to")
                                    .orElse(before.isMoment() ? fromUs : before.toUs()),
                            title.map(String::strip).orElse(before.title()),
                            text.map(String::strip).orElse(before.text()),
                            tags.isPresent() ? written(tags) : before.tags()))
                    .bookmark(
                            before.id(),
                            before.version() + 1,
                            before.authorId(),
                            before.author(),
                            before.createdUs(),
                            nowUs);
        }
    }

    /** What people say of it. */
    private record Content(
            Set<UUID> cameraIds, long fromUs, long toUs, String title, String text, SortedSet<String> tags) {
        Bookmark bookmark(UUID id, long version, UUID authorId, String author, long createdUs, long updatedUs) {
            return new Bookmark(
                    id,
                    version,
                    List.copyOf(cameraIds),
                    fromUs,
                    toUs,
                    title,
                    text,
                    tags,
                    authorId,
                    author,
                    createdUs,
                    updatedUs);
        }
    }

    private static SortedSet<String> written(Optional<Set<String>> typed) {
        SortedSet<String> tags = new TreeSet<>();
        typed.orElse(Set.of()).forEach(tag -> tags.add(tag == null ? "" : Bookmark.tag(tag)));
        return tags;
    }

    private static Content checked(Content content) {
        int cameras = content.cameraIds().size();
        int title = content.title().length();
        new Fields()
                .check(
                        cameras >= 1
                                && cameras <= Bookmark.CAMERAS_MAX
                                && content.cameraIds().stream().allMatch(Objects::nonNull),
                        "cameraIds",
                        "\"cameraIds\" has " + cameras + " ids. Give 1 to " + Bookmark.CAMERAS_MAX + ".")
                .check(
                        content.toUs() >= content.fromUs(),
                        "to",
                        "\"to\" is before \"from\". Give the same or a later moment, or leave it out.")
                .check(
                        content.toUs() - content.fromUs() <= Bookmark.LENGTH_US_MAX,
                        "to",
                        "\"to\" is more than 31 days later than \"from\". Set several bookmarks.")
                .check(
                        title >= 1 && title <= Bookmark.TITLE_CHARS_MAX && isPrintable(content.title(), ""),
                        "title",
                        "\"title\" has " + title + " characters. Give 1 to " + Bookmark.TITLE_CHARS_MAX
                                + " in one line.")
                .check(
                        content.text().length() <= Bookmark.TEXT_CHARS_MAX && isPrintable(content.text(), "\r\n\t"),
                        "text",
                        "\"text\" has " + content.text().length() + " characters. Give at most "
                                + Bookmark.TEXT_CHARS_MAX + ", without control characters.")
                .check(
                        content.tags().size() <= Bookmark.TAGS_MAX
                                && content.tags().stream().allMatch(Bookmark::isTag),
                        "tags",
                        "\"tags\" must be at most " + Bookmark.TAGS_MAX + " of 1 to " + Bookmark.TAG_CHARS_MAX
                                + " characters, without commas.")
                .throwIfAny();
        return content;
    }

    private static boolean isPrintable(String text, String but) {
        // Nor halves of characters, which not every database takes.
        return text.codePoints()
                .noneMatch(c ->
                        Character.isISOControl(c) && but.indexOf(c) < 0 || Character.getType(c) == Character.SURROGATE);
    }
}
