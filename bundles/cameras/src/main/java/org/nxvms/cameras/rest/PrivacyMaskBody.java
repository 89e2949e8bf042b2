// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nxvms.driver.spi.MaskSettings;
import org.nxvms.driver.spi.MaskSettings.Kind;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.rest.kit.problem.Fields;

/** A privacy mask that is wanted, or what shall change of one. */
@Schema(
        name = "PrivacyMaskDraft",
        example = "{\"points\":[[0.25,0.1],[0.75,0.1],[0.75,0.4],[0.25,0.4]],\"kind\":\"color\",\"color\":\"#000000\"}")
public record PrivacyMaskBody(
        @Schema(description = PrivacyMaskViews.POINTS) Optional<List<List<Double>>> points,
        @Schema(
                        allowableValues = {"color", "pixelated", "blurred"},
                        description = "One of the options' kinds; of a new one the first by default")
                Optional<String> kind,
        @Schema(description = "As #rrggbb, one of the options; as the device likes by default", example = "#000000")
                Optional<String> color,
        @Schema(description = "Whether it hides; of a new one true by default") Optional<Boolean> on) {
    /** Less of the picture nobody sees. */
    private static final double EXTENT_MIN = 0.0001;

    /** @throws org.nxvms.rest.kit.problem.ProblemException 422, naming what is nothing for any device */
    void check(boolean isNew) {
        Fields fields = new Fields();
        if (isNew) {
            fields.check(
                    points.isPresent(),
                    MaskSettings.POINTS,
                    "\"points\" is missing. Give the corners of what is to be hidden.");
        } else {
            fields.check(
                    Stream.of(points, kind, color, on).anyMatch(Optional::isPresent),
                    MaskSettings.ON,
                    "Nothing is to be changed. Give \"points\", \"kind\", \"color\" or \"on\".");
        }
        points.ifPresent(given -> check(fields, given));
        fields.check(
                kind.isEmpty() || its().isPresent(),
                MaskSettings.KIND,
                "\"kind\" must be one of "
                        + Arrays.stream(Kind.values())
                                .filter(each -> each != Kind.OTHER)
                                .map(Kind::word)
                                .collect(Collectors.joining(", "))
                        + ".");
        fields.check(
                color.filter(text -> !MaskSettings.isColor(text.toLowerCase(Locale.ROOT)))
                        .isEmpty(),
                MaskSettings.COLOR,
                "\"color\" must be #rrggbb, as #000000 for black.");
        fields.throwIfAny();
    }

    private static void check(Fields fields, List<List<Double>> points) {
        boolean many = points.size() >= MaskSettings.POINTS_MIN && points.size() <= MaskSettings.POINTS_MAX;
        fields.check(
                many,
                MaskSettings.POINTS,
                "\"points\" has " + points.size() + " corners. Give " + MaskSettings.POINTS_MIN + " to "
                        + MaskSettings.POINTS_MAX + ".");
        boolean within = points.stream().allMatch(PrivacyMaskBody::isPoint);
        fields.check(
                within,
                MaskSettings.POINTS,
                "\"points\" has a corner that is not [x, y] with both from 0 (left, top) to 1 (right, bottom).");
        fields.check(
                !many || !within || extent(points, 0) * extent(points, 1) >= EXTENT_MIN,
                MaskSettings.POINTS,
                "\"points\" hides less than a ten-thousandth of the picture. Give corners that go around a part of it.");
    }

    private static boolean isPoint(List<Double> point) {
        return point != null
                && point.size() == 2
                && point.stream().allMatch(one -> one != null && one >= 0 && one <= 1);
    }

    private static double extent(List<List<Double>> points, int axis) {
        double least = points.stream().mapToDouble(each -> each.get(axis)).min().orElse(0);
        double most = points.stream().mapToDouble(each -> each.get(axis)).max().orElse(0);
        return most - least;
    }

    private Optional<Kind> its() {
        return Arrays.stream(Kind.values())
                .filter(each -> each != Kind.OTHER && each.word().equals(kind.orElse("")))
                .findFirst();
    }

    /** {@return a new mask} After {@link #check}. */
    MaskSettings settings(PrivacyMasks.Options options) {
        return new MaskSettings(
                corners().orElseThrow(), its().orElse(options.kinds().get(0)), color, on.orElse(true));
    }

    /** {@return a mask as it shall be, that is like this now} After {@link #check}. */
    MaskSettings settings(MaskSettings now) {
        return new MaskSettings(corners().orElse(now.points()), its().orElse(now.kind()), color, on.orElse(now.on()));
    }

    private Optional<List<MaskSettings.Point>> corners() {
        return points.map(given -> given.stream()
                .map(each -> new MaskSettings.Point(
                        PrivacyMaskViews.rounded(each.get(0)), PrivacyMaskViews.rounded(each.get(1))))
                .toList());
    }

    /** {@return what is asked for, as text by the field's name} After {@link #check}. */
    Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        corners()
                .ifPresent(each -> values.put(
                        MaskSettings.POINTS,
                        each.stream().map(MaskSettings.Point::toString).collect(Collectors.joining(", "))));
        kind.ifPresent(word -> values.put(MaskSettings.KIND, word));
        color.ifPresent(text -> values.put(MaskSettings.COLOR, text));
        on.ifPresent(is -> values.put(MaskSettings.ON, is.toString()));
        return values;
    }
}
