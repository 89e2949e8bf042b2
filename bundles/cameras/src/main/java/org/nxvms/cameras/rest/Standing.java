// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;

/** Waits until a camera that was told to go somewhere is there: not all devices say so, but where they look stays the same then. */
final class Standing {
    /** Slow heads take some seconds for their whole way. */
    private static final long WAIT_MAX_NS = TimeUnit.SECONDS.toNanos(12);

    /** Longer than a head takes to begin to move. */
    private static final long SAME_NS = TimeUnit.MILLISECONDS.toNanos(800);

    private static final long LOOK_MS = 200;

    private final CameraControl control;
    private final UUID camera;

    Standing(CameraControl control, UUID camera) {
        this.control = control;
        this.camera = camera;
    }

    /** Kind UNSUPPORTED where the camera does not say where it looks, BUSY when it does not come to stand. Blocks. */
    void await() throws DriverException, DriverMissingException {
        long begun = System.nanoTime();
        long since = begun;
        Map<Axis, Double> at = look();
        while (System.nanoTime() - since < SAME_NS) {
            if (System.nanoTime() - begun > WAIT_MAX_NS) {
                throw new DriverException(
                        Kind.BUSY,
                        "The camera still turns to the position; nothing was changed. Try again when it is there.");
            }
            pause();
            Map<Axis, Double> now = look();
            if (!now.equals(at)) {
                at = now;
                since = System.nanoTime();
            }
        }
    }

    private Map<Axis, Double> look() throws DriverException, DriverMissingException {
        Map<Axis, Double> at = control.ask(camera, Ptz.class, Ptz::position);
        if (at.isEmpty()) {
            throw new DriverException(
                    Kind.UNSUPPORTED,
                    "The camera does not say where it looks, so nobody knows whether it has reached the position. Move it there"
                            + " and keep the position of now instead.");
        }
        return Map.copyOf(at);
    }

    private static void pause() throws DriverException {
        try {
            Thread.sleep(LOOK_MS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.CLOSED, "The server is being stopped; nothing was changed.");
        }
    }
}
