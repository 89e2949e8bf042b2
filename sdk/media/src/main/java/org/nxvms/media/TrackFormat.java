// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.util.Arrays;
import java.util.Objects;

/**
 * All a decoder or muxer must know of one track, constant within a run.
 *
 * @param codec what the payload is
 * @param clockRate ticks per second of the track's timestamps, 1..1_000_000; video and data 90_000,
 *     audio normally its sample rate
 * @param codecString RFC 6381 name ({@code avc1.640028}, {@code mp4a.40.2}); for codecs without one,
 *     the ISO BMFF sample entry ({@code ulaw})
 * @param width coded picture width after cropping in pixels; 0 for audio and data
 * @param height coded picture height after cropping in pixels; 0 for audio and data
 * @param channels audio channels; 0 otherwise
 * @param frameRate nominal frames per second as the camera states it, 0 when unknown; a hint only
 * @param configuration codec set-up record: H264 AVCDecoderConfigurationRecord, HEVC
 *     HEVCDecoderConfigurationRecord (both ISO/IEC 14496-15), AAC AudioSpecificConfig, OPUS the content of
 *     its {@code dOps} box (Opus in ISOBMFF 4.3.2), G726 one byte, the bits of a code word (2..5); empty
 *     when the codec needs none. Copied in and out.
 */
public record TrackFormat(
        Codec codec,
        int clockRate,
        String codecString,
        int width,
        int height,
        int channels,
        double frameRate,
        byte[] configuration) {
    public TrackFormat {
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(codecString, "codecString");
        if (clockRate < 1 || clockRate > 1_000_000) {
            throw new IllegalArgumentException("clockRate must be 1..1000000, not " + clockRate);
        }
        configuration = configuration.clone();
    }

    @Override
    public byte[] configuration() {
        return configuration.clone();
    }

    public boolean isVideo() {
        return codec.kind() == Codec.Kind.VIDEO;
    }

    public boolean isAudio() {
        return codec.kind() == Codec.Kind.AUDIO;
    }

    /** {@return whether this is neither picture nor sound, but facts about them} */
    public boolean isData() {
        return codec.kind() == Codec.Kind.DATA;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrackFormat that
                && codec == that.codec
                && clockRate == that.clockRate
                && codecString.equals(that.codecString)
                && width == that.width
                && height == that.height
                && channels == that.channels
                && Double.compare(frameRate, that.frameRate) == 0
                && Arrays.equals(configuration, that.configuration);
    }

    @Override
    public int hashCode() {
        return Objects.hash(codec, clockRate, codecString, width, height, channels)
                + 31 * Arrays.hashCode(configuration);
    }

    @Override
    public String toString() {
        return codecString
                + (isVideo() ? " " + width + "x" + height : "")
                + (isAudio() ? " " + clockRate + " Hz x" + channels : "");
    }
}
