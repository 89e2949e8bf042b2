// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.util.List;
import org.nxvms.export.cut.Group;
import org.nxvms.media.StreamFormat;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.export.ExportOrder;

/** Where an exact cut goes through fragments. */
final class CutLine {
    /** Pictures that are shown in another order than that of their decoding are no further apart. */
    static final long REORDER_US_MAX = 500_000;

    private CutLine() {}

    /**
     * {@return how many fragments belong to the group that begins here and is cut by the beginning or the end of the range; 0 when it
     * is not cut, or that does not matter to the first of them}
     *
     * @param left fragments of a segment; the first begins before the range ends
     */
    static int group(List<FragmentEntry> left, StreamFormat format, ExportOrder order) {
        FragmentEntry first = left.get(0);
        boolean reorders = Group.mayReorder(format);
        long lastUs = order.toUs() + (reorders ? REORDER_US_MAX : 0);
        int count = 1;
        if (format.video().isPresent()) {
            while (count < left.size()
                    && !left.get(count).key()
                    && left.get(count).startUs() < lastUs) {
                count++;
            }
        }
        if (first.startUs() < order.fromUs()) {
            return count;
        }
        FragmentEntry last = left.get(count - 1);
        boolean ends = last.startUs() + last.durationUs() > order.toUs()
                || reorders && last.startUs() + last.durationUs() > order.toUs() - REORDER_US_MAX;
        // In the order of decoding nothing before the fragment in which the range ends depends on it.
        boolean matters = reorders && first.key() || first.startUs() + first.durationUs() > order.toUs();
        return ends && matters ? count : 0;
    }
}
