// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.url;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.tck.DriverConformance;
import org.nxvms.driver.tck.device.OneDevice;
import org.nxvms.driver.tck.device.TestDevice;
import org.nxvms.driver.tck.device.TestDevices;

/** The driver keeps the contract. It asks nobody, so an address where nobody is will do. */
class UrlConformance extends DriverConformance {
    @Override
    protected TestDevices devices() {
        return new OneDevice(
                new DeviceTarget(
                        URI.create("http://192.0.2.10/video.mjpg"),
                        Optional.empty(),
                        Optional.of(new Credentials("kit", "kit-Secret-7!x")),
                        Map.of(),
                        TestDevice.WELL_MS),
                false);
    }
}
