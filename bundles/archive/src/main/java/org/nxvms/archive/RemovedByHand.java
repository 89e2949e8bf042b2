// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;

/** Whether a file that turns up was removed by a person elsewhere meanwhile: then it must not bring the footage back. */
final class RemovedByHand {
    /** Gaps of one stream within the time of one chunk. */
    private static final int GAPS_MAX = 1_000;

    private RemovedByHand() {}

    /** {@return whether the index tells so of the whole chunk; what a lock holds is another question} */
    static boolean is(Segment segment, ChunkIndex index) {
        return index.findGaps(segment.stream(), segment.startUs(), segment.endUs(), GAPS_MAX).stream()
                .anyMatch(gap -> gap.cause() == GapCause.DELETED_BY_USER
                        && gap.fromUs() <= segment.startUs()
                        && gap.toUs().orElse(Long.MAX_VALUE) >= segment.endUs());
    }
}
