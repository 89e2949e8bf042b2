// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.audit;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.security.AuthenticatedUser;

/**
 * One action of somebody. Carries no secrets: whoever writes a note leaves passwords, tokens and keys out.
 *
 * @param action dotted words, lower case, the family first: {@code auth.login}, {@code user.changed}
 * @param done false when it was refused or failed
 * @param actor who did it
 * @param subject what it was done to, as {@code user/NAME}; empty when it concerns the actor alone
 * @param before values that were, by field
 * @param after values that are, by field; for refusals why
 */
public record AuditNote(
        String action,
        boolean done,
        Actor actor,
        String subject,
        Map<String, String> before,
        Map<String, String> after) {
    public AuditNote {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(subject, "subject");
        before = Map.copyOf(before);
        after = Map.copyOf(after);
    }

    /**
     * Who did it, from where.
     *
     * @param userId empty for who is not known, as at a failed login
     * @param name of the user; for failed logins the name that was tried
     * @param apiKey the key that a program called by
     * @param address of the peer; {@code shell} for commands on the machine
     */
    public record Actor(Optional<UUID> userId, String name, Optional<UUID> apiKey, String address) {
        public Actor {
            Objects.requireNonNull(userId, "userId");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(apiKey, "apiKey");
            Objects.requireNonNull(address, "address");
        }

        /** {@return a caller of REST or media} */
        public static Actor of(AuthenticatedUser user, String address) {
            return new Actor(
                    Optional.of(user.id()), user.username(), user.apiKey().map(AuthenticatedUser.ApiKey::id), address);
        }
    }
}
