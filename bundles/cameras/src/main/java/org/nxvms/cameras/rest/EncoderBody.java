// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.EncoderSettings.Resolution;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.media.Codec;
import org.nxvms.rest.kit.problem.Fields;

/** What shall change of a video encoder. */
@Schema(
        name = "VideoEncoderChanges",
        example = "{\"resolution\":{\"width\":1920,\"height\":1080},\"frameRate\":15,\"bitrateKbps\":3000,"
                + "\"keyFrameInterval\":30}")
public record EncoderBody(
        @Schema(
                        description = "One of the options' codecs",
                        allowableValues = {"h264", "hevc", "mjpeg"})
                Optional<String> codec,
        Optional<EncoderView.ResolutionView> resolution,
        @Schema(description = "More than 0") Optional<Double> frameRate,
        @Schema(description = "At least 1") Optional<Integer> bitrateKbps,
        Optional<Boolean> constantBitrate,
        Optional<Double> quality,
        @Schema(description = "At least 1") Optional<Integer> keyFrameInterval,
        @Schema(example = "High") Optional<String> profile) {
    private static final int PIXELS_MAX = 32_768;
    private static final List<Codec> CODECS = Arrays.stream(Codec.values())
            .filter(codec -> codec.kind() == Codec.Kind.VIDEO)
            .toList();

    /** @throws org.nxvms.rest.kit.problem.ProblemException 422, naming what is nothing for any device */
    void check() {
        Fields fields = new Fields();
        boolean any = Stream.of(
                        codec, resolution, frameRate, bitrateKbps, constantBitrate, quality, keyFrameInterval, profile)
                .anyMatch(Optional::isPresent);
        fields.check(any, EncoderSettings.BITRATE_KBPS, "Nothing is to be changed. Give at least one setting.");
        fields.check(
                codec.isEmpty() || its().isPresent(),
                EncoderSettings.CODEC,
                "\"codec\" must be one of "
                        + CODECS.stream().map(EncoderSettings::word).collect(Collectors.joining(", ")) + ".");
        fields.check(
                resolution
                        .filter(size -> !isWithin(size.width()) || !isWithin(size.height()))
                        .isEmpty(),
                EncoderSettings.RESOLUTION,
                "\"resolution\" must have a \"width\" and a \"height\", 1.." + PIXELS_MAX + ".");
        positive(fields, EncoderSettings.FRAME_RATE, frameRate);
        positive(fields, EncoderSettings.BITRATE_KBPS, bitrateKbps.map(Integer::doubleValue));
        positive(fields, EncoderSettings.KEY_FRAME_INTERVAL, keyFrameInterval.map(Integer::doubleValue));
        fields.check(
                quality.filter(value -> !Double.isFinite(value)).isEmpty(),
                EncoderSettings.QUALITY,
                "\"quality\" must be a number.");
        fields.check(
                profile.filter(word -> word.isEmpty() || word.length() > VideoEncoders.CHARS_MAX)
                        .isEmpty(),
                EncoderSettings.PROFILE,
                "\"profile\" must have 1 to " + VideoEncoders.CHARS_MAX + " characters.");
        fields.throwIfAny();
    }

    private Optional<Codec> its() {
        return CODECS.stream()
                .filter(each -> EncoderSettings.word(each).equals(codec.orElse("")))
                .findFirst();
    }

    private static boolean isWithin(int pixels) {
        return pixels >= 1 && pixels <= PIXELS_MAX;
    }

    private static void positive(Fields fields, String name, Optional<Double> given) {
        fields.check(
                given.filter(value -> !(value > 0) || value.isInfinite()).isEmpty(),
                name,
                "\"" + name + "\" must be more than 0.");
    }

    /** {@return what is wanted of a device that is set like this now} After {@link #check}. */
    EncoderSettings settings(EncoderSettings now) {
        return new EncoderSettings(
                its().orElse(now.codec()),
                resolution
                        .map(size -> new Resolution(size.width(), size.height()))
                        .orElse(now.resolution()),
                frameRate,
                bitrateKbps,
                constantBitrate,
                quality,
                keyFrameInterval,
                profile);
    }

    /** {@return what is asked for, as text by the field's name} After {@link #check}. */
    Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        codec.ifPresent(word -> values.put(EncoderSettings.CODEC, word));
        resolution.ifPresent(size -> values.put(EncoderSettings.RESOLUTION, size.width() + "x" + size.height()));
        frameRate.ifPresent(value -> values.put(EncoderSettings.FRAME_RATE, EncoderSettings.text(value)));
        bitrateKbps.ifPresent(value -> values.put(EncoderSettings.BITRATE_KBPS, value.toString()));
        constantBitrate.ifPresent(value -> values.put(EncoderSettings.CONSTANT_BITRATE, value.toString()));
        quality.ifPresent(value -> values.put(EncoderSettings.QUALITY, EncoderSettings.text(value)));
        keyFrameInterval.ifPresent(value -> values.put(EncoderSettings.KEY_FRAME_INTERVAL, value.toString()));
        profile.ifPresent(word -> values.put(EncoderSettings.PROFILE, word));
        return values;
    }
}
