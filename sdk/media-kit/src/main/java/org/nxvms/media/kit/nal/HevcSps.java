// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.util.HexFormat;
import java.util.Locale;

/**
 * What a container needs of an H.265 sequence parameter set (ITU-T H.265 7.3.2.2).
 *
 * @param id sps_seq_parameter_set_id, 0 to 15
 * @param vpsId sps_video_parameter_set_id, 0 to 15
 * @param profileTierLevel the twelve bytes of general_profile_space to general_level_idc, as hvcC repeats them
 * @param temporalLayers sps_max_sub_layers_minus1 + 1
 * @param temporalIdNested sps_temporal_id_nesting_flag
 * @param picture size after cropping and sample format
 * @param reorderFrames sps_max_num_reorder_pics of the highest layer
 */
public record HevcSps(
        int id,
        int vpsId,
        byte[] profileTierLevel,
        int temporalLayers,
        boolean temporalIdNested,
        H264Sps.Picture picture,
        int reorderFrames) {
    static final int LENGTH_MAX = 1024;
    private static final int SIZE_MAX = 16384;
    private static final int PROFILE_BYTES = 12;
    private static final int SUB_LAYERS_MAX = 7;

    /** Parses a whole NAL unit, its two header bytes included. */
    public static HevcSps parse(byte[] nal) throws NalException {
        if (nal.length < 16 || (nal[0] >> 1 & 0x3F) != 33) {
            throw new NalException("not an H.265 sequence parameter set");
        }
        BitReader in = BitReader.ofNal(nal, 2, LENGTH_MAX);
        int vpsId = in.bits(4);
        int subLayers = in.bits(3);
        if (subLayers >= SUB_LAYERS_MAX) {
            throw new NalException("sps_max_sub_layers_minus1 is " + subLayers);
        }
        boolean nested = in.flag();
        byte[] profile = new byte[PROFILE_BYTES];
        for (int i = 0; i < PROFILE_BYTES; i++) {
            profile[i] = (byte) in.bits(8);
        }
        skipSubLayerProfiles(in, subLayers);
        int id = in.ue(15, "sps_seq_parameter_set_id");
        int chroma = in.ue(3, "chroma_format_idc");
        if (chroma == 3) {
            in.skip(1);
        }
        int width = in.ue(SIZE_MAX, "pic_width_in_luma_samples");
        int height = in.ue(SIZE_MAX, "pic_height_in_luma_samples");
        if (in.flag()) {
            int unitX = chroma == 1 || chroma == 2 ? 2 : 1;
            int unitY = chroma == 1 ? 2 : 1;
            width -= unitX * (in.ue(SIZE_MAX, "conf_win_left_offset") + in.ue(SIZE_MAX, "conf_win_right_offset"));
            height -= unitY * (in.ue(SIZE_MAX, "conf_win_top_offset") + in.ue(SIZE_MAX, "conf_win_bottom_offset"));
        }
        if (width <= 0 || height <= 0) {
            throw new NalException("cropping leaves no picture");
        }
        int luma = 8 + in.ue(8, "bit_depth_luma_minus8");
        int chromaDepth = 8 + in.ue(8, "bit_depth_chroma_minus8");
        in.ue(12, "log2_max_pic_order_cnt_lsb_minus4");
        int reorder = 0;
        for (int i = in.flag() ? 0 : subLayers; i <= subLayers; i++) {
            in.ue(16, "sps_max_dec_pic_buffering_minus1");
            reorder = in.ue(16, "sps_max_num_reorder_pics");
            in.ue(Integer.MAX_VALUE, "sps_max_latency_increase_plus1");
        }
        H264Sps.Picture picture = new H264Sps.Picture(width, height, chroma, luma, chromaDepth);
        return new HevcSps(id, vpsId, profile, subLayers + 1, nested, picture, reorder);
    }

    private static void skipSubLayerProfiles(BitReader in, int subLayers) throws NalException {
        if (subLayers == 0) {
            return;
        }
        int present = 0;
        for (int i = 0; i < 8; i++) {
            int bits = in.bits(2);
            present += i < subLayers ? (bits >> 1) * 88 + (bits & 1) * 8 : 0;
        }
        in.skip(present);
    }

    /** Codec string of ISO/IEC 14496-15 annex E.3, for example {@code hvc1.1.6.L93.B0}. */
    public String codecString() {
        StringBuilder out = new StringBuilder("hvc1.");
        int first = profileTierLevel[0] & 0xFF;
        out.append(first >> 6 == 0 ? "" : String.valueOf((char) ('A' + (first >> 6) - 1)));
        out.append(first & 0x1F).append('.');
        int compatibility = 0;
        for (int i = 1; i <= 4; i++) {
            compatibility = compatibility << 8 | profileTierLevel[i] & 0xFF;
        }
        out.append(Integer.toHexString(Integer.reverse(compatibility)).toUpperCase(Locale.ROOT));
        out.append((first & 0x20) == 0 ? ".L" : ".H").append(profileTierLevel[11] & 0xFF);
        int last = 10;
        while (last >= 5 && profileTierLevel[last] == 0) {
            last--;
        }
        for (int i = 5; i <= last; i++) {
            String hex = HexFormat.of().withUpperCase().toHexDigits(profileTierLevel[i]);
            out.append('.').append(hex.startsWith("0") ? hex.substring(1) : hex);
        }
        return out.toString();
    }
}
