// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

/** Walks the syntax of H.264 7.3.2.1.1. A VUI that breaks off is treated as absent: cameras ship such, players cope. */
final class H264SpsParser {
    /** 16384 pixels in macroblocks of 16. */
    private static final int MACROBLOCKS_MAX = 1024;

    private H264SpsParser() {}

    static H264Sps parse(byte[] nal) throws NalException {
        if (nal.length < 4 || (nal[0] & 0x1F) != 7) {
            throw new NalException("not an H.264 sequence parameter set");
        }
        BitReader in = BitReader.ofNal(nal, 1, H264Sps.LENGTH_MAX);
        int profile = in.bits(8);
        int constraints = in.bits(8);
        int level = in.bits(8);
        int id = in.ue(31, "seq_parameter_set_id");
        int chroma = 1;
        int lumaDepth = 8;
        int chromaDepth = 8;
        if (isHigh(profile)) {
            chroma = in.ue(3, "chroma_format_idc");
            if (chroma == 3) {
                in.skip(1);
            }
            lumaDepth = 8 + in.ue(6, "bit_depth_luma_minus8");
            chromaDepth = 8 + in.ue(6, "bit_depth_chroma_minus8");
            in.skip(1);
            if (in.flag()) {
                skipScalingLists(in, chroma == 3 ? 12 : 8);
            }
        }
        in.ue(12, "log2_max_frame_num_minus4");
        boolean outputInDecodeOrder = skipPictureOrder(in) == 2;
        in.ue(16, "max_num_ref_frames");
        in.skip(1);
        int widthMbs = in.ue(MACROBLOCKS_MAX - 1, "pic_width_in_mbs_minus1") + 1;
        int heightUnits = in.ue(MACROBLOCKS_MAX - 1, "pic_height_in_map_units_minus1") + 1;
        boolean framesOnly = in.flag();
        if (!framesOnly) {
            in.skip(1);
        }
        in.skip(1);
        H264Sps.Picture size = new H264Sps.Picture(
                widthMbs * 16, heightUnits * 16 * (framesOnly ? 1 : 2), chroma, lumaDepth, chromaDepth);
        if (in.flag()) {
            size = crop(in, size, framesOnly);
        }
        H264Sps.Timing timing = vui(in);
        if (outputInDecodeOrder && timing.reorderFramesOrNegative() < 0) {
            timing = new H264Sps.Timing(timing.unitsInTick(), timing.timeScale(), 0);
        }
        return new H264Sps(profile, constraints, level, id, size, timing);
    }

    static boolean isHigh(int profile) {
        return switch (profile) {
            case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
            default -> false;
        };
    }

    private static void skipScalingLists(BitReader in, int count) throws NalException {
        for (int list = 0; list < count; list++) {
            if (!in.flag()) {
                continue;
            }
            int last = 8;
            int next = 8;
            for (int i = 0; i < (list < 6 ? 16 : 64); i++) {
                if (next != 0) {
                    next = (last + in.se("delta_scale") + 256) & 0xFF;
                }
                last = next == 0 ? last : next;
            }
        }
    }

    private static int skipPictureOrder(BitReader in) throws NalException {
        int type = in.ue(2, "pic_order_cnt_type");
        if (type == 0) {
            in.ue(12, "log2_max_pic_order_cnt_lsb_minus4");
        } else if (type == 1) {
            in.skip(1);
            in.se("offset_for_non_ref_pic");
            in.se("offset_for_top_to_bottom_field");
            int cycle = in.ue(255, "num_ref_frames_in_pic_order_cnt_cycle");
            for (int i = 0; i < cycle; i++) {
                in.se("offset_for_ref_frame");
            }
        }
        return type;
    }

    private static H264Sps.Picture crop(BitReader in, H264Sps.Picture coded, boolean framesOnly) throws NalException {
        int chroma = coded.chromaFormatIdc();
        int unitX = chroma == 1 || chroma == 2 ? 2 : 1;
        int unitY = (chroma == 1 ? 2 : 1) * (framesOnly ? 1 : 2);
        int left = in.ue(16384, "frame_crop_left_offset");
        int right = in.ue(16384, "frame_crop_right_offset");
        int top = in.ue(16384, "frame_crop_top_offset");
        int bottom = in.ue(16384, "frame_crop_bottom_offset");
        int width = coded.width() - (left + right) * unitX;
        int height = coded.height() - (top + bottom) * unitY;
        if (width <= 0 || height <= 0) {
            throw new NalException("cropping leaves no picture of " + coded.width() + "x" + coded.height());
        }
        return new H264Sps.Picture(width, height, chroma, coded.bitDepthLuma(), coded.bitDepthChroma());
    }

    private static H264Sps.Timing vui(BitReader in) {
        H264Sps.Timing timing = H264Sps.Timing.UNKNOWN;
        try {
            if (!in.flag()) {
                return timing;
            }
            if (in.flag() && in.bits(8) == 255) {
                in.skip(32);
            }
            if (in.flag()) {
                in.skip(1);
            }
            if (in.flag()) {
                in.skip(4);
                if (in.flag()) {
                    in.skip(24);
                }
            }
            if (in.flag()) {
                in.ue(5, "chroma_sample_loc_type_top_field");
                in.ue(5, "chroma_sample_loc_type_bottom_field");
            }
            if (in.flag()) {
                timing = new H264Sps.Timing(in.bits32(), in.bits32(), -1);
                in.skip(1);
            }
            return new H264Sps.Timing(timing.unitsInTick(), timing.timeScale(), reorderFrames(in));
        } catch (NalException brokenVui) {
            // The picture size is known by now; a missing frame rate costs nothing.
            return timing;
        }
    }

    private static int reorderFrames(BitReader in) throws NalException {
        boolean nalHrd = in.flag();
        if (nalHrd) {
            skipHrd(in);
        }
        boolean vclHrd = in.flag();
        if (vclHrd) {
            skipHrd(in);
        }
        if (nalHrd || vclHrd) {
            in.skip(1);
        }
        in.skip(1);
        if (!in.flag()) {
            return -1;
        }
        in.skip(1);
        in.ue(16, "max_bytes_per_pic_denom");
        in.ue(16, "max_bits_per_mb_denom");
        in.ue(16, "log2_max_mv_length_horizontal");
        in.ue(16, "log2_max_mv_length_vertical");
        return in.ue(16, "max_num_reorder_frames");
    }

    private static void skipHrd(BitReader in) throws NalException {
        int count = in.ue(31, "cpb_cnt_minus1") + 1;
        in.skip(8);
        for (int i = 0; i < count; i++) {
            in.ue(Integer.MAX_VALUE, "bit_rate_value_minus1");
            in.ue(Integer.MAX_VALUE, "cpb_size_value_minus1");
            in.skip(1);
        }
        in.skip(20);
    }
}
