// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.nxvms.cameras.book.Secrets;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.nxvms.platform.api.camera.DriverMissingException;

/**
 * How a camera is reached now: through which driver, and what that is told.
 *
 * @param camera finds a camera
 */
public record Reach(Function<UUID, Optional<StoredCamera>> camera, Secrets secrets, DriverShelf shelf) {
    /** A driver and what it opens a session with. */
    record Way(ShelvedDriver driver, DeviceTarget target) {}

    /**
     * {@return the way to a camera}
     *
     * @param timeoutMs what the driver is told
     * @throws NoSuchResourceException when there is no such camera
     * @throws DriverException kind CONFIG when it is switched off, or its secrets cannot be opened
     */
    Way to(UUID id, int timeoutMs) throws DriverException, DriverMissingException {
        StoredCamera stored =
                camera.apply(id).orElseThrow(() -> new NoSuchResourceException("There is no camera " + id + "."));
        Camera known = stored.camera();
        if (!known.enabled()) {
            throw new DriverException(Kind.CONFIG, "The camera is switched off. Switch it on first.");
        }
        ShelvedDriver driver = shelf.serving(known.driver(), id)
                .orElseThrow(() -> new DriverMissingException("The driver " + known.driver() + " is not installed ("
                        + shelf.installedIds() + "). The camera goes on with its known streams; install the driver to"
                        + " control it."));
        try {
            return new Way(driver, secrets.target(stored, timeoutMs));
        } catch (IllegalArgumentException e) {
            throw new DriverException(
                    Kind.CONFIG,
                    "The stored password, or a secret setting, cannot be opened with this server's key; enter it again.");
        }
    }

    /** {@return whether a driver is still there} */
    boolean has(ShelvedDriver driver) {
        return shelf.all().contains(driver);
    }
}
