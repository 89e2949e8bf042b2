// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;
import org.nxvms.media.kit.nal.HevcParameterSets;

/** H.265 over RTP (RFC 7798) without decoding order numbers: single NAL units, aggregation packets and fragments. */
public final class H265Depacketizer extends NalDepacketizer {
    private static final int VCL_MAX = 31;
    private static final int IRAP_MIN = 16;
    private static final int IRAP_MAX = 21;
    private static final int VPS = 32;
    private static final int PPS = 34;
    private static final int AUD = 35;
    private static final int FILLER = 38;
    private static final int AP = 48;
    private static final int FU = 49;

    /**
     * @param sets holds what the session description announced; filled further from the stream
     * @param waitForKey drop pictures after a loss until the next key frame
     */
    public H265Depacketizer(AccessUnitSink sink, HevcParameterSets sets, boolean waitForKey) {
        super(sink, sets, waitForKey);
    }

    @Override
    void payload(ByteBuffer in, int offset, int length, boolean afterGap) {
        int type = type(in, offset);
        if (type == AP && length > 2) {
            aggregate(in, offset + 2, length - 2, afterGap);
        } else if (type == FU && length > 3) {
            int flags = in.get(offset + 2);
            int header = in.getShort(offset) & 0x81FF | (flags & 0x3F) << 9;
            fragment(in, offset + 3, length - 3, header, flags, afterGap);
        } else if (type < AP) {
            nal(in, offset, length, afterGap);
        } else {
            damage();
        }
    }

    @Override
    int type(ByteBuffer in, int offset) {
        return in.get(offset) >> 1 & 0x3F;
    }

    @Override
    int headerBytes() {
        return 2;
    }

    @Override
    boolean isPicture(int type) {
        return type <= VCL_MAX;
    }

    /** IDR, and CRA and BLA: what cannot be decoded in front of them is not shown (ITU-T H.265 8.1.3). */
    @Override
    boolean isKey(int type) {
        return type >= IRAP_MIN && type <= IRAP_MAX;
    }

    @Override
    boolean isParameterSet(int type) {
        return type >= VPS && type <= PPS;
    }

    @Override
    boolean isNoise(int type) {
        return type == AUD || type == FILLER;
    }
}
