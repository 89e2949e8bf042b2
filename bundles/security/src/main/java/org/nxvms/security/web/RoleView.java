// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.nxvms.platform.api.security.AccessStore.StoredRole;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.security.rights.Bits;
import org.nxvms.security.rights.Rules;

/** A role as it travels. */
@Schema(name = "Role")
public record RoleView(
        String name,
        String description,
        @Schema(description = "What it allows; of administrator all there is") Set<Permission> permissions,
        @Schema(description = "Who has it must enrol a second factor before anything else") boolean secondFactor,
        @Schema(description = "0..100: whose movements of a camera go before whose") int ptzPriority,
        @Schema(description = "Whether its permissions can be changed") boolean editable) {

    static final int NAME_CHARS_MAX = 40;
    private static final int DESCRIPTION_CHARS_MAX = 500;
    private static final int PRIORITY_MAX = 100;

    static RoleView of(Rules rules, StoredRole role) {
        return new RoleView(
                role.name(),
                role.description(),
                Bits.set(rules.bits(role.name())),
                role.secondFactor(),
                role.ptzPriority(),
                !role.name().equals(UserStore.ADMINISTRATOR));
    }

    /** A role to add. */
    @Schema(name = "RoleDraft")
    public record Draft(
            @Schema(description = "1..40 of a-z, 0-9, dots, dashes and underscores") String name,
            Optional<String> description,
            Set<Permission> permissions,
            Optional<Boolean> secondFactor,
            @Schema(description = "0..100, default 0") Optional<Integer> ptzPriority) {
        public Draft {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(permissions, "permissions");
            if (!name.matches("[a-z0-9][a-z0-9._-]*") || name.length() > NAME_CHARS_MAX) {
                throw new IllegalArgumentException("name must be 1 to " + NAME_CHARS_MAX
                        + " of a-z, 0-9, dots, dashes and underscores, and begin with a letter or digit");
            }
            check(description, ptzPriority);
        }

        StoredRole stored() {
            return new StoredRole(
                    name,
                    description.orElse("").strip(),
                    names(permissions),
                    secondFactor.orElse(false),
                    ptzPriority.orElse(0),
                    1);
        }
    }

    /** What of a role may be changed; what is left out stays. */
    @Schema(name = "RolePatch")
    public record Patch(
            Optional<String> description,
            Optional<Set<Permission>> permissions,
            Optional<Boolean> secondFactor,
            @Schema(description = "0..100") Optional<Integer> ptzPriority) {
        public Patch {
            check(description, ptzPriority);
        }

        StoredRole of(StoredRole old) {
            return new StoredRole(
                    old.name(),
                    description.map(String::strip).orElse(old.description()),
                    permissions.map(Patch::named).orElse(old.permissions()),
                    secondFactor.orElse(old.secondFactor()),
                    ptzPriority.orElse(old.ptzPriority()),
                    old.version() + 1);
        }

        private static Set<String> named(Set<Permission> some) {
            return names(some);
        }
    }

    private static void check(Optional<String> description, Optional<Integer> ptzPriority) {
        if (description.filter(text -> text.length() > DESCRIPTION_CHARS_MAX).isPresent()) {
            throw new IllegalArgumentException(
                    "description must have at most " + DESCRIPTION_CHARS_MAX + " characters");
        }
        if (ptzPriority.filter(value -> value < 0 || value > PRIORITY_MAX).isPresent()) {
            throw new IllegalArgumentException("ptzPriority must be 0 to " + PRIORITY_MAX);
        }
    }

    private static Set<String> names(Set<Permission> permissions) {
        return permissions.stream()
                .map(permission -> permission.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }
}
