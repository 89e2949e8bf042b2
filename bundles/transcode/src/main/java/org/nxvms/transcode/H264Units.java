// SPDX-License-Identifier: Apache-2.0
package org.nxvms.transcode;

import java.nio.ByteBuffer;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.StartCodes;

/**
 * The encoder's pictures as the hub has them: four-byte lengths for start codes, parameter sets in the format. Checks what it reads:
 * it comes from a process that may have been subverted. One thread at a time.
 */
final class H264Units {
    private static final int SPS = 7;
    private static final int PPS = 8;
    private static final int DELIMITER = 9;

    private final AvcParameterSets sets = new AvcParameterSets();
    private boolean changed;

    /**
     * Appends a picture to the access unit that {@code out} has begun.
     *
     * @return whether there was one, and it fitted
     */
    boolean take(ByteBuffer packet, StreamWriter out) {
        int end = packet.limit();
        int at = StartCodes.next(packet, packet.position(), end) + StartCodes.BYTES;
        boolean picture = false;
        boolean fits = true;
        while (fits && at < end) {
            int unitEnd = StartCodes.unitEnd(packet, at, end);
            if (unitEnd > at) {
                int type = packet.get(at) & 0x1F;
                if (type == SPS || type == PPS) {
                    changed |= sets.offer(packet, at, unitEnd - at);
                } else if (type != DELIMITER) {
                    picture |= type >= 1 && type <= 5;
                    packet.limit(unitEnd).position(at);
                    fits = out.appendInt(unitEnd - at) && out.append(packet);
                    packet.limit(end);
                }
            }
            at = StartCodes.next(packet, unitEnd, end) + StartCodes.BYTES;
        }
        return picture && fits;
    }

    /** {@return whether the format is not what it was when this was asked last} */
    boolean formatChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    TrackFormat format() throws NalException {
        return sets.format();
    }
}
