// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.StartCodes;

/**
 * H.264 over RTP (RFC 6184) in packetization modes 0 and 1: single NAL units, STAP-A and FU-A. Interleaved packets (STAP-B, MTAP,
 * FU-B) are dropped with their pictures.
 */
public final class H264Depacketizer extends NalDepacketizer {
    private static final int IDR = 5;
    private static final int SPS = 7;
    private static final int PPS = 8;
    private static final int AUD = 9;
    private static final int FILLER = 12;
    private static final int STAP_A = 24;
    private static final int FU_A = 28;
    private static final int FU_B = 29;

    /**
     * @param sets holds what the session description announced; filled further from the stream
     * @param waitForKey drop pictures after a loss until the next key frame
     */
    public H264Depacketizer(AccessUnitSink sink, AvcParameterSets sets, boolean waitForKey) {
        super(sink, sets, waitForKey);
    }

    @Override
    void payload(ByteBuffer in, int offset, int length, boolean afterGap) {
        int type = type(in, offset);
        if (type == STAP_A) {
            aggregate(in, offset + 1, length - 1, afterGap);
        } else if (type == FU_A && length < 3) {
            damage();
        } else if (type == FU_A) {
            int flags = in.get(offset + 1);
            int header = in.get(offset) & 0xE0 | flags & 0x1F;
            fragment(in, offset + 2, length - 2, header, flags, afterGap);
        } else if (type >= 1 && type <= 23) {
            nal(in, offset, length, afterGap);
        } else if (type == 0 && StartCodes.at(in, offset, length)) {
            byteStream(in, offset, length, afterGap);
        } else if (type > STAP_A && type <= FU_B) {
            note(PayloadQuirk.INTERLEAVED);
            damage();
        }
    }

    @Override
    int type(ByteBuffer in, int offset) {
        return in.get(offset) & 0x1F;
    }

    @Override
    int headerBytes() {
        return 1;
    }

    @Override
    boolean isPicture(int type) {
        return type >= 1 && type <= IDR;
    }

    @Override
    boolean isKey(int type) {
        return type == IDR;
    }

    @Override
    boolean isParameterSet(int type) {
        return type == SPS || type == PPS;
    }

    @Override
    boolean isNoise(int type) {
        return type == AUD || type == FILLER;
    }
}
