// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.nxvms.playback.motion.Area;
import org.nxvms.playback.motion.MotionSearch;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;

/** Where, when and for how much motion is searched; times are RFC 3339 or milliseconds. */
@Schema(name = "MotionSearchOrder")
public record MotionBody(
        @Schema(description = "1..16 ids") List<UUID> cameraIds,
        String from,
        @Schema(description = "Exclusive; at most 31 days later") String to,
        @Schema(description = "Boxes, at most 16; none: the whole picture") Optional<List<Box>> areas,
        @Schema(description = "1..100, by default 50: the higher, the less must move") Optional<Integer> sensitivity) {
    static final int CAMERAS_MAX = 16;
    static final int AREAS_MAX = 16;
    static final int SENSITIVITY_DEFAULT = 50;
    private static final int SENSITIVITY_MAX = 100;
    private static final long RANGE_US_MAX = TimeUnit.DAYS.toMicros(31);

    public MotionBody {
        Objects.requireNonNull(cameraIds, "cameraIds");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
    }

    /** A box in the picture, as fractions of it from its upper left corner. */
    @Schema(name = "MotionArea")
    public record Box(
            @Schema(example = "0.25") double x,
            @Schema(example = "0.1") double y,
            @Schema(example = "0.5") double width,
            @Schema(example = "0.4") double height) {
        static Box of(Area area) {
            return new Box(area.x(), area.y(), area.width(), area.height());
        }
    }

    /** {@return what is asked for} Whether the cameras are there is another question. */
    MotionSearch.Order order() {
        if (cameraIds.isEmpty() || cameraIds.size() > CAMERAS_MAX || cameraIds.contains(null)) {
            throw Problem.validation(
                            "cameraIds",
                            "\"cameraIds\" must have 1.." + CAMERAS_MAX + " ids, not " + cameraIds.size() + ".")
                    .exception();
        }
        Times.Range range = Times.range(from, to);
        if (range.toUs() - range.fromUs() > RANGE_US_MAX) {
            throw Problem.validation("to", "\"to\" must be at most 31 days later than \"from\".")
                    .exception();
        }
        int wanted = sensitivity.orElse(SENSITIVITY_DEFAULT);
        if (wanted < 1 || wanted > SENSITIVITY_MAX) {
            throw Problem.validation(
                            "sensitivity", "\"sensitivity\" must be 1.." + SENSITIVITY_MAX + ", not " + wanted + ".")
                    .exception();
        }
        return new MotionSearch.Order(
                List.copyOf(new LinkedHashSet<>(cameraIds)), range.fromUs(), range.toUs(), boxes(), wanted);
    }

    private List<Area> boxes() {
        List<Box> boxes = areas.orElse(List.of());
        if (boxes.size() > AREAS_MAX) {
            throw Problem.validation(
                            "areas", "\"areas\" must have at most " + AREAS_MAX + " boxes, not " + boxes.size() + ".")
                    .exception();
        }
        List<Area> all = new ArrayList<>();
        for (int i = 0; i < boxes.size(); i++) {
            String name = "areas[" + i + "]";
            Box box = boxes.get(i);
            if (box == null) {
                throw Problem.validation(name, "\"" + name + "\" must be a box, not null.")
                        .exception();
            }
            try {
                all.add(new Area(box.x(), box.y(), box.width(), box.height()));
            } catch (IllegalArgumentException e) {
                throw new ProblemException(Problem.validation(name, "\"" + name + "\": " + e.getMessage() + "."), e);
            }
        }
        return all;
    }
}
