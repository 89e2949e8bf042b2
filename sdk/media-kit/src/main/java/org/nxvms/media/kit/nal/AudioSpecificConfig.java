// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

/**
 * The fields of an AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1) that a container needs.
 *
 * @param objectType audio object type, 2 is AAC-LC
 * @param sampleRate samples per second of the core coder
 * @param channels channel count, 1 to 8
 */
public record AudioSpecificConfig(int objectType, int sampleRate, int channels) {
    private static final int[] RATES = {
        96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350
    };
    private static final int RATE_ESCAPE = 15;
    private static final int LENGTH_MAX = 64;

    public static AudioSpecificConfig parse(byte[] config) throws NalException {
        if (config.length < 2 || config.length > LENGTH_MAX) {
            throw new NalException("AudioSpecificConfig of " + config.length + " bytes, expected 2 to " + LENGTH_MAX);
        }
        BitReader in = new BitReader(config, 0, config.length);
        int objectType = in.bits(5);
        if (objectType == 31) {
            objectType = 32 + in.bits(6);
        }
        int rateIndex = in.bits(4);
        int rate = rateIndex == RATE_ESCAPE ? in.bits(24) : rateIndex < RATES.length ? RATES[rateIndex] : 0;
        int channelConfig = in.bits(4);
        if (rate < 1000 || rate > 192_000) {
            throw new NalException("AudioSpecificConfig with a sample rate of " + rate);
        }
        if (channelConfig == 0 || channelConfig > 7) {
            throw new NalException("AudioSpecificConfig with channel configuration " + channelConfig);
        }
        return new AudioSpecificConfig(objectType, rate, channelConfig == 7 ? 8 : channelConfig);
    }

    /** The two or five bytes that {@link #parse} reads. */
    public byte[] toBytes() {
        int index = RATE_ESCAPE;
        for (int i = 0; i < RATES.length; i++) {
            index = RATES[i] == sampleRate ? i : index;
        }
        int channelConfig = channels == 8 ? 7 : channels;
        if (index != RATE_ESCAPE) {
            int bits = objectType << 11 | index << 7 | channelConfig << 3;
            return new byte[] {(byte) (bits >> 8), (byte) bits};
        }
        long bits = (long) objectType << 35 | 15L << 31 | (long) sampleRate << 7 | (long) channelConfig << 3;
        return new byte[] {
            (byte) (bits >> 32), (byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits
        };
    }

    /** Codec string of RFC 6381, for example {@code mp4a.40.2}. */
    public String codecString() {
        return "mp4a.40." + objectType;
    }
}
