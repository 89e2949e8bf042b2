// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.plugin;

import java.util.Objects;
import java.util.Optional;

/**
 * A plugin that is installed.
 *
 * @param name its symbolic name
 * @param detail a sentence for people: what is wrong and what to do; empty when all is well
 * @param previous what a rollback goes back to
 * @param tried a version beside the current one that has not proved itself yet; see {@link PluginAdmin#tryOut}
 */
public record Plugin(
        String name,
        State state,
        String detail,
        PluginVersion current,
        Optional<PluginVersion> previous,
        Optional<PluginVersion> tried) {
    /** A {@code switch} needs a default branch that shows the name. */
    public enum State {
        /** The server began, or is asked, to bring it up. */
        STARTING,
        /** It runs and its service is seen. */
        ACTIVE,
        /** An administrator took it out of the running server. */
        DISABLED,
        /** It should run and does not; see detail. */
        FAILED
    }

    public Plugin {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(current, "current");
        Objects.requireNonNull(previous, "previous");
        Objects.requireNonNull(tried, "tried");
    }

    /** One that is tried in no other version. */
    public Plugin(String name, State state, String detail, PluginVersion current, Optional<PluginVersion> previous) {
        this(name, state, detail, current, previous, Optional.empty());
    }
}
