// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.Serializable;
import java.util.Objects;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.IdClass;
import javax.persistence.Table;

/** A role that a layout is shared with. */
@Entity
@Table(name = "layout_role")
@IdClass(LayoutRoleRow.Key.class)
public class LayoutRoleRow {
    @Id
    @Column(name = "layout_id")
    private String layoutId;

    @Id
    @Column(name = "role")
    private String role;

    /** For JPA. */
    protected LayoutRoleRow() {}

    LayoutRoleRow(String layoutId, String role) {
        this.layoutId = layoutId;
        this.role = role;
    }

    String layoutId() {
        return layoutId;
    }

    String role() {
        return role;
    }

    /** For JPA: names and types of its fields are those of the row's. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        private String layoutId;
        private String role;

        /** For JPA. */
        public Key() {}

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Objects.equals(layoutId, key.layoutId) && Objects.equals(role, key.role);
        }

        @Override
        public int hashCode() {
            return Objects.hash(layoutId, role);
        }
    }
}
