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
}
