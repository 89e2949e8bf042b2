// SPDX-License-Identifier: Apache-2.0
package org.nxvms.test.kit;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.RecordingSettings;

/**
 * A camera as most are: on, without a login, recorded as usual. What a test tells of is said, the rest does not matter to it.
 *
 * @param address at none that there is (RFC 5737), where nothing else is said
 */
public record TestCamera(UUID id, long version, UUID serverId, String name, String driver, URI address) {
    /** {@return a camera called Gate, in its first version} */
    public static TestCamera of(UUID id) {
        return new TestCamera(id, 1, new UUID(7, 7), "Gate", "rtsp", URI.create("rtsp://192.0.2.1/"));
    }

    public TestCamera named(String another) {
        return new TestCamera(id, version, serverId, another, driver, address);
    }

    public TestCamera version(long another) {
        return new TestCamera(id, another, serverId, name, driver, address);
    }

    public TestCamera ofServer(UUID another) {
        return new TestCamera(id, version, another, name, driver, address);
    }

    public TestCamera by(String anotherDriver, String anotherAddress) {
        return new TestCamera(id, version, serverId, name, anotherDriver, URI.create(anotherAddress));
    }

    /** {@return the contract's own} */
    public Camera camera() {
        return new Camera(
                id,
                version,
                serverId,
                name,
                driver,
                address,
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                Optional.empty(),
                Map.of(),
                RecordingSettings.DEFAULT,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
