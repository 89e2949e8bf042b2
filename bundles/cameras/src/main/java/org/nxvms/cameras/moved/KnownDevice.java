// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.moved;

import java.net.URI;
import java.util.Objects;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.FoundDevice;

/**
 * Which device a camera is, as it said itself when somebody had logged in.
 *
 * @param address at which it said so
 * @param endpoint what it is called for good; may be empty
 */
public record KnownDevice(String driver, URI address, String endpoint, DeviceIdentity identity) {
    public KnownDevice {
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(identity, "identity");
    }

    /** {@return whether a device that says to everybody what it is called may be this one}; nothing of it is proven. */
    boolean maybe(FoundDevice found, String foundEndpoint) {
        if (!endpoint.isEmpty() && !foundEndpoint.isEmpty()) {
            return endpoint.equalsIgnoreCase(foundEndpoint);
        }
        return told(identity.macAddress(), found.identity().macAddress());
    }

    /**
     * {@return whether one that has let us in is this one} It has the serial number or the MAC address of it, and nothing that
     * both say differs, but for the firmware, which is why some devices start anew.
     */
    boolean is(DeviceIdentity other, String otherEndpoint) {
        boolean proof =
                told(identity.serialNumber(), other.serialNumber()) || told(identity.macAddress(), other.macAddress());
        return proof
                && !differs(endpoint, otherEndpoint)
                && !differs(identity.manufacturer(), other.manufacturer())
                && !differs(identity.model(), other.model())
                && !differs(identity.serialNumber(), other.serialNumber())
                && !differs(identity.macAddress(), other.macAddress());
    }

    private static boolean told(String mine, String others) {
        return !mine.isEmpty() && mine.equalsIgnoreCase(others);
    }

    private static boolean differs(String mine, String others) {
        return !mine.isEmpty() && !others.isEmpty() && !mine.equalsIgnoreCase(others);
    }
}
