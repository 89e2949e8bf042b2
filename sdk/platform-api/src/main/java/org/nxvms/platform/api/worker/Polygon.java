// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import java.util.List;

/**
 * A part of a picture, whatever its size: {@link #POINTS_MIN} to {@link #POINTS_MAX} corners, the last joined to the first. Where
 * its lines cross, what they go around is within. Immutable.
 *
 * @since 0.1
 */
public record Polygon(List<Point> points) {
    public static final int POINTS_MIN = 3;
    /** More nobody draws by hand. */
    public static final int POINTS_MAX = 16;

    public Polygon {
        points = List.copyOf(points);
        if (points.size() < POINTS_MIN || points.size() > POINTS_MAX) {
            throw new IllegalArgumentException(
                    "a polygon has " + POINTS_MIN + ".." + POINTS_MAX + " points, not " + points.size());
        }
    }

    /**
     * A corner.
     *
     * @param x 0 (left) to 1 (right)
     * @param y 0 (top) to 1 (bottom)
     */
    public record Point(double x, double y) {
        public Point {
            if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) {
                throw new IllegalArgumentException("a point lies in 0..1, not at " + x + ", " + y);
            }
        }
    }
}
