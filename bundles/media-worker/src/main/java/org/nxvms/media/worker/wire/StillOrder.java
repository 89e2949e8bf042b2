// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import java.nio.ByteBuffer;

/**
 * A picture to make a JPEG of, or to tell the brightness of: a key frame, or one that is decoded from it on.
 *
 * @param number told back with the answer
 * @param codec FFmpeg's name
 * @param configuration extradata
 * @param widthMax a wider picture is scaled down
 * @param lumaRows 0 for a JPEG; else the answer is the brightness of {@code widthMax} cells across and so many down, row by row
 * @param key one access unit, from which decoding starts
 * @param more how many access units follow as {@link FrameType#PICTURE}, in the order of their decoding
 * @param wanted when the picture that is wanted is shown; of no meaning without more
 */
public record StillOrder(
        int number,
        String codec,
        byte[] configuration,
        int widthMax,
        int lumaRows,
        Picture key,
        int more,
        long wanted) {
    /** A group of a minute at 25 pictures a second, which no camera should send. */
    public static final int MORE_MAX = 1_500;

    private static final int LUMA_ROWS_MAX = 256;

    /** Into how many cells a picture is divided. */
    public record Cells(int columns, int rows) {}

    /** An access unit and when it is shown, in any unit. */
    public record Picture(long time, byte[] data) {
        public byte[] toBytes() {
            return new Body().whole(time).bytes(data).toBytes();
        }

        public static Picture read(ByteBuffer in) throws WireException {
            return new Picture(Body.whole(in), Body.bytes(in, FrameType.BODY_BYTES_MAX));
        }
    }

    /** {@return an order of a key frame} */
    public static StillOrder ofKey(int number, String codec, byte[] configuration, int widthMax, byte[] key) {
        return new StillOrder(number, codec, configuration, widthMax, 0, new Picture(0, key), 0, 0);
    }

    /** {@return an order of a key frame's brightness} */
    public static StillOrder ofLuma(int number, String codec, byte[] configuration, Cells cells, byte[] key) {
        return new StillOrder(number, codec, configuration, cells.columns(), cells.rows(), new Picture(0, key), 0, 0);
    }

    public byte[] toBytes() {
        return new Body()
                .number(number)
                .text(codec)
                .bytes(configuration)
                .number(widthMax)
                .number(lumaRows)
                .number(more)
                .whole(wanted)
                .whole(key.time())
                .bytes(key.data())
                .toBytes();
    }

    public static StillOrder read(ByteBuffer in) throws WireException {
        int number = Body.number(in);
        String codec = Body.text(in);
        byte[] configuration = Body.bytes(in, TrackFacts.CONFIGURATION_BYTES_MAX);
        int widthMax = Body.number(in);
        int lumaRows = Body.number(in);
        if (lumaRows < 0 || lumaRows > LUMA_ROWS_MAX || lumaRows > 0 && (widthMax < 2 || widthMax > LUMA_ROWS_MAX)) {
            throw new WireException("the brightness of " + widthMax + " x " + lumaRows + " cells");
        }
        int more = Body.number(in);
        if (more < 0 || more > MORE_MAX) {
            throw new WireException("a still behind " + more + " pictures");
        }
        long wanted = Body.whole(in);
        return new StillOrder(number, codec, configuration, widthMax, lumaRows, Picture.read(in), more, wanted);
    }
}
