// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.util.OptionalInt;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;

/** Makes {@link TrackFormat}s out of codec configuration, so that every producer describes a codec in the same words. */
public final class TrackFormats {
    private static final int VIDEO_CLOCK_RATE = 90_000;
    private static final int OPUS_CLOCK_RATE = 48_000;
    /** Samples of the core coder in an access unit (ISO/IEC 14496-3 4.5.1.1, frameLengthFlag 0). */
    private static final int AAC_SAMPLES = 1024;
    /** 20 ms, what RFC 3551 4.2 recommends. */
    private static final int AUDIO_UNITS_PER_SECOND = 50;

    private static final double FRAME_RATE_GUESS = 25;
    private static final byte[] NOTHING = {};

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

    /** Motion JPEG; the codec string is that of ISO/IEC 10918-1 as MPEG-4 object type (MP4RA). */
    public static TrackFormat mjpeg(int width, int height) {
        return new TrackFormat(Codec.MJPEG, VIDEO_CLOCK_RATE, "mp4v.6C", width, height, 0, 0, NOTHING);
    }

    /** The same picture format, with the frame rate a session description names unless the codec itself tells. */
    public static TrackFormat withFrameRate(TrackFormat picture, double framesPerSecond) {
        if (picture.frameRate() > 0 || framesPerSecond <= 0) {
            return picture;
        }
        return new TrackFormat(
                picture.codec(),
                picture.clockRate(),
                picture.codecString(),
                picture.width(),
                picture.height(),
                0,
                framesPerSecond,
                picture.configuration());
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
                Codec.AAC, clockRate, config.codecString(), 0, 0, config.channels(), 0, audioSpecificConfig);
    }

    /**
     * Opus as RTP carries it: one stream without a channel mapping, its clock always at 48 kHz (RFC 7587 4.1). Whoever
     * joins a live stream has no encoder delay to skip.
     *
     * @param channels 1 or 2
     */
    public static TrackFormat opus(int channels) {
        byte[] specific = {0, (byte) channels, 0, 0, 0, 0, (byte) 0xBB, (byte) 0x80, 0, 0, 0};
        return new TrackFormat(Codec.OPUS, OPUS_CLOCK_RATE, "opus", 0, 0, channels, 0, specific);
    }

    /**
     * G.726.
     *
     * @param bitsPerSample bits of a code word, 2 to 5: 16 to 40 kbit/s at 8 kHz
     */
    public static TrackFormat g726(int bitsPerSample, int sampleRate, int channels) {
        if (bitsPerSample < 2 || bitsPerSample > 5) {
            throw new IllegalArgumentException("G.726 code words have 2 to 5 bits, not " + bitsPerSample);
        }
        byte[] configuration = {(byte) bitsPerSample};
        return new TrackFormat(Codec.G726, sampleRate, "g726", 0, 0, channels, 0, configuration);
    }

    /**
     * ONVIF metadata.
     *
     * @param clockRate ticks per second of its timestamps, 90_000 like video (ONVIF Streaming 5.1.2.1.1)
     */
    public static TrackFormat onvifMetadata(int clockRate) {
        return new TrackFormat(Codec.ONVIF_METADATA, clockRate, "metx", 0, 0, 0, 0, NOTHING);
    }

    /**
     * How long an access unit of this track usually is, in ticks of its clock. Exact for AAC, a guess to begin with for
     * everything else.
     */
    public static int unitTicks(TrackFormat track) {
        if (track.codec() == Codec.AAC) {
            try {
                int coreRate = AudioSpecificConfig.parse(track.configuration()).sampleRate();
                return (int) Math.max(1, (long) AAC_SAMPLES * track.clockRate() / coreRate);
            } catch (NalException unreadable) {
                return AAC_SAMPLES;
            }
        }
        if (track.isAudio()) {
            return Math.max(1, track.clockRate() / AUDIO_UNITS_PER_SECOND);
        }
        double rate = track.frameRate() > 0 ? track.frameRate() : FRAME_RATE_GUESS;
        return (int) Math.max(1, Math.round(track.clockRate() / rate));
    }

    /** G.711. */
    public static TrackFormat g711(Codec codec, int sampleRate, int channels) {
        String name = codec == Codec.PCM_ALAW ? "alaw" : "ulaw";
        return new TrackFormat(codec, sampleRate, name, 0, 0, channels, 0, NOTHING);
    }

    /**
     * How many pictures may overtake another one in this track: 0 for all but H.264 and H.265, empty when only watching can tell. See
     * {@code DecodeTimes} of the fmp4 kit.
     */
    public static OptionalInt reorderDepth(TrackFormat track) {
        try {
            if (track.codec() == Codec.HEVC) {
                return OptionalInt.of(
                        HevcConfig.parse(track.configuration()).parseSps().reorderFrames());
            }
            if (track.codec() != Codec.H264) {
                return OptionalInt.of(0);
            }
            return AvcConfig.parse(track.configuration()).parseSps().reorderDepth();
        } catch (NalException unreadable) {
            return OptionalInt.empty();
        }
    }
}
