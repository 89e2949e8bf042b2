// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * HEVCDecoderConfigurationRecord, the content of an {@code hvcC} box (ISO/IEC 14496-15 8.3.3.1), always with lengths of four
 * bytes. The byte arrays are shared, not copied: treat them as constants.
 */
public record HevcConfig(List<byte[]> vps, List<byte[]> sps, List<byte[]> pps) {
    private static final int[] TYPES = {32, 33, 34};
    private static final int SETS_MAX = 16;

    public HevcConfig {
        if (sps.isEmpty() || pps.isEmpty()) {
            throw new IllegalArgumentException("hvcC needs SPS and PPS");
        }
        vps = List.copyOf(vps);
        sps = List.copyOf(sps);
        pps = List.copyOf(pps);
    }

    public HevcSps parseSps() throws NalException {
        return HevcSps.parse(sps.get(0));
    }

    /** The record's bytes. */
    public byte[] toBytes() throws NalException {
        HevcSps first = parseSps();
        List<List<byte[]>> arrays = List.of(vps, sps, pps);
        int size = 23;
        for (List<byte[]> sets : arrays) {
            size += 3;
            for (byte[] set : sets) {
                size += 2 + set.length;
            }
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put((byte) 1).put(first.profileTierLevel());
        out.putShort((short) 0xF000).put((byte) 0xFC);
        out.put((byte) (0xFC | first.picture().chromaFormatIdc()));
        out.put((byte) (0xF8 | first.picture().bitDepthLuma() - 8));
        out.put((byte) (0xF8 | first.picture().bitDepthChroma() - 8));
        out.putShort((short) 0);
        out.put((byte) (first.temporalLayers() << 3 | (first.temporalIdNested() ? 4 : 0) | 3));
        out.put((byte) arrays.size());
        for (int i = 0; i < TYPES.length; i++) {
            out.put((byte) (0x80 | TYPES[i])).putShort((short) arrays.get(i).size());
            arrays.get(i).forEach(set -> out.putShort((short) set.length).put(set));
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    public static HevcConfig parse(byte[] bytes) throws NalException {
        if (bytes.length < 23 || bytes[0] != 1) {
            throw new NalException("not an hvcC record");
        }
        if ((bytes[21] & 3) != 3) {
            throw new NalException("hvcC with NAL lengths of " + ((bytes[21] & 3) + 1) + " bytes, only 4 is supported");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).position(22);
        List<List<byte[]>> found = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        int arrays = in.get() & 0xFF;
        for (int i = 0; i < arrays && in.remaining() >= 3; i++) {
            int type = in.get() & 0x3F;
            int count = in.getShort() & 0xFFFF;
            for (int n = 0; n < count; n++) {
                int length = in.remaining() < 2 ? -1 : in.getShort() & 0xFFFF;
                if (length < 2 || length > in.remaining() || n == SETS_MAX) {
                    throw new NalException(
                            "hvcC parameter set of " + length + " bytes with " + in.remaining() + " left");
                }
                byte[] set = new byte[length];
                in.get(set);
                if (type >= TYPES[0] && type <= TYPES[2]) {
                    found.get(type - TYPES[0]).add(set);
                }
            }
        }
        if (found.get(1).isEmpty() || found.get(2).isEmpty()) {
            throw new NalException("hvcC without parameter sets");
        }
        return new HevcConfig(found.get(0), found.get(1), found.get(2));
    }
}
