// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.driver.spi.FoundDevice;

/**
 * What a search has found.
 *
 * @param runs whether more may come
 * @param devices in the order they answered
 * @param failures why a driver could not search, by its id
 */
public record DiscoveryScan(UUID id, Instant begun, boolean runs, List<Found> devices, Map<String, String> failures) {
    /**
     * One device.
     *
     * @param driver id of the driver that found it
     * @param camera a camera that is configured for the same host already
     */
    public record Found(String driver, FoundDevice device, Optional<UUID> camera) {
        public Found {
            Objects.requireNonNull(driver, "driver");
            Objects.requireNonNull(device, "device");
            Objects.requireNonNull(camera, "camera");
        }
    }

    public DiscoveryScan {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(begun, "begun");
        devices = List.copyOf(devices);
        failures = Map.copyOf(failures);
    }
}
