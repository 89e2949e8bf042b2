// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.nxvms.platform.api.motion.MotionMask;
import org.nxvms.platform.api.worker.Polygon.Point;
import org.nxvms.rest.kit.problem.Fields;

/** Motion masks as they travel. */
final class MotionMaskBody {
    /** What the rectangle around an area has of the picture at least: less is a slip of the hand. */
    private static final double EXTENT_MIN = 1e-4;

    private MotionMaskBody() {}

    /** What a camera has. */
    @Schema(name = "MotionMask")
    record Item(@Schema(description = "Counts the changes; 0 before the first") long version, List<AreaBody> areas) {
        static Item of(MotionMask mask) {
            return new Item(
                    mask.version(), mask.areas().stream().map(AreaBody::of).toList());
        }
    }

    /** What a camera is to have. */
    @Schema(name = "MotionMaskChange")
    record Change(@Schema(description = "All of them, at most 16; none: everything counts") List<AreaBody> areas) {
        Change {
            Objects.requireNonNull(areas, "areas");
        }

        MotionMask of(MotionMask before) {
            Fields fields = new Fields();
            fields.check(
                    areas.size() <= MotionMask.AREAS_MAX,
                    "areas",
                    "\"areas\" has " + areas.size() + " areas. Give at most " + MotionMask.AREAS_MAX
                            + "; join some to larger ones.");
            List<MotionMask.Area> taken = new ArrayList<>();
            for (int i = 0; i < Math.min(areas.size(), MotionMask.AREAS_MAX); i++) {
                String field = "areas[" + i + "]";
                AreaBody area = areas.get(i);
                fields.check(area != null, field, "\"" + field + "\" is null. Give an area, or leave it out.");
                if (area != null) {
                    area.checked(field + ".points", fields).ifPresent(taken::add);
                }
            }
            fields.throwIfAny();
            return new MotionMask(before.version() + 1, taken);
        }
    }

    /** A part of the picture. */
    @Schema(name = "MotionMaskArea")
    record AreaBody(
            @Schema(
                            description =
                                    "3 to 32 corners, each [x, y], 0 to 1 from the left and from the top; the last is joined"
                                            + " to the first: a rectangle is [[0.25, 0.1], [0.75, 0.1], [0.75, 0.4], [0.25, 0.4]]")
                    List<List<Double>> points) {
        AreaBody {
            Objects.requireNonNull(points, "points");
        }

        static AreaBody of(MotionMask.Area area) {
            return new AreaBody(area.points().stream()
                    .map(point -> List.of(point.x(), point.y()))
                    .toList());
        }

        private Optional<MotionMask.Area> checked(String field, Fields fields) {
            boolean many = points.size() >= MotionMask.Area.POINTS_MIN && points.size() <= MotionMask.Area.POINTS_MAX;
            fields.check(
                    many,
                    field,
                    "\"" + field + "\" has " + points.size() + " corners. Give " + MotionMask.Area.POINTS_MIN + " to "
                            + MotionMask.Area.POINTS_MAX + ".");
            boolean within = points.stream().allMatch(AreaBody::isPoint);
            fields.check(
                    within,
                    field,
                    "\"" + field + "\" has a corner that is not [x, y] with both from 0 (left, top) to 1 (right,"
                            + " bottom). Give all as parts of the picture.");
            if (!many || !within) {
                return Optional.empty();
            }
            List<Point> corners = points.stream()
                    .map(point -> new Point(point.get(0), point.get(1)))
                    .toList();
            boolean large = extent(corners) >= EXTENT_MIN;
            fields.check(
                    large,
                    field,
                    "\"" + field + "\" masks less than a ten-thousandth of the picture. Give corners that go around a"
                            + " part of it.");
            return large ? Optional.of(new MotionMask.Area(corners)) : Optional.empty();
        }

        private static boolean isPoint(List<Double> point) {
            return point != null
                    && point.size() == 2
                    && point.stream().allMatch(one -> one != null && one >= 0 && one <= 1);
        }

        private static double extent(List<Point> corners) {
            double left = corners.stream().mapToDouble(Point::x).min().orElse(0);
            double right = corners.stream().mapToDouble(Point::x).max().orElse(0);
            double top = corners.stream().mapToDouble(Point::y).min().orElse(0);
            double bottom = corners.stream().mapToDouble(Point::y).max().orElse(0);
            return (right - left) * (bottom - top);
        }
    }
}
