// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Gives H.264 parameter sets, and the slices that refer to them, other ids (ITU-T H.264 7.3.2.1.1, 7.3.2.2, 7.3.3), so that
 * pictures of two encoders stand in one track under one {@code avcC}. For slices in CAVLC only: those of CABAC begin at a whole
 * byte, which another length of their header would move. Immutable.
 *
 * @param sps id of the sequence parameter set
 * @param pps id of the picture parameter set
 */
public record AvcIds(int sps, int pps) {
    private static final int SPS_ID_MAX = 31;
    private static final int PPS_ID_MAX = 255;
    private static final int TYPE_SLICE = 1;
    private static final int TYPE_IDR = 5;
    private static final int TYPE_SPS = 7;
    private static final int TYPE_PPS = 8;
    /** Header, profile, constraints and level stand before the id of an SPS. */
    private static final int SPS_ID_BIT = 32;

    private static final int HEADER_BITS = 8;

    public AvcIds {
        if (sps < 0 || sps > SPS_ID_MAX || pps < 0 || pps > PPS_ID_MAX) {
            throw new IllegalArgumentException("no ids of parameter sets: " + sps + ", " + pps);
        }
    }

    /** {@return ids that a configuration does not use; empty when there is no room in it for another set} */
    public static Optional<AvcIds> free(AvcConfig config) throws NalException {
        if (config.sps().size() >= AvcConfig.SETS_MAX || config.pps().size() >= AvcConfig.SETS_MAX) {
            return Optional.empty();
        }
        return Optional.of(new AvcIds(unused(config.sps(), SPS_ID_BIT), unused(config.pps(), HEADER_BITS)));
    }

    /** There are fewer sets than ids. */
    private static int unused(List<byte[]> sets, int idBit) throws NalException {
        boolean[] used = new boolean[PPS_ID_MAX + 1];
        for (byte[] set : sets) {
            BitReader in = BitReader.ofNal(set, 0, H264Sps.LENGTH_MAX);
            in.skip(idBit);
            used[in.ue(PPS_ID_MAX, "the id of a parameter set")] = true;
        }
        int id = 0;
        while (used[id]) {
            id++;
        }
        return id;
    }

    /**
     * {@return the same unit with these ids}
     *
     * @param nal an SPS, a PPS of CAVLC, or a slice, header byte included
     */
    public byte[] of(byte[] nal) throws NalException {
        BitReader in = BitReader.ofNal(nal, 0, Math.max(nal.length, 1));
        switch (nal[0] & 0x1F) {
            case TYPE_SPS -> in.skip(SPS_ID_BIT);
            case TYPE_PPS -> in.skip(HEADER_BITS);
            case TYPE_SLICE, TYPE_IDR -> {
                in.skip(HEADER_BITS);
                in.ue(Integer.MAX_VALUE, "first_mb_in_slice");
                in.ue(9, "slice_type");
            }
            default -> throw new NalException("a unit of type " + (nal[0] & 0x1F) + " has no id of parameter sets");
        }
        int before = in.position();
        in.ue(PPS_ID_MAX, "the id of a parameter set");
        BitWriter out = new BitWriter(nal.length + 8);
        if ((nal[0] & 0x1F) == TYPE_PPS) {
            in.ue(SPS_ID_MAX, "seq_parameter_set_id");
            if (in.peek(1) == 1) {
                throw new NalException("pictures in CABAC cannot be given other ids");
            }
        }
        int behind = in.position();
        in = BitReader.ofNal(nal, 0, Math.max(nal.length, 1));
        copy(in, before, out);
        out.ue((nal[0] & 0x1F) == TYPE_SPS ? sps : pps);
        if ((nal[0] & 0x1F) == TYPE_PPS) {
            out.ue(sps);
        }
        in.skip(behind - before);
        copy(in, in.remaining() - trailingZeros(in), out);
        return escaped(out.bytes());
    }

    /** {@return bits behind the one that ends the unit} */
    private static int trailingZeros(BitReader in) throws NalException {
        int zeros = 0;
        while (!in.bitFromEnd(zeros)) {
            zeros++;
        }
        return zeros;
    }

    private static void copy(BitReader in, int bits, BitWriter out) throws NalException {
        int left = bits;
        for (; left >= 8; left -= 8) {
            out.put(in.bits(8), 8);
        }
        out.put(in.bits(left), left);
    }

    /** Puts emulation prevention in again. */
    private static byte[] escaped(byte[] plain) {
        byte[] out = new byte[plain.length + plain.length / 2 + 1];
        int size = 0;
        int zeros = 0;
        for (byte b : plain) {
            if (zeros >= 2 && (b & 0xFF) <= 3) {
                out[size++] = 3;
                zeros = 0;
            }
            out[size++] = b;
            zeros = b == 0 ? zeros + 1 : 0;
        }
        return Arrays.copyOf(out, size);
    }

    /** Bits one behind the other; the last byte is filled with zeros. */
    private static final class BitWriter {
        private final byte[] out;
        private int bit;

        BitWriter(int bytesMax) {
            out = new byte[bytesMax];
        }

        void put(int value, int count) {
            for (int i = count - 1; i >= 0; i--, bit++) {
                out[bit >> 3] |= (byte) ((value >> i & 1) << (7 - (bit & 7)));
            }
        }

        void ue(int value) {
            int length = 32 - Integer.numberOfLeadingZeros(value + 1);
            put(0, length - 1);
            put(value + 1, length);
        }

        byte[] bytes() {
            return Arrays.copyOf(out, (bit + 7) >> 3);
        }
    }
}
