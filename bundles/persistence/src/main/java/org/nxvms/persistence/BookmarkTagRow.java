// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.Serializable;
import java.util.Objects;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.IdClass;
import javax.persistence.Table;

/** A tag of a bookmark. */
@Entity
@Table(name = "bookmark_tag")
@IdClass(BookmarkTagRow.Key.class)
public class BookmarkTagRow {
    @Id
    @Column(name = "bookmark_id")
    private String bookmarkId;

    @Id
    @Column(name = "tag")
    private String tag;

    /** For JPA. */
    protected BookmarkTagRow() {}

    BookmarkTagRow(String bookmarkId, String tag) {
        this.bookmarkId = bookmarkId;
        this.tag = tag;
    }

    String bookmarkId() {
        return bookmarkId;
    }

    String tag() {
        return tag;
    }

    /** For JPA: names and types of its fields are those of the row's. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        private String bookmarkId;
        private String tag;

        /** For JPA. */
        public Key() {}

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && Objects.equals(bookmarkId, key.bookmarkId)
                    && Objects.equals(tag, key.tag);
        }

        @Override
        public int hashCode() {
            return Objects.hash(bookmarkId, tag);
        }
    }
}
