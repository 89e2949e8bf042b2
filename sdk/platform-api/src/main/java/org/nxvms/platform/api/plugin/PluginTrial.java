// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.plugin;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.camera.DriverRollouts;

/**
 * How another version of a driver is tried before it counts; see {@link DriverRollouts}.
 *
 * @param canary the camera to begin with; empty for the first one that is well
 * @param soakSeconds how long the canary is watched, and then all: {@value DriverRollouts#SOAK_SECONDS_MIN}..{@value
 *     DriverRollouts#SOAK_SECONDS_MAX}
 */
public record PluginTrial(Optional<UUID> canary, int soakSeconds) {
    public PluginTrial {
        Objects.requireNonNull(canary, "canary");
        if (soakSeconds < DriverRollouts.SOAK_SECONDS_MIN || soakSeconds > DriverRollouts.SOAK_SECONDS_MAX) {
            throw new IllegalArgumentException("soakSeconds must be " + DriverRollouts.SOAK_SECONDS_MIN + ".."
                    + DriverRollouts.SOAK_SECONDS_MAX + ", not " + soakSeconds);
        }
    }
}
