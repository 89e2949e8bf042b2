// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.rtsp;

import java.io.IOException;
import org.nxvms.driver.tck.DriverConformance;
import org.nxvms.driver.tck.device.SimulatedDevices;
import org.nxvms.driver.tck.device.TestDevices;

/** The driver keeps the contract, on simulated cameras. */
class RtspConformance extends DriverConformance {
    @Override
    protected TestDevices devices() throws IOException {
        return SimulatedDevices.streaming();
    }
}
