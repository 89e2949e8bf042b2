// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/** Reads fields that do not keep to bytes, most significant bit first, at absolute positions. */
final class Bits {
    private Bits() {}

    /**
     * @param offset byte position from which {@code bit} counts
     * @param count 0 to 31; the caller has checked that they are there
     */
    static int read(ByteBuffer in, int offset, int bit, int count) {
        int value = 0;
        for (int i = bit; i < bit + count; i++) {
            value = value << 1 | in.get(offset + (i >> 3)) >> (7 - (i & 7)) & 1;
        }
        return value;
    }
}
