// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.Objects;

/**
 * What one axis takes in one kind of motion (a "space" of ONVIF PTZ 4.3). The platform offers and checks moves by these;
 * a driver is never asked for a motion of an axis that it does not list, nor for a value outside.
 *
 * @param min least value, finite
 * @param max greatest value, finite, above {@code min}
 * @param unit what the numbers mean; {@link Unit#FRACTION} for every {@link Motion#CONTINUOUS}
 * @since 1.2
 */
public record PtzSpace(Motion motion, Axis axis, double min, double max, Unit unit) {
    /** How a target is given; more may follow, a {@code switch} needs a default branch that refuses. */
    public enum Motion {
        /** To a position. */
        ABSOLUTE,
        /** By a distance from where it is. */
        RELATIVE,
        /** At a speed, until stopped: from -1 to 1, which is full speed; 0 leaves the axis still. */
        CONTINUOUS
    }

    /** What moves; more may follow. */
    public enum Axis {
        /** Greater is to the right, as seen in the picture. */
        PAN,
        /** Greater is up. */
        TILT,
        /** Greater is nearer. */
        ZOOM,
        /** Greater is farther away. */
        FOCUS
    }

    /** What a number means; more may follow, shown to people as the bare number. */
    public enum Unit {
        /** Of the whole range of the axis, or of its full speed. */
        FRACTION,
        DEGREES,
        /** Times the widest view. */
        MAGNIFICATION
    }

    public PtzSpace {
        Objects.requireNonNull(motion, "motion");
        Objects.requireNonNull(axis, "axis");
        Objects.requireNonNull(unit, "unit");
        if (!Double.isFinite(min) || !Double.isFinite(max) || min >= max) {
            throw new IllegalArgumentException("a space reaches from a number to a greater one: " + min + ".." + max);
        }
        if (motion == Motion.CONTINUOUS && (unit != Unit.FRACTION || min != -1 || max != 1)) {
            throw new IllegalArgumentException("speeds are fractions from -1 to 1");
        }
    }

    /** An axis that moves at a speed until it is stopped. */
    public static PtzSpace continuous(Axis axis) {
        return new PtzSpace(Motion.CONTINUOUS, axis, -1, 1, Unit.FRACTION);
    }
}
