// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.net.URI;
import java.util.Objects;

/**
 * A device that answered a search, before anybody has logged in.
 *
 * @param address as an administrator would type it for this driver, without user information
 * @param name what the device calls itself; may be empty
 * @param identity as far as it says so to strangers
 * @since 1.2
 */
public record FoundDevice(URI address, String name, DeviceIdentity identity) {
    public FoundDevice {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(identity, "identity");
        if (address.getRawUserInfo() != null) {
            throw new IllegalArgumentException("address must not carry user information");
        }
    }
}
