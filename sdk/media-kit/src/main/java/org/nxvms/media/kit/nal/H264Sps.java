// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a player and an archive need from an H.264 sequence parameter set (ITU-T H.264 7.3.2.1.1 and E.1.1).
 *
 * @param profileIdc profile_idc
 * @param constraintFlags the byte after profile_idc
 * @param levelIdc level_idc, 40 means level 4.0
 * @param id seq_parameter_set_id, 0 to 31
 * @param picture size and sample format
 * @param timing frame timing and reordering as far as the camera tells
 */
public record H264Sps(int profileIdc, int constraintFlags, int levelIdc, int id, Picture picture, Timing timing) {
    /** A parameter set is some tens of bytes; scaling lists make it a few hundred. */
    public static final int LENGTH_MAX = 1024;

    /**
     * Size after cropping, in pixels.
     *
     * @param chromaFormatIdc 1 means 4:2:0
     */
    public record Picture(int width, int height, int chromaFormatIdc, int bitDepthLuma, int bitDepthChroma) {}

    /**
     * Timing from the VUI.
     *
     * @param unitsInTick num_units_in_tick, 0 when not told
     * @param timeScale time_scale, 0 when not told
     * @param reorderFramesOrNegative max_num_reorder_frames, negative when not told
     */
    public record Timing(long unitsInTick, long timeScale, int reorderFramesOrNegative) {
        static final Timing UNKNOWN = new Timing(0, 0, -1);
    }

    /** Parses a whole NAL unit, header byte included, as it came from the wire. */
    public static H264Sps parse(byte[] nal) throws NalException {
        return H264SpsParser.parse(nal);
    }

    public int width() {
        return picture.width();
    }

    public int height() {
        return picture.height();
    }

    /** Codec string of RFC 6381 section 3.3, for example {@code avc1.640028}. */
    public String codecString() {
        return String.format("avc1.%02X%02X%02X", profileIdc, constraintFlags, levelIdc);
    }

    /** Frames per second promised by the VUI, if it is a believable number. */
    public OptionalDouble framesPerSecond() {
        if (timing.unitsInTick() == 0 || timing.timeScale() == 0) {
            return OptionalDouble.empty();
        }
        double fps = timing.timeScale() / (2.0 * timing.unitsInTick());
        return fps >= 0.01 && fps <= 1000 ? OptionalDouble.of(fps) : OptionalDouble.empty();
    }

    /** How many pictures may overtake another one on the way to the screen; empty when the camera does not say. */
    public OptionalInt reorderDepth() {
        if (profileIdc == 66) {
            return OptionalInt.of(0);
        }
        int told = timing.reorderFramesOrNegative();
        return told < 0 ? OptionalInt.empty() : OptionalInt.of(told);
    }
}
