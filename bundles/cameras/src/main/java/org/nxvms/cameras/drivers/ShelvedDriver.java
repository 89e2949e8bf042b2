// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.DriverSetting;
import org.osgi.framework.Version;

/**
 * A driver service and what was asked of it once.
 *
 * @param serviceId tells two registrations of the same version apart
 * @param bundle symbolic name of its bundle
 * @param settings what it says can be set; empty when it does not say
 * @param door which devices it is sent to
 */
public record ShelvedDriver(
        long serviceId,
        DriverInfo info,
        Version version,
        String bundle,
        CameraDriver service,
        Optional<List<DriverSetting>> settings,
        DeviceDoor door) {
    /** {@return id and version, for messages} */
    public String label() {
        return info.id() + " " + version;
    }
}
