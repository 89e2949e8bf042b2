// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Map;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Pan, tilt, zoom and focus. Values are by axis, at least one, each within the {@link PtzSpace} that {@link #spaces()}
 * names for it. Commands return when the device has taken them, not when it has arrived; a later one replaces an earlier
 * one (ONVIF PTZ 5.3).
 *
 * @since 1.2
 */
@ConsumerType
public interface Ptz extends Capability {
    /** {@return what it can do; the same as long as the session lives, without I/O} Never empty. */
    List<PtzSpace> spaces();

    /** {@return where it is, in the units of the absolute spaces; empty when the device does not say} */
    Map<Axis, Double> position() throws DriverException;

    /** Moves to a position; the other axes stay where they are. */
    void moveTo(Map<Axis, Double> position) throws DriverException;

    /** Moves by a distance from where it is. */
    void moveBy(Map<Axis, Double> distance) throws DriverException;

    /**
     * Moves at a speed until {@link #stop}, which the platform calls in time; axes not named stop.
     *
     * @param atMostMs after which a device that can shall stop by itself (the Timeout of ONVIF's ContinuousMove), in case
     *     the platform no longer can; 100..60_000
     */
    void move(Map<Axis, Double> speed, int atMostMs) throws DriverException;

    /** Stops all axes. Harmless when nothing moves. */
    void stop() throws DriverException;

    /**
     * What can be aimed at in the picture, by who does not know how wide the camera looks.
     *
     * @since 1.4
     */
    enum Aim {
        NONE,
        /** A point, which comes to the middle. */
        POINT,
        /** A box too, which fills the picture. */
        BOX
    }

    /** {@return what {@link #aim} takes; the same as long as the session lives, without I/O} */
    default Aim aims() {
        return Aim.NONE;
    }

    /**
     * Turns until what stands at a point of the picture stands in its middle, as far as the head goes.
     *
     * @param x of the picture of now, 0 at its left rim, 1 at its right one
     * @param y 0 at its upper rim, 1 at its lower one
     * @param part how much of the picture around the point is to fill it, by width: 1 leaves the zoom as it is, 0.5 brings
     *     everything twice as near; 0.01..1, other than 1 only where it {@linkplain Aim#BOX aims at boxes}
     * @throws DriverException kind UNSUPPORTED where it does not aim so
     * @since 1.4
     */
    default void aim(double x, double y, double part) throws DriverException {
        throw new DriverException(DriverException.Kind.UNSUPPORTED, "This driver cannot aim by the picture.");
    }
}
