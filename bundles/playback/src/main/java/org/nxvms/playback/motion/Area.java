// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

/**
 * A box in the picture, as fractions of it from its upper left corner.
 *
 * @param x 0..1
 * @param y 0..1
 * @param width more than 0, up to what is left beside it
 * @param height likewise
 */
public record Area(double x, double y, double width, double height) {
    /** What sums of fractions may be off by. */
    private static final double SLACK = 1e-6;

    public Area {
        if (!(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1 + SLACK && y + height <= 1 + SLACK)) {
            throw new IllegalArgumentException("a box lies within the picture, 0..1, and is larger than nothing, not "
                    + x + ", " + y + ", " + width + " x " + height);
        }
    }

    /** {@return whether some of both is the same part of the picture} */
    public boolean touches(Area other) {
        return x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height;
    }
}
