// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * AVCDecoderConfigurationRecord, the content of an {@code avcC} box (ISO/IEC 14496-15 5.3.3.1), always with lengths of
 * four bytes. The byte arrays are shared, not copied: treat them as constants.
 */
public record AvcConfig(List<byte[]> sps, List<byte[]> pps) {
    /** More parameter sets than this have not been seen in a camera; the format allows 31 and 255. */
    public static final int SETS_MAX = 16;

    /** Header, profile, constraints, level: what avcC repeats. */
    private static final int SPS_BYTES_MIN = 4;

    public AvcConfig {
        if (sps.isEmpty() || pps.isEmpty() || sps.size() > SETS_MAX || pps.size() > SETS_MAX) {
            throw new IllegalArgumentException(
                    "avcC needs 1 to " + SETS_MAX + " SPS and PPS, got " + sps.size() + " and " + pps.size());
        }
        if (sps.get(0).length < SPS_BYTES_MIN) {
            throw new IllegalArgumentException("an SPS of " + sps.get(0).length + " bytes");
        }
        sps = List.copyOf(sps);
        pps = List.copyOf(pps);
    }

    public H264Sps parseSps() throws NalException {
        return H264Sps.parse(sps.get(0));
    }

    /** The record's bytes. */
    public byte[] toBytes() {
        byte[] first = sps.get(0);
        boolean high = H264SpsParser.isHigh(first[1] & 0xFF);
        int size = 7 + (high ? 4 : 0);
        for (byte[] set : sps) {
            size += 2 + set.length;
        }
        for (byte[] set : pps) {
            size += 2 + set.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put((byte) 1).put(first, 1, 3).put((byte) (0xFC | 3)).put((byte) (0xE0 | sps.size()));
        sps.forEach(set -> out.putShort((short) set.length).put(set));
        out.put((byte) pps.size());
        pps.forEach(set -> out.putShort((short) set.length).put(set));
        if (high) {
            putHighProfileFields(out, first);
        }
        return out.array();
    }

    private static void putHighProfileFields(ByteBuffer out, byte[] sps) {
        int chroma = 1;
        int luma = 8;
        int chromaDepth = 8;
        try {
            H264Sps.Picture picture = H264Sps.parse(sps).picture();
            chroma = picture.chromaFormatIdc();
            luma = picture.bitDepthLuma();
            chromaDepth = picture.bitDepthChroma();
        } catch (NalException unreadable) {
            // 4:2:0 with 8 bits is what every camera sends; a decoder reads the SPS itself anyway.
        }
        out.put((byte) (0xFC | chroma))
                .put((byte) (0xF8 | (luma - 8)))
                .put((byte) (0xF8 | (chromaDepth - 8)))
                .put((byte) 0);
    }

    public static AvcConfig parse(byte[] bytes) throws NalException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < 7 || bytes[0] != 1) {
            throw new NalException("not an avcC record");
        }
        if ((bytes[4] & 3) != 3) {
            throw new NalException("avcC with NAL lengths of " + ((bytes[4] & 3) + 1) + " bytes, only 4 is supported");
        }
        in.position(5);
        List<byte[]> sps = sets(in, in.get() & 0x1F);
        List<byte[]> pps = sets(in, in.hasRemaining() ? in.get() & 0xFF : 0);
        if (sps.isEmpty() || pps.isEmpty() || sps.get(0).length < SPS_BYTES_MIN) {
            throw new NalException("avcC without usable parameter sets");
        }
        return new AvcConfig(sps, pps);
    }

    private static List<byte[]> sets(ByteBuffer in, int count) throws NalException {
        if (count > SETS_MAX) {
            throw new NalException("avcC with " + count + " parameter sets, at most " + SETS_MAX);
        }
        List<byte[]> sets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = in.remaining() < 2 ? -1 : in.getShort() & 0xFFFF;
            if (length < 2 || length > in.remaining()) {
                throw new NalException("avcC parameter set of " + length + " bytes with " + in.remaining() + " left");
            }
            byte[] set = new byte[length];
            in.get(set);
            sets.add(set);
        }
        return sets;
    }
}
