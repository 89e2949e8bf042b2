// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.MaskSettings;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.media.StreamRole;

/** Privacy masks of a device as REST tells them. */
public final class PrivacyMaskViews {
    static final String POINTS =
            "Corners, each [x, y], 0 to 1 from the left and from the top; the last is joined to the first: a rectangle is"
                    + " [[0.25, 0.1], [0.75, 0.1], [0.75, 0.4], [0.25, 0.4]]";

    private PrivacyMaskViews() {}

    /** A part of the picture that the device hides. */
    @Schema(name = "PrivacyMask")
    public record MaskView(
            String token,
            @Schema(description = POINTS) List<List<Double>> points,
            @Schema(
                            allowableValues = {"color", "pixelated", "blurred", "other"},
                            description = "other: something of the device's own")
                    String kind,
            @Schema(description = "What it is filled with, as far as the device tells", example = "#000000")
                    Optional<String> color,
            @Schema(description = "Whether it hides now") boolean on) {
        static MaskView of(PrivacyMasks.Mask mask) {
            MaskSettings its = mask.settings();
            return new MaskView(
                    mask.token(),
                    its.points().stream()
                            .map(point -> List.of(rounded(point.x()), rounded(point.y())))
                            .toList(),
                    its.kind().word(),
                    its.color(),
                    its.on());
        }
    }

    /** A tenth of a pixel of the largest picture. */
    static double rounded(double part) {
        return Math.round(part * 100_000) / 100_000.0;
    }

    /** What masks a device can have. */
    @Schema(name = "PrivacyMaskOptions")
    public record OptionsView(
            @Schema(description = "How many at a time") int masksMax,
            @Schema(description = "How many corners one has at most") int pointsMax,
            @Schema(description = "Whether its corners must be the four of an upright rectangle") boolean rectangleOnly,
            @Schema(description = "color, pixelated, blurred; at least one") List<String> kinds,
            @Schema(description = "Whether the colour can be chosen freely") boolean anyColor,
            @Schema(description = "Those there are else, as #rrggbb; empty where none can be chosen")
                    List<String> colors,
            @Schema(description = "Whether a colour that one is given becomes that of all") boolean oneColor,
            @Schema(description = "Which streams are masked; one that is not shows what was to be hidden")
                    List<StreamRole> streams) {
        static OptionsView of(PrivacyMasks.Options options) {
            return new OptionsView(
                    options.masksMax(),
                    options.pointsMax(),
                    options.rectangleOnly(),
                    options.kinds().stream().map(MaskSettings.Kind::word).toList(),
                    options.anyColor(),
                    options.colors(),
                    options.oneColor(),
                    options.streams().stream().sorted().toList());
        }
    }

    /** All masks of a device, and what there can be. */
    @Schema(name = "PrivacyMasks")
    public record AllView(OptionsView options, List<MaskView> items) {}

    /** What came of a mask that was added or changed. */
    @Schema(name = "PrivacyMaskChange")
    public record ChangeView(
            MaskView mask,
            @Schema(
                            description =
                                    "Where the device is otherwise than was asked for; both as text, empty for what it does"
                                            + " not tell")
                    List<ChangedView.DifferenceView> differences) {
        static ChangeView of(PrivacyMasks.Mask got, MaskSettings wanted) {
            return new ChangeView(
                    MaskView.of(got),
                    wanted.differences(got.settings()).stream()
                            .map(each -> new ChangedView.DifferenceView(each.field(), each.wanted(), each.got()))
                            .toList());
        }
    }
}
