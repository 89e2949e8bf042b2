// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.health;

import java.util.Map;
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
     * @param detail a sentence for people: what is wrong and what to do; empty when UP
     * @param figures a few numbers or names, without secrets
     */
    record Result(Status status, String detail, Map<String, Object> figures) {
        public Result {
            figures = Map.copyOf(figures);
        }

        public static Result up() {
            return new Result(Status.UP, "", Map.of());
        }

        public static Result down(String detail) {
            return new Result(Status.DOWN, detail, Map.of());
        }
    }
}
