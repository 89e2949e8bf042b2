// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.rights;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.AccessStore.StoredAccess;
import org.nxvms.platform.api.security.AccessStore.StoredGrant;
import org.nxvms.platform.api.security.AccessStore.StoredRole;
import org.nxvms.platform.api.security.UserStore;

/** Roles and grants as they were at one moment. Immutable. */
public final class Rules {
    static final Rules NONE = new Rules(new StoredAccess(List.of(), List.of(), Set.of()));

    private final StoredAccess stored;
    private final Map<String, StoredRole> roles;
    private final Map<UUID, List<StoredGrant>> grants;

    Rules(StoredAccess stored) {
        this.stored = stored;
        roles = stored.roles().stream().collect(Collectors.toUnmodifiableMap(StoredRole::name, Function.identity()));
        grants = stored.grants().stream().collect(Collectors.groupingBy(StoredGrant::userId));
    }

    StoredAccess stored() {
        return stored;
    }

    /** {@return all roles, by name} */
    public List<StoredRole> roles() {
        return stored.roles().stream()
                .sorted(Comparator.comparing(StoredRole::name))
                .toList();
    }

    public Optional<StoredRole> role(String name) {
        return Optional.ofNullable(roles.get(name));
    }

    /** {@return a user's grants and denials, the widest place first} */
    public List<StoredGrant> grants(UUID userId) {
        return grants.getOrDefault(userId, List.of()).stream()
                .sorted(Comparator.comparing(
                                (StoredGrant grant) -> grant.scope().type())
                        .thenComparing(grant -> grant.scope().id())
                        .thenComparing(StoredGrant::role))
                .toList();
    }

    boolean hasSecondFactor(UUID userId) {
        return stored.withSecondFactor().contains(userId);
    }

    /** {@return what a role allows}; an unknown one allows nothing */
    public long bits(String role) {
        return role.equals(UserStore.ADMINISTRATOR)
                ? Bits.ALL
                : role(role).map(known -> Bits.ofNames(known.permissions())).orElse(0L);
    }

    /** {@return whether a role is for those with a second factor only} */
    boolean needsSecondFactor(String role) {
        return role(role).map(StoredRole::secondFactor).orElse(false);
    }

    /** {@return all that is said of a user}: of who is administrator everywhere nothing else counts */
    List<Statement> about(UUID userId, String role) {
        List<Statement> said = new ArrayList<>();
        said.add(statement(AccessScope.SITE, role, false, Optional.empty()));
        if (!role.equals(UserStore.ADMINISTRATOR)) {
            for (StoredGrant grant : grants(userId)) {
                said.add(statement(grant.scope(), grant.role(), grant.denied(), Optional.of(grant.id())));
            }
        }
        return List.copyOf(said);
    }

    private Statement statement(AccessScope scope, String role, boolean denied, Optional<UUID> grant) {
        int priority = role(role).map(StoredRole::ptzPriority).orElse(0);
        return new Statement(scope, role, bits(role), priority, denied, grant);
    }
}
