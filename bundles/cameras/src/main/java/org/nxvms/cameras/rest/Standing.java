// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.platform.api.camera.DriverMissingException;

/**
 * Waits until a camera that is told to go somewhere is there: not all devices say so, but where they look stays the same then.
 * Made before it is told, so that it is known whether it has moved at all. One thread.
 */
final class Standing {
    /** Slow heads take some seconds for their whole way. */
    private static final long WAIT_MAX_NS = TimeUnit.SECONDS.toNanos(25);
    /** Of a head that was seen to move: devices tell where they look anew once a second, or more often. */
    private static final long SAME_NS = TimeUnit.MILLISECONDS.toNanos(2_500);
    /** Of a head that was not: it is there already, or takes this long to begin and to say so. */
    private static final long UNMOVED_NS = TimeUnit.SECONDS.toNanos(5);

    private static final long LOOK_MS = 200;

    private final Eye eye;
    private final Clock clock;
    private Map<Axis, Double> at;

    /** Says where the camera looks; empty when it does not know. */
    @FunctionalInterface
    interface Eye {
        Map<Axis, Double> look() throws DriverException, DriverMissingException;
    }

    /** What passes between two looks. */
    interface Clock {
        Clock SYSTEM = new Clock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void pause(long ms) throws InterruptedException {
                Thread.sleep(ms);
            }
        };

        long nanoTime();

        void pause(long ms) throws InterruptedException;
    }

    /** Looks where the camera is; kind UNSUPPORTED where it does not say that. */
    Standing(Eye eye, Clock clock) throws DriverException, DriverMissingException {
        this.eye = eye;
        this.clock = clock;
        this.at = look();
    }

    /** Kind BUSY when it does not come to stand. Blocks. */
    void await() throws DriverException, DriverMissingException {
        long begun = clock.nanoTime();
        long since = begun;
        boolean moved = false;
        while (clock.nanoTime() - since < (moved ? SAME_NS : UNMOVED_NS)) {
            if (clock.nanoTime() - begun > WAIT_MAX_NS) {
                throw new DriverException(
                        Kind.BUSY,
                        "The camera still turns to the position; nothing was changed. Try again when it is there.");
            }
            pause();
            Map<Axis, Double> now = look();
            if (!now.equals(at)) {
                at = now;
                since = clock.nanoTime();
                moved = true;
            }
        }
    }

    private Map<Axis, Double> look() throws DriverException, DriverMissingException {
        Map<Axis, Double> now = eye.look();
        if (now.isEmpty()) {
            throw new DriverException(
                    Kind.UNSUPPORTED,
                    "The camera does not say where it looks, so nobody knows whether it has reached the position. Move it there"
                            + " and keep the position of now instead.");
        }
        return Map.copyOf(now);
    }

    private void pause() throws DriverException {
        try {
            clock.pause(LOOK_MS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.CLOSED, "The server is being stopped; nothing was changed.");
        }
    }
}
