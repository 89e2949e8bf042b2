// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.nxvms.export.pack.Manifest.GapItem;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.TimeSpans;
import org.nxvms.rest.kit.problem.Times;

/** Explains what of a range is no footage in a package. */
final class CameraGaps {
    /** Shorter holes are the rounding of times. */
    private static final long UNEXPLAINED_US = 1_000_000L;

    private static final String UNEXPLAINED = "unexplained";

    private CameraGaps() {}

    /** A hole with its reason. */
    record Reason(long fromUs, long toUs, String cause, String detail) {
        static Reason of(Gap gap) {
            return new Reason(
                    gap.fromUs(),
                    gap.toUs().orElse(Long.MAX_VALUE),
                    gap.cause().name().toLowerCase(Locale.ROOT),
                    gap.detail());
        }
    }

    /**
     * {@return the holes of a range between stretches of footage, each with a reason} Where several reasons say something of
     * one moment, the one that began first counts.
     */
    static List<GapItem> of(TimeSpans footage, long fromUs, long toUs, List<Reason> reasons) {
        List<Reason> sorted = reasons.stream()
                .sorted(Comparator.comparingLong(Reason::fromUs))
                .toList();
        List<GapItem> items = new ArrayList<>();
        long at = fromUs;
        for (int i = 0; i <= footage.count(); i++) {
            long end = i == footage.count() ? toUs : Math.min(toUs, footage.fromUs(i));
            explain(at, end, sorted, items);
            at = i == footage.count() ? toUs : Math.max(at, footage.toUs(i));
        }
        return items;
    }

    private static void explain(long fromUs, long toUs, List<Reason> reasons, List<GapItem> items) {
        long at = fromUs;
        for (Reason reason : reasons) {
            long begin = Math.max(at, reason.fromUs());
            long end = Math.min(toUs, reason.toUs());
            if (end <= begin) {
                continue;
            }
            unexplained(at, begin, items);
            items.add(item(begin, end, reason.cause(), reason.detail()));
            at = end;
        }
        unexplained(at, toUs, items);
    }

    private static void unexplained(long fromUs, long toUs, List<GapItem> items) {
        if (toUs - fromUs >= UNEXPLAINED_US) {
            items.add(item(fromUs, toUs, UNEXPLAINED, ""));
        }
    }

    private static GapItem item(long fromUs, long toUs, String cause, String detail) {
        return new GapItem(Times.instant(fromUs), Times.instant(toUs), cause, detail);
    }
}
