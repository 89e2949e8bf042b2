// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Moves the cameras of a driver from one installed version to another: one camera first, the canary; then all; and back
 * again by itself when something is worse than before. Any thread; answers from memory.
 *
 * <p>A version that is installed beside another serves nobody until it is rolled out, or the other one is removed. What was
 * promoted is remembered over restarts; a rollout that is under way when the server stops is given up.
 */
@ProviderType
public interface DriverRollouts {
    int SOAK_SECONDS_MIN = 10;
    int SOAK_SECONDS_MAX = 86_400;
    int SOAK_SECONDS_DEFAULT = 60;

    /**
     * What is to be done.
     *
     * @param driver its id
     * @param version as its bundle says it; newer or older than the one that serves
     * @param canary the camera to begin with; empty for the first one that is well
     * @param soakSeconds how long the canary is watched, and then all: {@value #SOAK_SECONDS_MIN}..{@value
     *     #SOAK_SECONDS_MAX}
     */
    record Order(String driver, String version, Optional<UUID> canary, int soakSeconds) {
        public Order {
            if (soakSeconds < SOAK_SECONDS_MIN || soakSeconds > SOAK_SECONDS_MAX) {
                throw new IllegalArgumentException(
                        "soakSeconds must be " + SOAK_SECONDS_MIN + ".." + SOAK_SECONDS_MAX + ", not " + soakSeconds);
            }
        }
    }

    /**
     * Makes sure that the version that serves now goes on serving beside one that comes, though it may have come just now
     * itself. Without effect when no version of the driver is installed.
     */
    void keepServing(String driver);

    /**
     * Begins; {@return how it stands}.
     *
     * @throws org.nxvms.platform.api.NoSuchResourceException when no such driver, or version of it, is installed
     * @throws IllegalArgumentException when the canary is none of its cameras, or is switched off
     * @throws IllegalStateException when the version serves already, or another rollout of the driver is under way
     */
    DriverRollout begin(Order order);

    /**
     * Moves the cameras back and ends the rollout; {@return how it ended}.
     *
     * @throws IllegalStateException when none is under way
     */
    DriverRollout giveUp(String driver);

    /** {@return the rollout under way, or the last one since the server started} */
    Optional<DriverRollout> rollout(String driver);
}
