// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.io.IOException;
import org.nxvms.driver.tck.DriverConformance;
import org.nxvms.driver.tck.device.SimulatedDevices;
import org.nxvms.driver.tck.device.TestDevices;
import org.nxvms.simulator.vapix.VapixDialect;

/** The driver keeps the contract, on simulated cameras that speak VAPIX. */
class AxisConformance extends DriverConformance {
    @Override
    protected TestDevices devices() throws IOException {
        return SimulatedDevices.speaking("VAPIX", VapixDialect::new);
    }
}
