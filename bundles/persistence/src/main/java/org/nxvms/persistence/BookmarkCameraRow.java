// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.Serializable;
import java.util.Objects;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.IdClass;
import javax.persistence.Table;

/** A camera of a bookmark. */
@Entity
@Table(name = "bookmark_camera")
@IdClass(BookmarkCameraRow.Key.class)
public class BookmarkCameraRow {
    @Id
    @Column(name = "bookmark_id")
    private String bookmarkId;

    @Id
    @Column(name = "camera_id")
    private String cameraId;

    /** For JPA. */
    protected BookmarkCameraRow() {}

    BookmarkCameraRow(String bookmarkId, String cameraId) {
        this.bookmarkId = bookmarkId;
        this.cameraId = cameraId;
    }

    String bookmarkId() {
        return bookmarkId;
    }

    String cameraId() {
        return cameraId;
    }

    /** For JPA: names and types of its fields are those of the row's. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        private String bookmarkId;
        private String cameraId;

        /** For JPA. */
        public Key() {}

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && Objects.equals(bookmarkId, key.bookmarkId)
                    && Objects.equals(cameraId, key.cameraId);
        }

        @Override
        public int hashCode() {
            return Objects.hash(bookmarkId, cameraId);
        }
    }
}
