// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import java.util.Optional;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.http.HttpDoor;
import org.nxvms.simulator.rtsp.Camera;

/** One camera of a farm and, when it speaks a dialect, the device around it. */
record Rig(Camera camera, Optional<Outfit> outfit) {
    /**
     * @param dialect its name
     */
    record Outfit(String dialect, Device device, HttpDoor door) {}
}
