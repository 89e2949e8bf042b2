// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Objects;

/**
 * What a driver is.
 *
 * @param id same as the service property {@link CameraDriver#PROPERTY_ID}
 * @param name shown to people, e.g. {@code RTSP camera}
 * @param vendor who made the driver
 * @param addressHint an example of the address it takes, e.g. {@code rtsp://192.0.2.10/stream1}
 * @param addressSchemes URI schemes it accepts in an address, lower case, e.g. {@code rtsp}
 * @param hasSubAddress whether a second address for the sub stream is asked of the user
 */
public record DriverInfo(
        String id, String name, String vendor, String addressHint, List<String> addressSchemes, boolean hasSubAddress) {
    public DriverInfo {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(vendor, "vendor");
        Objects.requireNonNull(addressHint, "addressHint");
        addressSchemes = List.copyOf(addressSchemes);
    }
}
