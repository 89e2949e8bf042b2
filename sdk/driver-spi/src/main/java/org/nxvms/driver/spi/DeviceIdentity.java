// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.Objects;

/**
 * Who a device says it is. Empty strings where it does not say.
 *
 * @param manufacturer e.g. {@code Axis}
 * @param model e.g. {@code P3245-LV}
 * @param firmware version as the device writes it
 * @param serialNumber unique within the manufacturer
 * @param macAddress lower case with colons
 */
public record DeviceIdentity(
        String manufacturer, String model, String firmware, String serialNumber, String macAddress) {
    /** A device that says nothing of itself. */
    public static final DeviceIdentity UNKNOWN = new DeviceIdentity("", "", "", "", "");

    public DeviceIdentity {
        Objects.requireNonNull(manufacturer, "manufacturer");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(firmware, "firmware");
        Objects.requireNonNull(serialNumber, "serialNumber");
        Objects.requireNonNull(macAddress, "macAddress");
    }
}
