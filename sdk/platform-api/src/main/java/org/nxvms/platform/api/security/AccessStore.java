// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to stored roles and grants; offered by persistence, used by security only. Blocks for one transaction; throws
 * {@link org.nxvms.platform.api.StoreException} when the database fails.
 */
@ProviderType
public interface AccessStore {
    /**
     * A named set of rights.
     *
     * @param permissions by name in lower case; names that a later version knows are kept
     * @param secondFactor whether who has it must sign in with a second factor
     * @param ptzPriority 0..100; who moves a camera is not disturbed by somebody with a lower one
     * @param version rises by one at each change
     */
    record StoredRole(
            String name,
            String description,
            Set<String> permissions,
            boolean secondFactor,
            int ptzPriority,
            long version) {
        public StoredRole {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(description, "description");
            permissions = Set.copyOf(permissions);
        }
    }

    /**
     * A role given to a user at a place, or kept from the user there.
     *
     * @param denied whether the role's rights are taken away at the place instead
     */
    record StoredGrant(UUID id, UUID userId, String role, AccessScope scope, boolean denied, Instant created) {
        public StoredGrant {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(userId, "userId");
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(scope, "scope");
            Objects.requireNonNull(created, "created");
        }
    }

    /**
     * All there is, as of one moment.
     *
     * @param withSecondFactor users who have one
     */
    record StoredAccess(List<StoredRole> roles, List<StoredGrant> grants, Set<UUID> withSecondFactor) {
        public StoredAccess {
            roles = List.copyOf(roles);
            grants = List.copyOf(grants);
            withSecondFactor = Set.copyOf(withSecondFactor);
        }
    }

    /** What became of a change. */
    enum Outcome {
        DONE,
        /** There is one already. */
        TAKEN,
        /** It is gone, or what it names is. */
        ABSENT,
        /** It was changed meanwhile. */
        STALE,
        /** Users have it still. */
        IN_USE
    }

    StoredAccess load();

    /** {@return DONE or TAKEN} */
    Outcome insertRole(StoredRole role);

    /** Replaces the role of that name whose version is one less; {@return DONE, ABSENT or STALE} */
    Outcome updateRole(StoredRole role);

    /** {@return DONE, ABSENT or IN_USE} Decided in the transaction: no user is left with a role that is gone. */
    Outcome deleteRole(String name);

    /** {@return DONE, TAKEN (the same user, role and place), or ABSENT (no such user or role)} */
    Outcome insertGrant(StoredGrant grant);

    /** {@return whether the user had it} */
    boolean deleteGrant(UUID userId, UUID id);
}
