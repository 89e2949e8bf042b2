// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.integration;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One other system that an integration speaks to.
 *
 * @param name what administrators call it, unique in its integration
 * @param detail a sentence for people, without secrets: what is wrong and what to do; empty when nothing is
 * @param attempted when something was last sent, whatever came of it
 * @param delivered when something last arrived
 */
public record Connection(
        String name,
        State state,
        String detail,
        Figures figures,
        Optional<Instant> attempted,
        Optional<Instant> delivered) {
    public Connection {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(figures, "figures");
        Objects.requireNonNull(attempted, "attempted");
        Objects.requireNonNull(delivered, "delivered");
    }

    /** How it is; more follow in minor versions, a {@code switch} needs a default branch. */
    public enum State {
        /** Nothing waits, or what waits is being sent. */
        UP,
        /** The other side does not take what is sent; it is tried again. */
        FAILING,
        /** The settings cannot work; nothing is sent until they are corrected. */
        MISCONFIGURED,
        /** Switched off, by an administrator or because the other side asked for it. */
        DISABLED
    }

    /**
     * Figures over restarts, as far as they were kept.
     *
     * @param delivered events that arrived
     * @param failures attempts that failed
     * @param lost events that were to be sent and never will be; at least so many
     * @param waiting events that are still to be sent, as counted a minute ago at most
     */
    public record Figures(long delivered, long failures, long lost, long waiting) {
        public static final Figures NONE = new Figures(0, 0, 0, 0);
    }
}
