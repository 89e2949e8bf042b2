// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.nio.ByteBuffer;

/**
 * Reads Exp-Golomb codes (ITU-T H.264 9.1) of small numbers at the beginning of NAL units where they lie, without allocation.
 * The ids that stand there are small, so emulation prevention cannot occur within them. Reused; one thread at a time.
 */
final class Golomb {
    private ByteBuffer in;
    private int offset;
    private int bit;
    private int endBit;

    /** Starts at an absolute position; at most the first 16 bytes are looked at. */
    Golomb at(ByteBuffer source, int from, int length) {
        in = source;
        offset = from;
        bit = 0;
        endBit = Math.min(length, 16) * 8;
        return this;
    }

    /** Steps over bits. */
    Golomb skip(int bits) {
        bit += bits;
        return this;
    }

    /** {@return the next unsigned number, or -1 when there is none} */
    int next() {
        int zeros = 0;
        while (bit + zeros < endBit && one(bit + zeros) == 0) {
            zeros++;
        }
        if (bit + 2 * zeros + 1 > endBit || zeros > 30) {
            bit = endBit;
            return -1;
        }
        int value = 0;
        for (int i = bit + zeros; i <= bit + 2 * zeros; i++) {
            value = value << 1 | one(i);
        }
        bit += 2 * zeros + 1;
        return value - 1;
    }

    private int one(int index) {
        return in.get(offset + (index >> 3)) >> (7 - (index & 7)) & 1;
    }
}
