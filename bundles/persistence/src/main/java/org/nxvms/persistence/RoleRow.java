// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.security.AccessStore.StoredRole;

/** A role's row; permissions by commas. */
@Entity
@Table(name = "access_role")
public class RoleRow {
    @Id
    private String name;

    private String description;

    private String permissions;

    @Column(name = "second_factor")
    private boolean secondFactor;

    @Column(name = "ptz_priority")
    private int ptzPriority;

    private long version;

    /** For JPA. */
    protected RoleRow() {}

    RoleRow(StoredRole role) {
        name = role.name();
        take(role);
    }

    final void take(StoredRole role) {
        description = role.description();
        permissions = String.join(",", new TreeSet<>(role.permissions()));
        secondFactor = role.secondFactor();
        ptzPriority = role.ptzPriority();
        version = role.version();
    }

    long version() {
        return version;
    }

    StoredRole stored() {
        return new StoredRole(
                name,
                description,
                Arrays.stream(permissions.split(","))
                        .filter(permission -> !permission.isEmpty())
                        .collect(Collectors.toSet()),
                secondFactor,
                ptzPriority,
                version);
    }
}
