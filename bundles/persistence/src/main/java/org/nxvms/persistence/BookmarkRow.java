// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.bookmark.Bookmark;

/** A bookmark's row; its cameras and tags have rows of their own. */
@Entity
@Table(name = "bookmark")
public class BookmarkRow {
    private static final long US_PER_MS = 1_000;

    @Id
    private String id;

    private long version;

    @Column(name = "start_us")
    private long startUs;

    @Column(name = "end_us")
    private long endUs;

    private String title;
    private String description;

    /** What words are looked for in. */
    private String searched;

    @Column(name = "author_id")
    private String authorId;

    @Column(name = "author_name")
    private String authorName;

    @Column(name = "created_ms")
    private long createdMs;

    @Column(name = "updated_ms")
    private long updatedMs;

    /** For JPA. */
    protected BookmarkRow() {}

    BookmarkRow(Bookmark bookmark) {
        id = bookmark.id().toString();
        authorId = bookmark.authorId().toString();
        authorName = bookmark.author();
        createdMs = bookmark.createdUs() / US_PER_MS;
        take(bookmark);
    }

    /** Who set it, and when, stays. */
    final void take(Bookmark bookmark) {
        version = bookmark.version();
        startUs = bookmark.fromUs();
        endUs = bookmark.toUs();
        title = bookmark.title();
        description = bookmark.text();
        searched = searched(bookmark.title() + '\n' + bookmark.text());
        updatedMs = bookmark.updatedUs() / US_PER_MS;
    }

    /** {@return a text as words are looked for in it} A letter may become two that way. */
    static String searched(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    String id() {
        return id;
    }

    long version() {
        return version;
    }

    Bookmark bookmark(Set<String> cameras, Set<String> tags) {
        return new Bookmark(
                UUID.fromString(id),
                version,
                List.copyOf(cameras).stream().map(UUID::fromString).toList(),
                startUs,
                endUs,
                title,
                description,
                new TreeSet<>(tags),
                UUID.fromString(authorId),
                authorName,
                createdMs * US_PER_MS,
                updatedMs * US_PER_MS);
    }
}
