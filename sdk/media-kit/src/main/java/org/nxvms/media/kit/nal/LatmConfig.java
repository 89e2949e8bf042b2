// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

/**
 * The StreamMuxConfig of LATM (ISO/IEC 14496-3 1.7.3), as far as cameras use it: one program, one layer, AAC frames of variable
 * length. Everything else is refused by name.
 *
 * @param audioSpecificConfig of the one layer, filled with zeros to whole bytes
 * @param subFrames AAC frames in an AudioMuxElement, 1 to 64
 * @param otherDataBits bits behind the frames that are of no use here
 * @param bits length of the StreamMuxConfig itself
 */
public record LatmConfig(byte[] audioSpecificConfig, int subFrames, long otherDataBits, int bits) {
    /** What a configuration may take, in band or announced. */
    public static final int BYTES_MAX = 64;

    private static final int SBR = 5;
    private static final int PARAMETRIC_STEREO = 29;
    private static final int RATE_ESCAPE = 15;
    /** Begins what tells old decoders nothing of SBR (ISO/IEC 14496-3 1.6.6.2). */
    private static final int SYNC_EXTENSION = 0x2B7;

    private static final int SYNC_EXTENSION_BITS = 16;
    /** From frameLengthType to the end, when there is nothing special. */
    private static final int TAIL_BITS = 13;

    /** Parses the StreamMuxConfig that stands at the beginning of {@code bytes}, as it comes in band. */
    public static LatmConfig parse(byte[] bytes) throws NalException {
        return parse(bytes, false);
    }

    /**
     * Parses the {@code config} parameter of a session description. GStreamer 1.22 cuts it off behind an AudioSpecificConfig
     * with an extension; what is missing then is as usual.
     */
    public static LatmConfig parseAnnounced(byte[] bytes) throws NalException {
        return parse(bytes, true);
    }

    private static LatmConfig parse(byte[] bytes, boolean mayBeCut) throws NalException {
        BitReader in = new BitReader(bytes, 0, bytes.length);
        int version = in.bits(1);
        require(version == 0 || in.bits(1) == 0, "audioMuxVersionA 1");
        if (version == 1) {
            value(in);
        }
        require(in.flag(), "streams of different framing");
        int subFrames = in.bits(6) + 1;
        require(in.bits(4) == 0, "several programs");
        require(in.bits(3) == 0, "several layers");
        int start;
        int end;
        if (version == 0) {
            start = in.position();
            audioSpecificConfig(in);
            end = in.position();
        } else {
            long length = value(in);
            start = in.position();
            require(length >= 16 && length <= 8 * BYTES_MAX, "an AudioSpecificConfig of " + length + " bits");
            end = start + (int) length;
            in.skip((int) length);
        }
        if (mayBeCut && in.remaining() < TAIL_BITS) {
            return new LatmConfig(cut(bytes, start, end), subFrames, 0, end);
        }
        require(in.bits(3) == 0, "frames of fixed length");
        in.skip(8);
        long other = 0;
        if (in.flag()) {
            other = version == 1 ? value(in) : otherDataBits(in);
        }
        if (in.flag()) {
            in.skip(8);
        }
        return new LatmConfig(cut(bytes, start, end), subFrames, other, in.position());
    }

    /** {@return what the AudioSpecificConfig says} */
    public AudioSpecificConfig audio() throws NalException {
        return AudioSpecificConfig.parse(audioSpecificConfig);
    }

    /** Steps over an AudioSpecificConfig, whose length nothing tells (ISO/IEC 14496-3 1.6.2.1, 4.4.1). */
    private static void audioSpecificConfig(BitReader in) throws NalException {
        int objectType = objectType(in);
        rate(in);
        require(in.bits(4) != 0, "a channel layout of its own");
        if (objectType == SBR || objectType == PARAMETRIC_STEREO) {
            rate(in);
            objectType = objectType(in);
        }
        require(objectType >= 1 && objectType <= 4, "audio object type " + objectType);
        in.skip(1);
        if (in.flag()) {
            in.skip(14);
        }
        in.skip(1);
        if (in.remaining() >= SYNC_EXTENSION_BITS && in.peek(11) == SYNC_EXTENSION) {
            in.skip(11);
            if (in.bits(5) == SBR && in.flag()) {
                rate(in);
            }
        }
    }

    private static int objectType(BitReader in) throws NalException {
        int type = in.bits(5);
        return type == 31 ? 32 + in.bits(6) : type;
    }

    private static void rate(BitReader in) throws NalException {
        if (in.bits(4) == RATE_ESCAPE) {
            in.skip(24);
        }
    }

    private static long value(BitReader in) throws NalException {
        int bytes = in.bits(2) + 1;
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | in.bits(8);
        }
        return value;
    }

    private static long otherDataBits(BitReader in) throws NalException {
        long bits = 0;
        boolean more = true;
        for (int i = 0; more; i++) {
            require(i < 4, "other data of absurd length");
            more = in.flag();
            bits = bits << 8 | in.bits(8);
        }
        return bits;
    }

    private static byte[] cut(byte[] bytes, int from, int to) {
        byte[] out = new byte[to - from + 7 >> 3];
        for (int i = 0; i < to - from; i++) {
            int bit = bytes[from + i >> 3] >> (7 - (from + i & 7)) & 1;
            out[i >> 3] |= (byte) (bit << 7 - (i & 7));
        }
        return out;
    }

    private static void require(boolean usual, String unusual) throws NalException {
        if (!usual) {
            throw new NalException("LATM with " + unusual + " is not supported");
        }
    }
}
