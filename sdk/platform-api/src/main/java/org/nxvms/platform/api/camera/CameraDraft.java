// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is needed to add or replace a camera's configuration.
 *
 * @param password empty in an update means: keep the stored one, which works as long as host and port stay
 */
public record CameraDraft(
        String name,
        String driver,
        URI address,
        Optional<URI> subAddress,
        Optional<String> username,
        Optional<String> password,
        boolean enabled,
        Optional<String> group,
        Map<String, String> settings,
        RecordingSettings recording) {
    public CameraDraft {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(subAddress, "subAddress");
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(group, "group");
        settings = Map.copyOf(settings);
        Objects.requireNonNull(recording, "recording");
    }

    /** {@return the same with another name} */
    public CameraDraft withName(String other) {
        return new CameraDraft(
                other, driver, address, subAddress, username, password, enabled, group, settings, recording);
    }

    /** {@return the same with another password} */
    public CameraDraft withPassword(Optional<String> other) {
        return new CameraDraft(name, driver, address, subAddress, username, other, enabled, group, settings, recording);
    }

    /** {@return the same with other settings of the driver} */
    public CameraDraft withSettings(Map<String, String> others) {
        return new CameraDraft(
                name, driver, address, subAddress, username, password, enabled, group, others, recording);
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return "CameraDraft[" + name + ", " + driver + ", " + address + "]";
    }
}
