// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import org.nxvms.platform.api.camera.CameraRegistry;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** Whether the camera registry took a plugin's driver: one whose own description fails is there and serves nobody. */
final class DriverIntake {
    private static final String DRIVER = "org.nxvms.driver.spi.CameraDriver";

    private DriverIntake() {}

    /** @param cameras null while the registry is away; nobody is served by any driver then */
    static boolean taken(Bundle bundle, CameraRegistry cameras) {
        if (cameras == null || !offersDriver(bundle)) {
            return true;
        }
        String version = bundle.getVersion().toString();
        return cameras.drivers().stream()
                .anyMatch(driver -> driver.bundle().equals(bundle.getSymbolicName())
                        && driver.version().equals(version));
    }

    private static boolean offersDriver(Bundle bundle) {
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
            for (String name : (String[]) service.getProperty("objectClass")) {
                if (name.equals(DRIVER)) {
                    return true;
                }
            }
        }
        return false;
    }
}
