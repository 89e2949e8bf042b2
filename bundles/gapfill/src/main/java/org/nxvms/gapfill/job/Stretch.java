// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.PastFootage;
import org.nxvms.platform.api.archive.Segment;

/**
 * Time that is missing and was wanted, from footage to footage.
 *
 * @param before the footage that ends there; empty when there is none
 * @param behind the footage that begins there; empty when there is none
 */
record Stretch(long fromUs, long toUs, Optional<Segment> before, Optional<Segment> behind) {
    private static final int GAPS_MAX = 1_000;
    private static final int SEGMENTS_MAX = 10_000;
    /** Nobody says what is missing for less, at the edges of gaps and between them. */
    private static final long BESIDE_US = 2_000_000;
    /** Shorter is the distance of two pictures. */
    private static final long MIN_US = 200_000;

    long lengthUs() {
        return toUs - fromUs;
    }

    /**
     * {@return what is missing of a range, by time; each gap as a whole, with those that adjoin: an outage whose cause changed
     * is several}. Blocks for some look-ups.
     */
    static List<Stretch> missing(Archive archive, StreamId stream, long fromUs, long toUs) {
        List<Stretch> found = new ArrayList<>();
        Optional<Archive.TimeRange> joined = Optional.empty();
        for (Gap gap : fillable(archive, stream, fromUs, toUs)) {
            long endUs = gap.toUs().orElseThrow();
            if (joined.isPresent() && gap.fromUs() - joined.get().toUs() > MIN_US) {
                between(archive, stream, joined.get(), found);
                joined = Optional.empty();
            }
            long begin = joined.map(Archive.TimeRange::fromUs).orElse(gap.fromUs());
            long end = Math.max(endUs, joined.map(Archive.TimeRange::toUs).orElse(endUs));
            joined = Optional.of(new Archive.TimeRange(begin, end));
        }
        joined.ifPresent(last -> between(archive, stream, last, found));
        return found;
    }

    private static List<Gap> fillable(Archive archive, StreamId stream, long fromUs, long toUs) {
        List<Gap> found = over(archive, stream, fromUs, toUs);
        while (!found.isEmpty() && found.size() < GAPS_MAX) {
            long firstUs = found.get(0).fromUs();
            long lastUs = found.stream()
                    .mapToLong(gap -> gap.toUs().orElseThrow())
                    .max()
                    .orElseThrow();
            List<Gap> wider =
                    over(archive, stream, Math.min(fromUs, firstUs - MIN_US), Math.max(toUs, lastUs + MIN_US));
            if (wider.size() == found.size()) {
                break;
            }
            found = wider;
        }
        return found;
    }

    private static List<Gap> over(Archive archive, StreamId stream, long fromUs, long toUs) {
        return archive.gaps(stream, fromUs, toUs, GAPS_MAX).stream()
                .filter(gap -> gap.toUs().isPresent() && PastFootage.CAUSES.contains(gap.cause()))
                .sorted(Comparator.comparingLong(Gap::fromUs))
                .toList();
    }

    /** Some of it may have been filled already. */
    private static void between(Archive archive, StreamId stream, Archive.TimeRange gap, List<Stretch> into) {
        Optional<Segment> before = Optional.empty();
        long at = gap.fromUs();
        for (Segment segment :
                archive.segments(stream, gap.fromUs() - BESIDE_US, gap.toUs() + BESIDE_US, SEGMENTS_MAX)) {
            if (segment.startUs() - at >= MIN_US && at < gap.toUs()) {
                boolean touches = segment.startUs() - gap.toUs() <= BESIDE_US;
                into.add(new Stretch(
                        at,
                        touches ? segment.startUs() : gap.toUs(),
                        before,
                        touches ? Optional.of(segment) : Optional.empty()));
            }
            if (segment.endUs() >= at || gap.fromUs() - segment.endUs() <= BESIDE_US) {
                at = segment.endUs() >= gap.fromUs() ? Math.max(at, segment.endUs()) : segment.endUs();
                before = Optional.of(segment);
            }
        }
        if (gap.toUs() - at >= MIN_US) {
            into.add(new Stretch(at, gap.toUs(), before, Optional.empty()));
        }
    }
}
