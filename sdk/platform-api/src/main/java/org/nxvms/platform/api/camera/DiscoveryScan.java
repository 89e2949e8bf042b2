// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.net.URI;
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
 * @param revision rises with each change
 * @param runs whether more may come
 * @param devices in the order they answered
 * @param failures why a driver could not search, by its id
 */
public record DiscoveryScan(
        UUID id, Instant begun, long revision, boolean runs, List<Found> devices, Map<String, String> failures) {
    /**
     * One device, whatever addresses it has.
     *
     * @param driver id of the driver that found it first
     * @param device as that one did
     * @param endpoint what it is called for good; empty when it did not say
     * @param otherWays other addresses of it, of the same driver or another
     * @param camera a camera that is configured for it already
     */
    public record Found(
            String driver, FoundDevice device, String endpoint, List<Way> otherWays, Optional<UUID> camera) {
        public Found {
            Objects.requireNonNull(driver, "driver");
            Objects.requireNonNull(device, "device");
            Objects.requireNonNull(endpoint, "endpoint");
            otherWays = List.copyOf(otherWays);
            Objects.requireNonNull(camera, "camera");
        }
    }

    /** An address and the driver that takes it. */
    public record Way(String driver, URI address) {
        public Way {
            Objects.requireNonNull(driver, "driver");
            Objects.requireNonNull(address, "address");
        }
    }

    public DiscoveryScan {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(begun, "begun");
        devices = List.copyOf(devices);
        failures = Map.copyOf(failures);
    }
}
