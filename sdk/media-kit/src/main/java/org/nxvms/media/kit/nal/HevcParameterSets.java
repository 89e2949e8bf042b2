// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.nio.ByteBuffer;
import org.nxvms.media.TrackFormat;

/**
 * The H.265 parameter sets of one stream as they are announced and repeated. A changed sequence parameter set makes those
 * that depend on it void. Offering a set that is already known allocates nothing. One thread at a time.
 */
public final class HevcParameterSets implements ParameterSets {
    private static final int VPS = 32;
    private static final int SPS = 33;
    private static final int PPS = 34;
    private static final int IRAP_MIN = 16;
    private static final int IRAP_MAX = 23;
    private static final int HEADER_BYTES = 2;

    private final SetTable vps = new SetTable(16);
    private final SetTable sps = new SetTable(16);
    private final SetTable pps = new SetTable(64);
    private final Golomb golomb = new Golomb();
    /** Id of the sequence parameter set the pictures use, -1 until they told. */
    private int active = -1;

    @Override
    public boolean offer(ByteBuffer in, int offset, int length) {
        if (length < 4 || length > HevcSps.LENGTH_MAX) {
            return false;
        }
        return switch (in.get(offset) >> 1 & 0x3F) {
            case VPS -> offerVps(in, offset, length);
            case SPS -> offerSps(in, offset, length);
            case PPS -> offerPps(in, offset, length);
            default -> false;
        };
    }

    private boolean offerVps(ByteBuffer in, int offset, int length) {
        int id = in.get(offset + HEADER_BYTES) >> 4 & 0xF;
        return !vps.knows(id, in, offset, length) && vps.put(id, SetTable.copy(in, offset, length), -1);
    }

    private boolean offerSps(ByteBuffer in, int offset, int length) {
        // Its id stands behind the profile; the few there are, are compared with all that are known.
        for (int id = sps.first(); sps.isId(id); id++) {
            if (sps.knows(id, in, offset, length)) {
                return false;
            }
        }
        byte[] copy = SetTable.copy(in, offset, length);
        HevcSps parsed;
        try {
            parsed = HevcSps.parse(copy);
        } catch (NalException damaged) {
            // A torn packet must not become a new format.
            return false;
        }
        pps.removeChildrenOf(parsed.id());
        return sps.put(parsed.id(), copy, parsed.vpsId());
    }

    private boolean offerPps(ByteBuffer in, int offset, int length) {
        int id = golomb.at(in, offset + HEADER_BYTES, length - HEADER_BYTES).next();
        int spsId = golomb.next();
        return pps.isId(id)
                && spsId >= 0
                && !pps.knows(id, in, offset, length)
                && pps.put(id, SetTable.copy(in, offset, length), spsId);
    }

    @Override
    public boolean activate(int type, ByteBuffer in, int offset, int length) {
        // first_slice_segment_in_pic_flag, no_output_of_prior_pics_flag, slice_pic_parameter_set_id (H.265 7.3.6.1)
        int id = golomb.at(in, offset, length)
                .skip(type >= IRAP_MIN && type <= IRAP_MAX ? 2 : 1)
                .next();
        if (!pps.has(id) || !sps.has(pps.parent(id)) || leading() == pps.parent(id)) {
            return false;
        }
        active = pps.parent(id);
        return true;
    }

    private int leading() {
        return sps.has(active) ? active : sps.first();
    }

    @Override
    public boolean complete() {
        return !vps.isEmpty() && !sps.isEmpty() && !pps.isEmpty();
    }

    @Override
    public TrackFormat format() throws NalException {
        if (!complete()) {
            throw new NalException("no VPS, SPS and PPS yet");
        }
        int leading = leading();
        return TrackFormats.h265(new HevcConfig(vps.all(sps.parent(leading)), sps.all(leading), pps.all(-1)));
    }
}
