// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Objects;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Inputs and outputs: door contacts, relays (ONVIF Device IO 8). Changes of inputs are told by {@link DeviceEvents} as
 * {@link DeviceEvent#INPUT}.
 *
 * @since 1.2
 */
@ConsumerType
public interface DigitalIo extends Capability {
    /** Which way a port works; more may follow. */
    enum Direction {
        INPUT,
        OUTPUT
    }

    /**
     * One port as it is now.
     *
     * @param id the device's own name of it, letters, digits, dots, hyphens and underscores, 1..64
     * @param name what people call it; may be empty
     * @param on whether it is active, whatever the idle level is
     */
    record Port(String id, String name, Direction direction, boolean on) {
        public Port {
            if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
                throw new IllegalArgumentException(
                        "a port's id has 1..64 letters, digits, dots, hyphens and underscores");
            }
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(direction, "direction");
        }
    }

    /** {@return all, in the device's order} */
    List<Port> ports() throws DriverException;

    /** Switches an output; it stays so until switched again. Kind NOT_FOUND when there is no output of this id. */
    void set(String id, boolean on) throws DriverException;
}
