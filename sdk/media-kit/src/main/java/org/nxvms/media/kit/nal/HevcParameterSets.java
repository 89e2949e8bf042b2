// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.media.TrackFormat;

/**
 * The H.265 parameter sets of one stream. Sets are told apart by their content: a stream has one of each kind, seldom more
 * picture parameter sets; a new video or sequence parameter set replaces the old ones with what depends on them.
 */
public final class HevcParameterSets implements ParameterSets {
    private static final int VPS = 32;
    private static final int SPS = 33;
    private static final int PPS = 34;
    private static final int PPS_MAX = 8;

    private byte[] vps = new byte[0];
    private byte[] sps = new byte[0];
    private final List<byte[]> pps = new ArrayList<>();

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
        if (same(vps, in, offset, length)) {
            return false;
        }
        vps = copy(in, offset, length);
        return true;
    }

    private boolean offerSps(ByteBuffer in, int offset, int length) {
        if (same(sps, in, offset, length)) {
            return false;
        }
        byte[] copy = copy(in, offset, length);
        try {
            HevcSps.parse(copy);
        } catch (NalException damaged) {
            // A torn packet must not become a new format.
            return false;
        }
        sps = copy;
        pps.clear();
        return true;
    }

    private boolean offerPps(ByteBuffer in, int offset, int length) {
        for (int i = 0; i < pps.size(); i++) {
            if (same(pps.get(i), in, offset, length)) {
                return false;
            }
        }
        if (pps.size() == PPS_MAX) {
            pps.clear();
        }
        pps.add(copy(in, offset, length));
        return true;
    }

    @Override
    public boolean complete() {
        return vps.length > 0 && sps.length > 0 && !pps.isEmpty();
    }

    @Override
    public TrackFormat format() throws NalException {
        if (!complete()) {
            throw new NalException("no VPS, SPS and PPS yet");
        }
        return TrackFormats.h265(new HevcConfig(List.of(vps), List.of(sps), pps));
    }

    private static boolean same(byte[] known, ByteBuffer in, int offset, int length) {
        if (known.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known[i] != in.get(offset + i)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] copy(ByteBuffer in, int offset, int length) {
        byte[] copy = new byte[length];
        in.get(offset, copy, 0, length);
        return copy;
    }
}
