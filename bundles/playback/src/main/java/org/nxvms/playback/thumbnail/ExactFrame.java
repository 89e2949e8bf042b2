// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import java.util.List;
import java.util.UUID;

/**
 * The picture that is shown at an instant, and what it is decoded from.
 *
 * @param takenUs when it was taken
 * @param wanted its time of presentation
 * @param units from the key frame before it up to itself, in the order of their decoding
 * @param settled whether it stays the picture of the instant: its segment does not grow any more
 */
public record ExactFrame(
        UUID segmentId, String initId, int track, long takenUs, long wanted, List<Unit> units, boolean settled) {
    /** An access unit of the segment and its time of presentation. */
    public record Unit(long offset, int size, long time) {}

    public ExactFrame {
        units = List.copyOf(units);
    }

    /** {@return where it lies in its segment} */
    public long offset() {
        return units.get(units.size() - 1).offset();
    }
}
