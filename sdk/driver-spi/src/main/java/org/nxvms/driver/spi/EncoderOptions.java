// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.EncoderSettings.Resolution;
import org.nxvms.media.Codec;

/**
 * What an encoder of a device can be set to with one codec. Each field holds for itself: a device need not take every
 * combination (VideoEncoder2ConfigurationOptions of ONVIF Media2). What is empty cannot be set.
 *
 * @param codec of video
 * @param resolutions at least one, at most {@link #VALUES_MAX}
 * @param frameRate pictures a second; where {@code frameRates} names some it takes only those
 * @param frameRates pictures a second, as the device lists them; may be empty
 * @param bitrateKbps kilobits (1000 bits) a second
 * @param constantBitrate whether it can be chosen between a constant and a varying rate
 * @param quality on the device's own scale
 * @param keyFrameInterval in pictures
 * @param profiles as the device names them; may be empty
 * @since 1.4
 */
public record EncoderOptions(
        Codec codec,
        List<Resolution> resolutions,
        Optional<Range> frameRate,
        List<Double> frameRates,
        Optional<Range> bitrateKbps,
        boolean constantBitrate,
        Optional<Range> quality,
        Optional<Range> keyFrameInterval,
        List<String> profiles) {
    /** How many values a field may list. */
    public static final int VALUES_MAX = 200;

    /** Two numbers of a list are one by less than this: devices tell them as floats. */
    private static final double SAME = 0.005;

    /** From the least to the greatest, both included. */
    public record Range(double min, double max) {
        public Range {
            if (!(min <= max) || Double.isInfinite(min) || Double.isInfinite(max)) {
                throw new IllegalArgumentException("a range goes from the least to the greatest");
            }
        }

        public boolean includes(double value) {
            return value >= min && value <= max;
        }

        @Override
        public String toString() {
            return EncoderSettings.text(min) + ".." + EncoderSettings.text(max);
        }
    }

    public EncoderOptions {
        if (codec.kind() != Codec.Kind.VIDEO) {
            throw new IllegalArgumentException(codec + " is no codec of video");
        }
        resolutions = List.copyOf(resolutions);
        frameRates = List.copyOf(frameRates);
        profiles = List.copyOf(profiles);
        if (resolutions.isEmpty()
                || resolutions.size() > VALUES_MAX
                || frameRates.size() > VALUES_MAX
                || profiles.size() > VALUES_MAX) {
            throw new IllegalArgumentException(
                    "options list at most " + VALUES_MAX + " values, and a resolution at least");
        }
    }

    /** {@return what is wrong with settings of this codec, by the field's name, to go on behind it; empty when nothing is} */
    Map<String, String> problems(EncoderSettings wanted) {
        Map<String, String> wrong = new LinkedHashMap<>();
        if (!resolutions.contains(wanted.resolution())) {
            wrong.put(EncoderSettings.RESOLUTION, "must be one of " + listed(resolutions));
        }
        wanted.frameRate().ifPresent(value -> frameRate(value, wrong));
        wanted.bitrateKbps().ifPresent(value -> within(bitrateKbps, value, EncoderSettings.BITRATE_KBPS, wrong));
        if (wanted.constantBitrate().isPresent() && !constantBitrate) {
            wrong.put(EncoderSettings.CONSTANT_BITRATE, "cannot be set in this camera");
        }
        wanted.quality().ifPresent(value -> within(quality, value, EncoderSettings.QUALITY, wrong));
        wanted.keyFrameInterval()
                .ifPresent(value -> within(keyFrameInterval, value, EncoderSettings.KEY_FRAME_INTERVAL, wrong));
        wanted.profile().ifPresent(value -> {
            if (profiles.isEmpty()) {
                wrong.put(EncoderSettings.PROFILE, "cannot be set in this camera");
            } else if (!profiles.contains(value)) {
                wrong.put(EncoderSettings.PROFILE, "must be one of " + listed(profiles));
            }
        });
        return wrong;
    }

    private void frameRate(double value, Map<String, String> wrong) {
        if (frameRates.isEmpty()) {
            within(frameRate, value, EncoderSettings.FRAME_RATE, wrong);
        } else if (frameRates.stream().noneMatch(one -> Math.abs(one - value) < SAME)) {
            wrong.put(
                    EncoderSettings.FRAME_RATE,
                    "must be one of "
                            + listed(frameRates.stream()
                                    .map(EncoderSettings::text)
                                    .toList()));
        }
    }

    private static void within(Optional<Range> range, double value, String field, Map<String, String> wrong) {
        if (range.isEmpty()) {
            wrong.put(field, "cannot be set in this camera");
        } else if (!range.get().includes(value)) {
            wrong.put(field, "must be " + range.get());
        }
    }

    private static String listed(List<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
