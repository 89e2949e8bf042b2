// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.util.List;
import java.util.UUID;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/**
 * Cuts a range of footage into parts that players fetch, byte ranges of the recorded files.
 *
 * <p>The range is widened to whole fragments so that every frame in it can be decoded: it begins at the
 * last key fragment that starts at or before {@code from} and ends with the last fragment that starts
 * before {@code to}. Cuts between parts stand at key frames, and where none comes for minutes at any fragment; a segment
 * without any (a source that refreshes its pictures bit by bit) is read from any fragment on. Segments are added in
 * ascending order. One thread.
 *
 * @param <E> what writing a part may throw
 */
final class RangeCut<E extends Exception> {
    /**
     * Parts are at least this long where key frames allow: few requests, still quick to seek. Just below four
     * seconds, because key frames of a camera come a little before or after their time.
     */
    static final long PART_US = 3_800_000;
    /** Longer than any camera goes without a key frame. */
    static final long PART_US_MAX = 300_000_000;
    /** A hole shorter than this is the rounding of times between two files. */
    static final long HOLE_US = 200_000;
    /** A day at one key frame a second; keeps a playlist below about 10 MB. */
    static final int PARTS_MAX = 86_400;

    /** Who writes the parts down. */
    interface Parts<E extends Exception> {
        /**
         * A stretch of parts of one segment begins.
         *
         * @param head its first fragment
         * @param broken whether it does not go on where the one before ended
         * @param newFormat whether its initialisation segment is another one, or the first
         */
        void begin(Segment segment, FragmentEntry head, boolean broken, boolean newFormat) throws E;

        /** One part: fragments that lie side by side. */
        void part(Segment segment, List<FragmentEntry> fragments) throws E;
    }

    private final long fromUs;
    private final long toUs;
    private final Parts<E> parts;
    private int partCount;
    private UUID runId;
    private String initId;
    private long endUs;

    RangeCut(long fromUs, long toUs, Parts<E> parts) {
        this.fromUs = fromUs;
        this.toUs = toUs;
        this.parts = parts;
    }

    /** {@return number of parts so far} */
    int partCount() {
        return partCount;
    }

    /**
     * Adds what of a segment lies in the range.
     *
     * @param index its fragments in file order
     * @return false when there are too many parts
     */
    boolean add(Segment segment, List<FragmentEntry> index) throws E {
        int first = first(index);
        int end = end(index);
        if (first >= end) {
            return true;
        }
        boolean begun = false;
        while (first < end) {
            int next = cut(index, first, end);
            if (partCount == PARTS_MAX) {
                return false;
            }
            if (!begun) {
                begin(segment, index.get(first));
                begun = true;
            }
            parts.part(segment, index.subList(first, next));
            partCount++;
            FragmentEntry tail = index.get(next - 1);
            endUs = tail.startUs() + tail.durationUs();
            begun = next < end && goesOn(index, next);
            first = begun ? next : key(index, next, end);
        }
        return true;
    }

    private void begin(Segment segment, FragmentEntry head) throws E {
        boolean newFormat = !segment.initId().equals(initId);
        boolean broken = runId != null
                && (newFormat || !segment.runId().equals(runId) || Math.abs(head.startUs() - endUs) >= HOLE_US);
        parts.begin(segment, head, broken, newFormat);
        runId = segment.runId();
        initId = segment.initId();
    }

    /** Whether a fragment follows the one before it, in the file and in time; damage may lie between. */
    private static boolean goesOn(List<FragmentEntry> index, int i) {
        FragmentEntry before = index.get(i - 1);
        FragmentEntry fragment = index.get(i);
        return fragment.offset() == before.offset() + before.length()
                && fragment.startUs() - before.startUs() - before.durationUs() < HOLE_US;
    }

    /** {@return the next key fragment, if there are any: behind what is damaged nothing else can be decoded} */
    private static int key(List<FragmentEntry> index, int from, int end) {
        int next = from;
        boolean wanted = hasKey(index);
        while (wanted && next < end && !index.get(next).key()) {
            next++;
        }
        return next;
    }

    private static boolean hasKey(List<FragmentEntry> index) {
        return index.stream().anyMatch(FragmentEntry::key);
    }

    /** The last key fragment at or before the range, else the first key fragment; of a segment without any, any. */
    private int first(List<FragmentEntry> index) {
        if (!hasKey(index)) {
            return wholeBefore(index, 0) ? index.size() : reaching(index);
        }
        int first = index.size();
        for (int i = 0; i < index.size(); i++) {
            FragmentEntry fragment = index.get(i);
            if (fragment.key()) {
                if (fragment.startUs() > fromUs && first < index.size()) {
                    break;
                }
                first = i;
                if (fragment.startUs() > fromUs) {
                    break;
                }
            }
        }
        return wholeBefore(index, first) ? index.size() : first;
    }

    /** {@return the first fragment that reaches into the range} */
    private int reaching(List<FragmentEntry> index) {
        int first = 0;
        while (index.get(first).startUs() + index.get(first).durationUs() <= fromUs) {
            first++;
        }
        return first;
    }

    /** Whether nothing from here on reaches into the range: the segment only touches it in its index. */
    private boolean wholeBefore(List<FragmentEntry> index, int first) {
        if (first == index.size()) {
            return true;
        }
        FragmentEntry last = index.get(index.size() - 1);
        return last.startUs() + last.durationUs() <= fromUs;
    }

    private int end(List<FragmentEntry> index) {
        int end = index.size();
        while (end > 0 && index.get(end - 1).startUs() >= toUs) {
            end--;
        }
        return end;
    }

    /** {@return where the part that begins at {@code first} ends: at a key fragment, late enough, or before damage} */
    /** {@return whether fragments that lie side by side are more than one part} */
    static boolean wouldCut(List<FragmentEntry> index, int first, int end) {
        return cut(index, first, end) < end;
    }

    private static int cut(List<FragmentEntry> index, int first, int end) {
        long startUs = index.get(first).startUs();
        int next = first + 1;
        while (next < end
                && goesOn(index, next)
                && index.get(next).startUs() - startUs < (index.get(next).key() ? PART_US : PART_US_MAX)) {
            next++;
        }
        return next;
    }
}
