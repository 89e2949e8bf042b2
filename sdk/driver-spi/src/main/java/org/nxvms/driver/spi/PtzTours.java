// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Objects;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Rounds from one position to the next that the device makes by itself; they are set up on the device (ONVIF PTZ 5.5,
 * "preset tour").
 *
 * @since 1.2
 */
@ConsumerType
public interface PtzTours extends Capability {
    /**
     * One round.
     *
     * @param token the device's own name of it
     * @param running whether the device makes it now
     */
    record Tour(String token, String name, boolean running) {
        public Tour {
            Objects.requireNonNull(token, "token");
            Objects.requireNonNull(name, "name");
        }
    }

    List<Tour> tours() throws DriverException;

    /** Begins a round. Kind NOT_FOUND when there is none of this token. */
    void start(String token) throws DriverException;

    /** Ends a round where it is. Nothing happens when it does not run. */
    void stop(String token) throws DriverException;
}
