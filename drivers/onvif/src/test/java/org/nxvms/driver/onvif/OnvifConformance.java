// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.io.IOException;
import org.nxvms.driver.tck.DriverConformance;
import org.nxvms.driver.tck.device.SimulatedDevices;
import org.nxvms.driver.tck.device.TestDevices;
import org.nxvms.simulator.onvif.OnvifDialect;

/** The driver keeps the contract, on simulated cameras that speak ONVIF. */
class OnvifConformance extends DriverConformance {
    @Override
    protected TestDevices devices() throws IOException {
        return SimulatedDevices.speaking("ONVIF", OnvifDialect::new);
    }
}
