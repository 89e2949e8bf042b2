// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;
import org.nxvms.media.kit.nal.HevcParameterSets;
import org.nxvms.media.kit.nal.StartCodes;

/**
 * H.265 over RTP (RFC 7798) without decoding order numbers: single NAL units, aggregation packets, fragments, and PACI packets
 * without their extensions.
 */
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
    private static final int PACI = 50;

    /**
     * @param sets holds what the session description announced; filled further from the stream
     * @param waitForKey drop pictures after a loss until the next key frame
     */
    public H265Depacketizer(AccessUnitSink sink, HevcParameterSets sets, boolean waitForKey) {
        super(sink, sets, waitForKey);
    }

    @Override
    void payload(ByteBuffer in, int offset, int length, boolean afterGap) {
        if (length < 2) {
            damage();
        } else {
            payload(in.getShort(offset) & 0xFFFF, in, offset + 2, length - 2, afterGap);
        }
    }

    /**
     * @param header the payload header
     * @param offset of what follows it
     */
    private void payload(int header, ByteBuffer in, int offset, int length, boolean afterGap) {
        int type = header >> 9 & 0x3F;
        if (type == AP && length > 0) {
            aggregate(in, offset, length, afterGap);
        } else if (type == FU && length > 1) {
            int flags = in.get(offset);
            fragment(in, offset + 1, length - 1, header & 0x81FF | (flags & 0x3F) << 9, flags, afterGap);
        } else if (type == PACI && length > 2) {
            paci(header, in, offset, length, afterGap);
        } else if (header == 0 && length > 1 && StartCodes.at(in, offset - 2, length + 2)) {
            byteStream(in, offset - 2, length + 2, afterGap);
        } else if (type < AP) {
            nal(in, offset - 2, length + 2, afterGap);
        } else {
            damage();
        }
    }

    /** What PACI wraps (RFC 7798 4.4.4), without its extensions. */
    private void paci(int header, ByteBuffer in, int offset, int length, boolean afterGap) {
        int fields = in.getShort(offset) & 0xFFFF;
        int type = fields >> 9 & 0x3F;
        int extension = 2 + (fields >> 4 & 0x1F);
        if (extension >= length || type == PACI) {
            damage();
            return;
        }
        int inner = fields & 0x8000 | type << 9 | header & 0x1FF;
        if (type < AP) {
            // A whole NAL unit whose header stands elsewhere: one fragment, first and last.
            fragment(in, offset + extension, length - extension, inner, 0xC0 | type, afterGap);
        } else {
            payload(inner, in, offset + extension, length - extension, afterGap);
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
