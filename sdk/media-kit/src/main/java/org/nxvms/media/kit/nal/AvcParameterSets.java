// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.media.TrackFormat;

/**
 * The H.264 parameter sets of one stream as they are announced and repeated. Offering a set that is already known
 * allocates nothing, so it may be asked for every packet. One thread at a time.
 */
public final class AvcParameterSets implements ParameterSets {
    private static final int SPS = 7;
    private static final int PPS = 8;

    private final SetTable sps = new SetTable(32);
    private final SetTable pps = new SetTable(256);
    private final Golomb golomb = new Golomb();
    /** Id of the sequence parameter set the pictures use, -1 until they told. */
    private int active = -1;

    @Override
    public boolean offer(ByteBuffer in, int offset, int length) {
        if (length < 2 || length > H264Sps.LENGTH_MAX) {
            return false;
        }
        int type = in.get(offset) & 0x1F;
        if (type == SPS && length >= 5) {
            return offerSps(golomb.at(in, offset + 4, length - 4).next(), in, offset, length);
        }
        if (type == PPS) {
            int id = golomb.at(in, offset + 1, length - 1).next();
            return offerPps(id, golomb.next(), in, offset, length);
        }
        return false;
    }

    private boolean offerSps(int id, ByteBuffer in, int offset, int length) {
        if (!sps.isId(id) || sps.knows(id, in, offset, length)) {
            return false;
        }
        byte[] copy = SetTable.copy(in, offset, length);
        try {
            H264Sps.parse(copy);
        } catch (NalException damaged) {
            // A torn packet must not become a new format.
            return false;
        }
        return sps.put(id, copy, -1);
    }

    private boolean offerPps(int id, int spsId, ByteBuffer in, int offset, int length) {
        return pps.isId(id)
                && spsId >= 0
                && !pps.knows(id, in, offset, length)
                && pps.put(id, SetTable.copy(in, offset, length), spsId);
    }

    @Override
    public boolean activate(int type, ByteBuffer in, int offset, int length) {
        // first_mb_in_slice, slice_type, pic_parameter_set_id (H.264 7.3.3)
        golomb.at(in, offset, length).next();
        golomb.next();
        int id = golomb.next();
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
        return !sps.isEmpty() && !pps.isEmpty();
    }

    /** The present configuration, once at least one SPS and one PPS are known; the SPS in use stands first. */
    public Optional<AvcConfig> config() {
        return complete() ? Optional.of(new AvcConfig(sps.all(leading()), pps.all(-1))) : Optional.empty();
    }

    @Override
    public TrackFormat format() throws NalException {
        return TrackFormats.h264(config().orElseThrow(() -> new NalException("no SPS and PPS yet")));
    }
}
