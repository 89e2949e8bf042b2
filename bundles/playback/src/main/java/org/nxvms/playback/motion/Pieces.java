// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;

/**
 * In which segments of a camera a range is looked for motion: those of the sub stream, whose pictures are decoded four times as
 * fast, and where there are none those of the main stream.
 */
final class Pieces {
    /** Segments asked for at once, of one stream. */
    private static final int SEGMENTS_MAX = 10_000;
    /** What the sub stream may lack of a segment of the main stream that is left out: they do not begin together. */
    private static final long LACK_US_MAX = 3_000_000;

    private Pieces() {}

    /** {@return them by their beginning} */
    static List<Segment> of(Archive archive, UUID camera, long fromUs, long toUs) {
        List<Segment> pieces =
                new ArrayList<>(archive.segments(new StreamId(camera, StreamRole.SUB), fromUs, toUs, SEGMENTS_MAX));
        TimeSpans covered = new TimeSpans();
        for (Segment segment : pieces) {
            covered.add(segment.startUs(), segment.endUs(), TimeSpans.JOIN_US);
        }
        for (Segment segment : archive.segments(StreamId.main(camera), fromUs, toUs, SEGMENTS_MAX)) {
            long begin = Math.max(fromUs, segment.startUs());
            long end = Math.min(toUs, segment.endUs());
            TimeSpans there = new TimeSpans();
            there.addAll(covered, begin, end, 0);
            if (end - begin - there.totalUs() > LACK_US_MAX) {
                pieces.add(segment);
            }
        }
        pieces.sort(Comparator.comparingLong(Segment::startUs));
        return pieces;
    }

    /** {@return the footage of a camera in a range, of whichever stream} */
    static TimeSpans footage(Archive archive, UUID camera, long fromUs, long toUs) {
        StreamId main = StreamId.main(camera);
        StreamId sub = new StreamId(camera, StreamRole.SUB);
        var found = archive.footage(List.of(main, sub), fromUs, toUs);
        List<long[]> all = new ArrayList<>();
        for (TimeSpans spans : found.values()) {
            for (int i = 0; i < spans.count(); i++) {
                all.add(new long[] {spans.fromUs(i), spans.toUs(i)});
            }
        }
        all.sort(Comparator.comparingLong(span -> span[0]));
        TimeSpans footage = new TimeSpans();
        all.forEach(span -> footage.add(span[0], span[1], TimeSpans.JOIN_US));
        return footage;
    }
}
