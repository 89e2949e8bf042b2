// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.nio.ByteBuffer;

/** The byte stream format of ITU-T H.264 and H.265 annex B, as far as it turns up where it should not. */
public final class StartCodes {
    /** Bytes of a start code without leading zeros. */
    public static final int BYTES = 3;

    private StartCodes() {}

    /** {@return position of the next 00 00 01 from {@code from} on, or {@code end} when there is none} */
    public static int next(ByteBuffer in, int from, int end) {
        for (int i = from; i + BYTES <= end; i++) {
            if (in.get(i) == 0 && in.get(i + 1) == 0 && in.get(i + 2) == 1) {
                return i;
            }
        }
        return end;
    }

    /** {@return whether a start code, perhaps with one more zero, stands here} */
    public static boolean at(ByteBuffer in, int offset, int length) {
        return next(in, offset, offset + Math.min(length, BYTES + 1)) <= offset + 1 && length > BYTES;
    }

    /** {@return the end of the unit that begins at {@code from}: before the next start code and the zeros in front of it} */
    public static int unitEnd(ByteBuffer in, int from, int end) {
        int at = next(in, from, end);
        while (at > from && in.get(at - 1) == 0) {
            at--;
        }
        return at;
    }
}
