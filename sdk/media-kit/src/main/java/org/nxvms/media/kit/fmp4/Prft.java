// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;

/** Reads the wall time out of a producer reference time box (ISO/IEC 14496-12 8.16.5). */
public final class Prft {
    private static final long NTP_EPOCH_OFFSET_S = 2_208_988_800L;

    private Prft() {}

    /**
     * {@return microseconds since 1970, UTC}
     *
     * @param box the whole box from its first byte
     */
    public static long wallUs(ByteBuffer box) throws Mp4Exception {
        if (box.remaining() < 24 || box.getInt(box.position() + 4) != Boxes.PRFT) {
            throw new Mp4Exception("not a prft box");
        }
        long ntp = box.getLong(box.position() + 16);
        return ((ntp >>> 32) - NTP_EPOCH_OFFSET_S) * 1_000_000L + ((ntp & 0xFFFF_FFFFL) * 1_000_000L >>> 32);
    }
}
