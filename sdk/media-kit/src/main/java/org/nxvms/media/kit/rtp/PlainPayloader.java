// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The access unit itself: Opus (RFC 7587), and G.711 and G.726 (RFC 3551 4.5), of which long ones are cut between samples.
 */
final class PlainPayloader implements Payloader {
    /** Whole samples whatever their size: a multiple of 2, 3, 4 and 5, for two channels too. */
    private static final int CUT_BYTES = 1200;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final int tickBits;
    private long leftOut;

    /** @param tickBits bits that make one tick; 0 when nothing may be cut */
    PlainPayloader(int tickBits) {
        this.tickBits = tickBits;
    }

    @Override
    public void cut(ByteBuffer unit, boolean key, Sink sink) throws IOException {
        int length = unit.remaining();
        if (tickBits == 0) {
            if (length == 0 || length > PAYLOAD_BYTES_MAX) {
                leftOut++;
                return;
            }
            NalPayloader.put(sink.begin(NOTHING), unit, unit.position(), length);
            sink.end(false, 0);
            return;
        }
        for (int from = 0; from < length; from += CUT_BYTES) {
            NalPayloader.put(sink.begin(NOTHING), unit, unit.position() + from, Math.min(CUT_BYTES, length - from));
            sink.end(false, (int) (from * 8L / tickBits));
        }
    }

    @Override
    public long leftOut() {
        return leftOut;
    }
}
