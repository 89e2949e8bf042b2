// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.VideoEncoders.Encoder;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamRole;

/** A video encoder of a device. */
@Schema(name = "VideoEncoder")
public record EncoderView(
        String token,
        @Schema(description = "As the device names it; may be empty") String name,
        @Schema(description = "Which of the camera's streams it makes; empty for what this server does not fetch")
                List<StreamRole> streams,
        SettingsView settings,
        @Schema(description = "What it can be set to, by codec; not each combination need work")
                List<OptionsView> options) {
    static EncoderView of(Encoder encoder) {
        return new EncoderView(
                encoder.token(),
                encoder.name(),
                encoder.streams().stream().sorted().toList(),
                SettingsView.of(encoder.settings()),
                encoder.options().stream().map(OptionsView::of).toList());
    }

    /** The size of a picture. */
    @Schema(name = "Resolution", example = "{\"width\":1920,\"height\":1080}")
    public record ResolutionView(
            @Schema(description = "Pixels in a row, 1..32768") int width,
            @Schema(description = "Pixels in a column, 1..32768") int height) {
        static ResolutionView of(EncoderSettings.Resolution resolution) {
            return new ResolutionView(resolution.width(), resolution.height());
        }
    }

    /** How an encoder is set; what the device does not tell is left out. */
    @Schema(name = "VideoEncoderSettings")
    public record SettingsView(
            @Schema(
                            type = "string",
                            allowableValues = {"h264", "hevc", "mjpeg"})
                    Codec codec,
            ResolutionView resolution,
            @Schema(description = "Most pictures a second") Optional<Double> frameRate,
            @Schema(description = "Most kilobits (1000 bits) a second") Optional<Integer> bitrateKbps,
            @Schema(description = "false: as many as the picture needs, up to \"bitrateKbps\"")
                    Optional<Boolean> constantBitrate,
            @Schema(description = "On the device's own scale, more is better") Optional<Double> quality,
            @Schema(description = "From one key frame to the next, in pictures") Optional<Integer> keyFrameInterval,
            @Schema(description = "Of the codec", example = "High") Optional<String> profile) {
        static SettingsView of(EncoderSettings settings) {
            return new SettingsView(
                    settings.codec(),
                    ResolutionView.of(settings.resolution()),
                    settings.frameRate(),
                    settings.bitrateKbps(),
                    settings.constantBitrate(),
                    settings.quality(),
                    settings.keyFrameInterval(),
                    settings.profile());
        }
    }

    /** From the least to the greatest, both included. */
    @Schema(name = "NumberRange")
    public record RangeView(double min, double max) {
        static RangeView of(EncoderOptions.Range range) {
            return new RangeView(range.min(), range.max());
        }
    }

    /** What an encoder can be set to with one codec; what is left out or empty cannot be set. */
    @Schema(name = "VideoEncoderOptions")
    public record OptionsView(
            @Schema(
                            type = "string",
                            allowableValues = {"h264", "hevc", "mjpeg"})
                    Codec codec,
            List<ResolutionView> resolutions,
            Optional<RangeView> frameRate,
            @Schema(description = "Where there are some it takes only those; else what is within \"frameRate\"")
                    List<Double> frameRates,
            Optional<RangeView> bitrateKbps,
            boolean constantBitrate,
            Optional<RangeView> quality,
            Optional<RangeView> keyFrameInterval,
            List<String> profiles) {
        static OptionsView of(EncoderOptions options) {
            return new OptionsView(
                    options.codec(),
                    options.resolutions().stream().map(ResolutionView::of).toList(),
                    options.frameRate().map(RangeView::of),
                    options.frameRates(),
                    options.bitrateKbps().map(RangeView::of),
                    options.constantBitrate(),
                    options.quality().map(RangeView::of),
                    options.keyFrameInterval().map(RangeView::of),
                    options.profiles());
        }
    }
}
