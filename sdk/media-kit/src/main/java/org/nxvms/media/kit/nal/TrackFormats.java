// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.util.OptionalInt;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;

/** Makes {@link TrackFormat}s out of codec configuration, so that every producer describes a codec in the same words. */
public final class TrackFormats {
    private static final int VIDEO_CLOCK_RATE = 90_000;

    private TrackFormats() {}

    /** H.264 with the size and, if told, the frame rate of its SPS. */
    public static TrackFormat h264(AvcConfig config) throws NalException {
        H264Sps sps = config.parseSps();
        return new TrackFormat(
                Codec.H264,
                VIDEO_CLOCK_RATE,
                sps.codecString(),
                sps.width(),
                sps.height(),
                0,
                sps.framesPerSecond().orElse(0),
                config.toBytes());
    }

    /** H.265 with the size of its SPS. */
    public static TrackFormat h265(HevcConfig config) throws NalException {
        HevcSps sps = config.parseSps();
        return new TrackFormat(
                Codec.HEVC,
                VIDEO_CLOCK_RATE,
                sps.codecString(),
                sps.picture().width(),
                sps.picture().height(),
                0,
                0,
                config.toBytes());
    }

    /**
     * AAC with the channels of its AudioSpecificConfig.
     *
     * @param clockRate ticks per second of its timestamps, normally {@link AudioSpecificConfig#sampleRate()}; with SBR
     *     cameras announce twice that
     */
    public static TrackFormat aac(byte[] audioSpecificConfig, int clockRate) throws NalException {
        AudioSpecificConfig config = AudioSpecificConfig.parse(audioSpecificConfig);
        return new TrackFormat(
                Codec.AAC, config.sampleRate(), config.codecString(), 0, 0, config.channels(), 0, audioSpecificConfig);
    }

    /** G.711. */
    public static TrackFormat g711(Codec codec, int sampleRate, int channels) {
        String name = codec == Codec.PCM_ALAW ? "alaw" : "ulaw";
        return new TrackFormat(codec, sampleRate, name, 0, 0, channels, 0, new byte[0]);
    }

    /**
     * How many pictures may overtake another one in this track: 0 for audio, empty when only watching can tell. See
     * {@code DecodeTimes} of the fmp4 kit.
     */
    public static OptionalInt reorderDepth(TrackFormat track) {
        try {
            if (track.codec() == Codec.HEVC) {
                return OptionalInt.of(
                        HevcConfig.parse(track.configuration()).parseSps().reorderFrames());
            }
            if (track.codec() != Codec.H264) {
                return track.isVideo() ? OptionalInt.empty() : OptionalInt.of(0);
            }
            return AvcConfig.parse(track.configuration()).parseSps().reorderDepth();
        } catch (NalException unreadable) {
            return OptionalInt.empty();
        }
    }
}
