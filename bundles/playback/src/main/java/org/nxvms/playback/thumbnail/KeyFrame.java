// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import java.util.UUID;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/**
 * Where a key frame lies.
 *
 * @param startUs when it was taken
 * @param offset of its fragment in the segment
 * @param length of its fragment
 * @param settled whether it stays the nearest to the moment asked for: its segment does not grow any more
 */
public record KeyFrame(UUID segmentId, String initId, long startUs, long offset, int length, boolean settled) {
    static KeyFrame of(Segment segment, FragmentEntry fragment) {
        return new KeyFrame(
                segment.id(),
                segment.initId(),
                fragment.startUs(),
                fragment.offset(),
                fragment.length(),
                !segment.open());
    }
}
