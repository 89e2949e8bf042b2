// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditStore;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;

/** Parameters of a question to the audit, and where a page of the answer ends. */
final class AuditQueries {
    private static final int TEXT_MAX = 100;

    private AuditQueries() {}

    /** What an entry must be, as it was asked for; null fits all. */
    record Terms(String user, String action, String address) {}

    static AuditStore.Query of(String from, String to, Terms terms, String cursor, int limit) {
        return new AuditStore.Query(
                Times.optionalMicros(from, "from").map(Times::instant),
                Times.optionalMicros(to, "to").map(Times::instant),
                text(terms.user(), "user"),
                action(terms.action()),
                text(terms.address(), "address"),
                cursor == null ? Optional.empty() : Optional.of(position(cursor)),
                limit);
    }

    private static Optional<String> text(String value, String field) {
        if (value != null && value.length() > TEXT_MAX) {
            throw Problem.malformed(field, "\"" + field + "\" has more than " + TEXT_MAX + " characters.")
                    .exception();
        }
        return Optional.ofNullable(value).filter(some -> !some.isBlank());
    }

    private static Optional<String> action(String value) {
        Optional<String> action = text(value, "action");
        if (action.filter(some -> !some.matches("[a-z_.-]+(\\.\\*)?")).isPresent()) {
            throw Problem.malformed("action", "\"action\" must be an action such as auth.login, or a family: auth.*")
                    .exception();
        }
        return action;
    }

    static String cursor(AuditEntry last) {
        return last.at().toEpochMilli() + "_" + last.serverId() + "_" + last.sequence();
    }

    private static AuditStore.Position position(String cursor) {
        String[] parts = cursor.split("_", -1);
        try {
            if (parts.length == 3) {
                return new AuditStore.Position(
                        Instant.ofEpochMilli(Long.parseLong(parts[0])),
                        UUID.fromString(parts[1]),
                        Long.parseLong(parts[2]));
            }
        } catch (IllegalArgumentException e) {
            throw new ProblemException(unreadable(), e);
        }
        throw unreadable().exception();
    }

    private static Problem unreadable() {
        return Problem.malformed("cursor", "\"cursor\" is not one that this server gave. Begin without.");
    }
}
