// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;

/**
 * How much moved when, as far as it is known.
 *
 * @param heights of each bucket, 0..255; -1 where nobody has looked, or there is no footage
 * @param complete whether that is all there is to know at the moment
 */
public record MotionHeights(UUID camera, int[] heights, boolean complete) {
    static final int UNKNOWN = -1;

    static MotionHeights of(
            Archive archive, MotionReader reader, UUID camera, Mask mask, long fromUs, long toUs, long bucketUs) {
        Cells seen = Cells.of(List.of(), mask);
        int[] heights = new int[(int) ((toUs - fromUs + bucketUs - 1) / bucketUs)];
        Arrays.fill(heights, UNKNOWN);
        boolean complete = true;
        for (Segment segment : Pieces.of(archive, camera, fromUs, toUs)) {
            SegmentMotion known = reader.known(segment.id());
            // Of one that grows, what came since the last look is new each time.
            complete &= known.isWhole() || segment.open() && known.keys() > 0 || reader.isUnreadable(segment.id());
            tell(known, mask, seen, (stepFromUs, stepToUs, height) -> {
                if (stepToUs > fromUs && stepFromUs < toUs) {
                    int first = (int) ((Math.max(stepFromUs, fromUs) - fromUs) / bucketUs);
                    int last = (int) ((Math.min(stepToUs, toUs) - 1 - fromUs) / bucketUs);
                    for (int i = first; i <= last; i++) {
                        heights[i] = Math.max(heights[i], height);
                    }
                }
            });
        }
        return new MotionHeights(camera, heights, complete);
    }

    /** Without a mask nothing need be inflated. */
    private static void tell(SegmentMotion known, Mask mask, Cells seen, SegmentMotion.Heights told) {
        if (mask.isEmpty()) {
            known.heights(told);
        } else {
            known.heights(seen, told);
        }
    }
}
