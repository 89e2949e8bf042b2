// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a device is and how to log in: what an administrator typed.
 *
 * @param address without user information; the platform moves {@code user:password@} to credentials
 * @param subAddress a second address for the sub stream, for drivers that ask for one
 * @param credentials what to log in with, if anything
 * @param settings driver-specific settings by name, as in {@link CameraDriver#settings()}; secrets in the clear
 * @param timeoutMs longest time a call on the device may take, 1_000..60_000
 */
public record DeviceTarget(
        URI address,
        Optional<URI> subAddress,
        Optional<Credentials> credentials,
        Map<String, String> settings,
        int timeoutMs) {
    public DeviceTarget {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(subAddress, "subAddress");
        Objects.requireNonNull(credentials, "credentials");
        settings = Map.copyOf(settings);
        if (timeoutMs < 1_000 || timeoutMs > 60_000) {
            throw new IllegalArgumentException("timeoutMs must be 1000..60000, not " + timeoutMs);
        }
    }
}
