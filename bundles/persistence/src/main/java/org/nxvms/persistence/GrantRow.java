// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.UUID;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.AccessStore.StoredGrant;

/** A role given to a user at a place, or kept from the user there. */
@Entity
@Table(name = "access_grant")
public class GrantRow {
    @Id
    private String id;

    @Column(name = "user_id")
    private String userId;

    private String role;

    private String scope;

    private boolean denied;

    @Column(name = "created_ms")
    private long createdMs;

    /** For JPA. */
    protected GrantRow() {}

    GrantRow(StoredGrant grant) {
        id = grant.id().toString();
        userId = grant.userId().toString();
        role = grant.role();
        scope = grant.scope().toString();
        denied = grant.denied();
        createdMs = grant.created().toEpochMilli();
    }

    String userId() {
        return userId;
    }

    boolean denied() {
        return denied;
    }

    /** {@return that the user has nothing, in the place of this one} */
    StoredGrant nothing(String roleOfUser) {
        return new StoredGrant(
                UUID.fromString(id),
                UUID.fromString(userId),
                roleOfUser,
                AccessScope.SITE,
                true,
                Instant.ofEpochMilli(createdMs));
    }

    /** @throws IllegalArgumentException a later version, or somebody else, wrote what this one does not know */
    StoredGrant stored() {
        return new StoredGrant(
                UUID.fromString(id),
                UUID.fromString(userId),
                role,
                AccessScope.parse(scope),
                denied,
                Instant.ofEpochMilli(createdMs));
    }
}
