// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzSpace;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.driver.spi.PtzSpace.Motion;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.rest.kit.problem.Problem;

/** Bodies of moves, and holding them against what a camera can do. */
final class PtzMoves {
    private static final int MOVE_MS_MIN = 100;
    private static final int MOVE_MS_DEFAULT = 1_000;
    /** No head brings anything a hundred times nearer at once. */
    private static final double PART_MIN = 0.01;

    private PtzMoves() {}

    /** Values by axis; at least one. */
    @Schema(name = "PtzVector")
    record Vector(Optional<Double> pan, Optional<Double> tilt, Optional<Double> zoom, Optional<Double> focus) {
        static Vector of(Map<Axis, Double> values) {
            return new Vector(
                    Optional.ofNullable(values.get(Axis.PAN)),
                    Optional.ofNullable(values.get(Axis.TILT)),
                    Optional.ofNullable(values.get(Axis.ZOOM)),
                    Optional.ofNullable(values.get(Axis.FOCUS)));
        }

        Map<Axis, Double> values() {
            Map<Axis, Double> values = new EnumMap<>(Axis.class);
            pan.ifPresent(value -> values.put(Axis.PAN, value));
            tilt.ifPresent(value -> values.put(Axis.TILT, value));
            zoom.ifPresent(value -> values.put(Axis.ZOOM, value));
            focus.ifPresent(value -> values.put(Axis.FOCUS, value));
            if (values.isEmpty()) {
                throw Problem.malformed("The body names no axis. Give at least one of pan, tilt, zoom and focus.")
                        .exception();
            }
            return values;
        }
    }

    /** A move at a speed. */
    @Schema(name = "PtzMove")
    record Move(
            @Schema(description = "-1..1, greater is right") Optional<Double> pan,
            @Schema(description = "-1..1, greater is up") Optional<Double> tilt,
            @Schema(description = "-1..1, greater is nearer") Optional<Double> zoom,
            @Schema(description = "-1..1, greater is farther away") Optional<Double> focus,
            @Schema(description = "100..10000, by default 1000; sent again within this time the move goes on")
                    Optional<Integer> durationMs) {
        Vector speed() {
            return new Vector(pan, tilt, zoom, focus);
        }

        int forMs() {
            int forMs = durationMs.orElse(MOVE_MS_DEFAULT);
            if (forMs < MOVE_MS_MIN || forMs > CameraControl.MOVE_MS_MAX) {
                throw Problem.validation(
                                "durationMs",
                                "Must be " + MOVE_MS_MIN + ".." + CameraControl.MOVE_MS_MAX + ", not " + forMs + ".")
                        .exception();
            }
            return forMs;
        }
    }

    /** What is to be seen in the middle, and how near. */
    @Schema(name = "PtzAim")
    record Aim(
            @Schema(description = "0..1 from the left rim of the picture to the right one", example = "0.25")
                    Optional<Double> x,
            @Schema(description = "0..1 from the upper rim of the picture to the lower one", example = "0.5")
                    Optional<Double> y,
            @Schema(
                            description =
                                    "How much of the picture around that point shall fill it, by width: 0.01..1, by default 1,"
                                            + " which leaves the zoom as it is",
                            example = "0.5")
                    Optional<Double> part) {
        /** {@return what is wrong with it for a camera that aims so; empty when it can be done} */
        Map<String, String> wrong(Ptz.Aim aims) {
            Map<String, String> wrong = new TreeMap<>();
            String cannot = "The camera cannot aim so by its picture; GET .../ptz says what it can.";
            within(wrong, "x", x, 0, aims == Ptz.Aim.NONE ? cannot : "");
            within(wrong, "y", y, 0, "");
            boolean zooms = part.isPresent() && part.get() != 1;
            within(wrong, "part", Optional.of(near()), PART_MIN, zooms && aims == Ptz.Aim.POINT ? cannot : "");
            return wrong;
        }

        private static void within(
                Map<String, String> wrong, String field, Optional<Double> value, double min, String cannot) {
            if (!cannot.isEmpty()) {
                wrong.put(field, cannot);
            } else if (value.filter(given -> given >= min && given <= 1).isEmpty()) {
                wrong.put(field, "Must be " + min + "..1.");
            }
        }

        double near() {
            return part.orElse(1.0);
        }
    }

    /** {@return what is wrong with values, by axis; empty when the camera can go there} */
    static Map<String, String> wrong(List<PtzSpace> spaces, Motion motion, Map<Axis, Double> values) {
        Map<String, String> wrong = new TreeMap<>();
        values.forEach((axis, value) -> {
            Optional<PtzSpace> space = spaces.stream()
                    .filter(one -> one.motion() == motion && one.axis() == axis)
                    .findFirst();
            if (space.isEmpty()) {
                wrong.put(
                        word(axis),
                        "The camera has no " + word(motion) + " move of " + word(axis)
                                + "; GET .../ptz says what it can.");
            } else if (!(value >= space.get().min() && value <= space.get().max())) {
                wrong.put(
                        word(axis),
                        "Must be " + space.get().min() + ".." + space.get().max() + " ("
                                + word(space.get().unit()) + "), not " + value + ".");
            }
        });
        return wrong;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
