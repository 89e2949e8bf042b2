// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.TrackFormat;

/**
 * The H.264 parameter sets of one stream as they are announced and repeated. Offering a set that is already known
 * allocates nothing, so it may be asked for every packet. One thread at a time.
 */
public final class AvcParameterSets implements ParameterSets {
    private final byte[][] sps = new byte[32][];
    private final byte[][] pps = new byte[256][];
    private int spsCount;
    private int ppsCount;

    @Override
    public boolean offer(ByteBuffer in, int offset, int length) {
        if (length < 2 || length > H264Sps.LENGTH_MAX) {
            return false;
        }
        int type = in.get(offset) & 0x1F;
        if (type == 7 && length >= 5) {
            int id = firstGolomb(in, offset + 4, length - 4);
            return id >= 0 && id < sps.length && replaceSps(id, in, offset, length);
        }
        if (type == 8) {
            int id = firstGolomb(in, offset + 1, length - 1);
            return id >= 0 && id < pps.length && replacePps(id, in, offset, length);
        }
        return false;
    }

    @Override
    public boolean complete() {
        return spsCount > 0 && ppsCount > 0;
    }

    /** The present configuration, once at least one SPS and one PPS are known. */
    public Optional<AvcConfig> config() {
        return complete() ? Optional.of(new AvcConfig(present(sps), present(pps))) : Optional.empty();
    }

    @Override
    public TrackFormat format() throws NalException {
        return TrackFormats.h264(config().orElseThrow(() -> new NalException("no SPS and PPS yet")));
    }

    private boolean replaceSps(int id, ByteBuffer in, int offset, int length) {
        if (same(sps[id], in, offset, length)) {
            return false;
        }
        byte[] copy = copy(in, offset, length);
        try {
            H264Sps.parse(copy);
        } catch (NalException damaged) {
            // A torn packet must not become a new format.
            return false;
        }
        if (sps[id] == null && spsCount == AvcConfig.SETS_MAX) {
            return false;
        }
        spsCount += sps[id] == null ? 1 : 0;
        sps[id] = copy;
        return true;
    }

    private boolean replacePps(int id, ByteBuffer in, int offset, int length) {
        if (same(pps[id], in, offset, length) || pps[id] == null && ppsCount == AvcConfig.SETS_MAX) {
            return false;
        }
        ppsCount += pps[id] == null ? 1 : 0;
        pps[id] = copy(in, offset, length);
        return true;
    }

    /** First ue(v) of the payload; ids are small, so emulation prevention cannot occur within it. */
    private static int firstGolomb(ByteBuffer in, int offset, int length) {
        int bits = Math.min(length, 4) * 8;
        int zeros = 0;
        while (zeros < bits && bit(in, offset, zeros) == 0) {
            zeros++;
        }
        if (2 * zeros + 1 > bits) {
            return -1;
        }
        int value = 1;
        for (int i = zeros + 1; i <= 2 * zeros; i++) {
            value = value << 1 | bit(in, offset, i);
        }
        return value - 1;
    }

    private static int bit(ByteBuffer in, int offset, int index) {
        return in.get(offset + (index >> 3)) >> (7 - (index & 7)) & 1;
    }

    private static boolean same(byte[] known, ByteBuffer in, int offset, int length) {
        if (known == null || known.length != length) {
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

    private static List<byte[]> present(byte[][] sets) {
        List<byte[]> list = new ArrayList<>();
        Arrays.stream(sets).filter(set -> set != null).forEach(list::add);
        return list;
    }
}
