// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.nxvms.media.Codec;

/**
 * How one encoder of a device is set, or shall be. What is empty is not told by the device, or left as it is.
 *
 * @param codec of video
 * @param frameRate most pictures a second; more than 0
 * @param bitrateKbps most kilobits (1000 bits) a second; more than 0
 * @param constantBitrate true: so many at all times; false: as many as the picture needs, up to {@code bitrateKbps}
 * @param quality on the device's own scale, more is better
 * @param keyFrameInterval from one key frame to the next, in pictures; more than 0 (GovLength)
 * @param profile of the codec, as ONVIF names it: {@code Baseline}, {@code Main}, {@code High}, {@code Main10}
 * @since 1.4
 */
public record EncoderSettings(
        Codec codec,
        Resolution resolution,
        Optional<Double> frameRate,
        Optional<Integer> bitrateKbps,
        Optional<Boolean> constantBitrate,
        Optional<Double> quality,
        Optional<Integer> keyFrameInterval,
        Optional<String> profile) {
    /** Names of the fields, in problems and differences. */
    public static final String CODEC = "codec";

    public static final String RESOLUTION = "resolution";
    public static final String FRAME_RATE = "frameRate";
    public static final String BITRATE_KBPS = "bitrateKbps";
    public static final String CONSTANT_BITRATE = "constantBitrate";
    public static final String QUALITY = "quality";
    public static final String KEY_FRAME_INTERVAL = "keyFrameInterval";
    public static final String PROFILE = "profile";

    private static final int DECIMALS = 2;

    /**
     * The size of a picture in pixels.
     *
     * @param width 1..32768, as {@code height}
     */
    public record Resolution(int width, int height) {
        private static final int PIXELS_MAX = 32_768;

        public Resolution {
            if (width < 1 || width > PIXELS_MAX || height < 1 || height > PIXELS_MAX) {
                throw new IllegalArgumentException(
                        "a picture has 1.." + PIXELS_MAX + " pixels in a row and in a column");
            }
        }

        @Override
        public String toString() {
            return width + "x" + height;
        }
    }

    /** A field that is not as it was wanted; both as text, empty for what is not told. */
    public record Difference(String field, String wanted, String got) {
        public Difference {
            Objects.requireNonNull(field, "field");
            Objects.requireNonNull(wanted, "wanted");
            Objects.requireNonNull(got, "got");
        }
    }

    public EncoderSettings {
        if (codec.kind() != Codec.Kind.VIDEO) {
            throw new IllegalArgumentException(codec + " is no codec of video");
        }
        Objects.requireNonNull(resolution, "resolution");
        Objects.requireNonNull(constantBitrate, "constantBitrate");
        require(frameRate.filter(value -> !(value > 0) || value.isInfinite()).isEmpty(), FRAME_RATE);
        require(bitrateKbps.filter(value -> value <= 0).isEmpty(), BITRATE_KBPS);
        require(quality.filter(value -> value.isNaN() || value.isInfinite()).isEmpty(), QUALITY);
        require(keyFrameInterval.filter(value -> value <= 0).isEmpty(), KEY_FRAME_INTERVAL);
        require(
                profile.filter(value -> value.isEmpty() || value.length() > VideoEncoders.CHARS_MAX)
                        .isEmpty(),
                PROFILE);
    }

    private static void require(boolean possible, String field) {
        if (!possible) {
            throw new IllegalArgumentException(field + " has no such value");
        }
    }

    /** {@return a codec's name outside: {@code h264}} */
    public static String word(Codec codec) {
        return codec.name().toLowerCase(Locale.ROOT);
    }

    /** {@return a number as people write it: no more than two decimals, none where there are none} */
    public static String text(double number) {
        return BigDecimal.valueOf(number)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** {@return what is given, as text by the field's name, in the order of the fields} */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(CODEC, word(codec));
        values.put(RESOLUTION, resolution.toString());
        frameRate.ifPresent(value -> values.put(FRAME_RATE, text(value)));
        bitrateKbps.ifPresent(value -> values.put(BITRATE_KBPS, value.toString()));
        constantBitrate.ifPresent(value -> values.put(CONSTANT_BITRATE, value.toString()));
        quality.ifPresent(value -> values.put(QUALITY, text(value)));
        keyFrameInterval.ifPresent(value -> values.put(KEY_FRAME_INTERVAL, value.toString()));
        profile.ifPresent(value -> values.put(PROFILE, value));
        return values;
    }

    /** {@return these, and of a device's former ones what is empty here}; nothing of another codec's. */
    public EncoderSettings over(EncoderSettings before) {
        return codec != before.codec
                ? this
                : new EncoderSettings(
                        codec,
                        resolution,
                        frameRate.or(before::frameRate),
                        bitrateKbps.or(before::bitrateKbps),
                        constantBitrate.or(before::constantBitrate),
                        quality.or(before::quality),
                        keyFrameInterval.or(before::keyFrameInterval),
                        profile.or(before::profile));
    }

    /** {@return where a device is otherwise than these say; what is empty here is as it likes} Numbers count by two decimals. */
    public List<Difference> differences(EncoderSettings got) {
        Map<String, String> told = got.values();
        List<Difference> differences = new ArrayList<>();
        values().forEach((field, value) -> {
            String its = told.getOrDefault(field, "");
            if (!its.equals(value)) {
                differences.add(new Difference(field, value, its));
            }
        });
        return List.copyOf(differences);
    }
}
