// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A camera as configured. Holds no password; {@link #hasPassword()} says whether one is stored.
 *
 * @param version rises by one at each change, for optimistic locking and ETags
 * @param serverId the server that records it
 * @param driver id of its driver ({@code nxvms.driver.id}); the driver may be absent
 * @param address where it is, without user information
 * @param subAddress address of the sub stream for drivers that ask for one
 * @param settings driver-specific settings; the value of a secret one is sealed and means nothing outside the registry
 */
public record Camera(
        UUID id,
        long version,
        UUID serverId,
        String name,
        String driver,
        URI address,
        Optional<URI> subAddress,
        Optional<String> username,
        boolean hasPassword,
        boolean enabled,
        Optional<String> group,
        Map<String, String> settings,
        RecordingSettings recording,
        Instant created,
        Instant updated) {
    public Camera {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(serverId, "serverId");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(subAddress, "subAddress");
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(group, "group");
        settings = Map.copyOf(settings);
        Objects.requireNonNull(recording, "recording");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(updated, "updated");
    }

    /** {@return this in its next version, at another address} */
    public Camera movedTo(URI newAddress, Instant now) {
        return new Camera(
                id,
                version + 1,
                serverId,
                name,
                driver,
                newAddress,
                subAddress,
                username,
                hasPassword,
                enabled,
                group,
                settings,
                recording,
                created,
                now);
    }
}
