// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.audit;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
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
    /** In {@code after}: by which way something was done. */
    public static final String WAY = "way";

    /** In {@code after}: the beginning of a range of time. */
    public static final String FROM = "from";

    /** In {@code after}: the end of a range of time. */
    public static final String TO = "to";

    private static final String FOOTAGE_VIEWED = "footage.viewed";

    public AuditNote {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(subject, "subject");
        before = Map.copyOf(before);
        after = Map.copyOf(after);
    }

    /**
     * {@return the note that recorded footage was given out; for {@link AuditTrail#noteOften}}
     *
     * @param way how: {@code segments}, {@code thumbnail}, {@code rtsp}, {@code edge}; each way is a series of its own
     * @param from beginning of what was given out
     * @param to its end; empty when it is not known yet
     */
    public static AuditNote footageViewed(Actor actor, UUID cameraId, String way, Instant from, Optional<Instant> to) {
        Map<String, String> range = new TreeMap<>();
        range.put(WAY, way);
        range.put(FROM, from.toString());
        to.ifPresent(end -> range.put(TO, end.toString()));
        return new AuditNote(FOOTAGE_VIEWED, true, actor, "camera/" + cameraId, Map.of(), range);
    }

    /** {@return the note that footage was not given out, because of a right} */
    public static AuditNote footageRefused(Actor actor, UUID cameraId, String way) {
        return new AuditNote(
                FOOTAGE_VIEWED,
                false,
                actor,
                "camera/" + cameraId,
                Map.of(),
                Map.of(WAY, way, "refused", "right missing"));
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
