// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;

/** A fragment that says that there is nothing of a track for a while (ISO/IEC 14496-12 8.8.7, duration-is-empty). */
public final class EmptyFragment {
    /** {@code default-base-is-moof} and {@code duration-is-empty}. */
    private static final int TFHD_FLAGS = 0x030000;

    private static final int BYTES = 8 + 16 + 8 + 16 + 20 + 8;

    private EmptyFragment() {}

    /**
     * {@return {@code moof} and an {@code mdat} without content}
     *
     * @param sequence number of the fragment
     * @param trackNumber from 0
     * @param decodeTime from when on, in the track's timescale
     */
    public static ByteBuffer of(int sequence, int trackNumber, long decodeTime) {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        int moof = Boxes.begin(out, Boxes.MOOF);
        int mfhd = Boxes.beginFull(out, Boxes.MFHD, 0, 0);
        out.putInt(sequence);
        Boxes.end(out, mfhd);
        int traf = Boxes.begin(out, Boxes.TRAF);
        int tfhd = Boxes.beginFull(out, Boxes.TFHD, 0, TFHD_FLAGS);
        out.putInt(trackNumber + 1);
        Boxes.end(out, tfhd);
        int tfdt = Boxes.beginFull(out, Boxes.TFDT, 1, 0);
        out.putLong(decodeTime);
        Boxes.end(out, tfdt);
        Boxes.end(out, traf);
        Boxes.end(out, moof);
        Boxes.end(out, Boxes.begin(out, Boxes.MDAT));
        return out.flip();
    }
}
