// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.nio.ByteBuffer;

/**
 * What goes along with each packet of footage (ONVIF Streaming 6.3, an extension of RFC 3550 5.3.1): when its access unit was
 * taken, and whether decoding can start there, footage is missing before or ends behind. One thread.
 */
final class ReplayExtension {
    private static final int PROFILE = 0xABAC;
    private static final int WORDS = 3;
    private static final long NTP_EPOCH_OFFSET_S = 2_208_988_800L;
    private static final int CLEAN_POINT = 0x80;
    private static final int END_OF_SECTION = 0x40;
    private static final int DISCONTINUITY = 0x20;

    private long ntp;
    private int flags;
    private int cseq;
    private long run = -1;

    /** @param newCseq of the PLAY request, of which the low byte is told */
    void begin(int newCseq) {
        cseq = newCseq;
        run = -1;
    }

    void of(Unit unit) {
        long seconds = Math.floorDiv(unit.wallUs, 1_000_000L) + NTP_EPOCH_OFFSET_S;
        long fraction = (Math.floorMod(unit.wallUs, 1_000_000L) << 32) / 1_000_000L;
        // Rounded up, so that whoever cuts it off has the same microsecond.
        ntp = seconds << 32 | Math.min(fraction + 1, 0xFFFF_FFFFL);
        flags = (unit.key ? CLEAN_POINT : 0) | (unit.last ? END_OF_SECTION : 0) | (unit.run == run ? 0 : DISCONTINUITY);
        run = unit.run;
    }

    /** @param moreWords of what follows within the extension */
    void put(ByteBuffer packet, int moreWords) {
        packet.putShort((short) PROFILE).putShort((short) (WORDS + moreWords));
        packet.putLong(ntp).put((byte) flags).put((byte) cseq).putShort((short) 0);
    }
}
