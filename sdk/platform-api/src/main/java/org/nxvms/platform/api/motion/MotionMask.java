// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.motion;

import java.util.List;
import org.nxvms.platform.api.worker.Polygon;

/**
 * Parts of a camera's picture in which what moves counts as no motion: trees, a street, a flag.
 *
 * @param version counts the changes; 0 before the first
 * @param areas at most {@link #AREAS_MAX}
 */
public record MotionMask(long version, List<Area> areas) {
    public static final int AREAS_MAX = 16;

    /** Of a camera that was given none. */
    public static final MotionMask NONE = new MotionMask(0, List.of());

    public MotionMask {
        areas = List.copyOf(areas);
        if (version < 0 || areas.size() > AREAS_MAX) {
            throw new IllegalArgumentException(
                    "a motion mask has at most " + AREAS_MAX + " areas, not " + areas.size());
        }
    }

    /**
     * One of them: its corners in their order, the last joined to the first. Where its lines cross, what they go around is
     * within.
     *
     * @param points {@link #POINTS_MIN} to {@link #POINTS_MAX}
     */
    public record Area(List<Polygon.Point> points) {
        public static final int POINTS_MIN = 3;
        /** The outline of a tree; finer than the cells in which motion is found. */
        public static final int POINTS_MAX = 32;

        public Area {
            points = List.copyOf(points);
            if (points.size() < POINTS_MIN || points.size() > POINTS_MAX) {
                throw new IllegalArgumentException("an area of a motion mask has " + POINTS_MIN + ".." + POINTS_MAX
                        + " points, not " + points.size());
            }
        }
    }
}
