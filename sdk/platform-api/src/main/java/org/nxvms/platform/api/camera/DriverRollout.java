// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * How a move of cameras to another version of their driver stands.
 *
 * @param from the version that served when it began
 * @param canary the camera that goes first; empty when the driver has no camera
 * @param begun when it was ordered
 * @param since when the phase began
 * @param detail a sentence for people: what is waited for, or why it ended so
 * @param findings what is worse than before, a sentence each with the camera's name; at most {@value #FINDINGS_MAX}
 */
public record DriverRollout(
        String driver,
        String from,
        String to,
        Optional<UUID> canary,
        Phase phase,
        Instant begun,
        Instant since,
        String detail,
        List<String> findings) {
    public static final int FINDINGS_MAX = 20;

    /** A {@code switch} needs a default branch that shows the name. */
    public enum Phase {
        /** One camera is served by the other version, and watched. */
        CANARY,
        /** All are, and are watched. */
        ALL,
        /** The other version serves for good. */
        PROMOTED,
        /** All cameras are back at the version before. */
        ROLLED_BACK
    }

    public DriverRollout {
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(canary, "canary");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(begun, "begun");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(detail, "detail");
        findings = List.copyOf(findings);
    }

    /** {@return whether it is under way} */
    public boolean runs() {
        return phase == Phase.CANARY || phase == Phase.ALL;
    }
}
