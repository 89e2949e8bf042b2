// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A part of the server that can say how it is; a whiteboard service. Called from one thread every few
 * seconds and at most once at a time; may block up to 2 s, then counts as DOWN.
 */
@ConsumerType
public interface HealthCheck {
    /** {@return short name, lower case with hyphens, e.g. {@code database}} */
    String name();

    /** {@return whether the server is not ready while this part is DOWN} */
    default boolean requiredForReadiness() {
        return true;
    }

    Result check();

    /** How a part is. */
    enum Status {
        UP,
        DEGRADED,
        DOWN
    }

    /**
     * What is wrong, for who words it in another language.
     *
     * @param code stable, lower case with underscores, e.g. {@code database_slow}; its meaning never changes
     * @param parameters what the sentence speaks of, by name (camelCase, units last): texts, whole numbers, flags
     */
    record Finding(String code, Map<String, Object> parameters) {
        public Finding {
            Objects.requireNonNull(code, "code");
            parameters = Map.copyOf(parameters);
        }
    }

    /**
     * How a part is, and why.
     *
     * @param detail a sentence for people, in English: what is wrong and what to do; empty when UP
     * @param figures a few numbers or names, without secrets
     * @param findings the same as the detail in codes; may be empty, and may leave out what is rare
     */
    record Result(Status status, String detail, Map<String, Object> figures, List<Finding> findings) {
        public Result {
            figures = Map.copyOf(figures);
            findings = List.copyOf(findings);
        }

        /** Without codes. */
        public Result(Status status, String detail, Map<String, Object> figures) {
            this(status, detail, figures, List.of());
        }

        /** {@return this with one more finding} */
        public Result found(String code, Map<String, Object> parameters) {
            List<Finding> more = new ArrayList<>(findings);
            more.add(new Finding(code, parameters));
            return new Result(status, detail, figures, more);
        }

        /** {@return this with one more finding that needs no parameters} */
        public Result found(String code) {
            return found(code, Map.of());
        }

        public static Result up() {
            return new Result(Status.UP, "", Map.of());
        }

        public static Result down(String detail) {
            return new Result(Status.DOWN, detail, Map.of());
        }
    }
}
