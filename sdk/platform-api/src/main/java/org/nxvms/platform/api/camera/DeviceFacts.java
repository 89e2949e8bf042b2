// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.List;
import java.util.Objects;
import org.nxvms.driver.spi.DeviceIdentity;

/**
 * What a camera's driver found out at the last contact.
 *
 * @param driverVersion of the driver that was asked
 * @param capabilities control functions by name: {@code ptz, ptz_presets, ptz_tours, events, imaging, io, snapshot,
 *     audio_out, edge_recordings, clock, reboot, encoders, analytics}; more follow
 */
public record DeviceFacts(String driverVersion, DeviceIdentity identity, List<String> capabilities) {
    public DeviceFacts {
        Objects.requireNonNull(driverVersion, "driverVersion");
        Objects.requireNonNull(identity, "identity");
        capabilities = List.copyOf(capabilities);
    }
}
