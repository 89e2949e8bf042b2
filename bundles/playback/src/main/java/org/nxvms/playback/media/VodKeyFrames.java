// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/**
 * Writes the playlist of a range's key frames: HLS (RFC 8216bis 4.4.3.6), video on demand, each a file of its own ({@link
 * KeyFrameServlet}). Players that run at 8 to 64 times the speed read nothing else. As the range is cut by {@link RangeCut}; one
 * thread.
 */
final class VodKeyFrames implements RangeCut.Parts<RuntimeException> {
    private final RangeCut<RuntimeException> cut;
    private final long stepUs;
    private final boolean listens;
    private final StringBuilder entries = new StringBuilder();
    private int count;
    private long longestUs;
    /** What stands before the next entry. */
    private String head = "";
    /** The newest entry, whose duration is not known yet; empty when there is none. */
    private String newest = "";

    private String newestHead = "";
    private long newestUs;
    private long endUs;

    /**
     * @param stepUs entries are at least so far from each other
     * @param listens whether whoever asks may listen: key frames belong to what is played otherwise
     */
    VodKeyFrames(long fromUs, long toUs, long stepUs, boolean listens) {
        this.listens = listens;
        cut = new RangeCut<>(fromUs, toUs, this);
        this.stepUs = stepUs;
    }

    /** {@return number of key frames so far} */
    int count() {
        return count;
    }

    /** As {@link RangeCut#add}. */
    boolean add(Segment segment, List<FragmentEntry> index) {
        return cut.add(segment, index);
    }

    /** {@return the playlist; must not be called when there is no key frame} */
    String text() {
        if (count == 0) {
            throw new IllegalStateException("a playlist needs at least one key frame");
        }
        close(endUs);
        return "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:" + -Math.floorDiv(-longestUs, 1_000_000L)
                + "\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-I-FRAMES-ONLY\n#EXT-X-MEDIA-SEQUENCE:0\n" + entries
                + "#EXT-X-ENDLIST\n";
    }

    @Override
    public void begin(Segment segment, FragmentEntry first, boolean broken, boolean newFormat) {
        if (broken) {
            close(endUs);
            // Before the first key frame there is nothing to break with.
            head = count > 0 && head.isEmpty() ? "#EXT-X-DISCONTINUITY\n" : head;
        }
        if (newFormat) {
            head += HlsTracks.map(segment, listens);
        }
    }

    @Override
    public void part(Segment segment, List<FragmentEntry> fragments) {
        for (FragmentEntry fragment : fragments) {
            if (fragment.key() && (newest.isEmpty() || fragment.startUs() - newestUs >= stepUs)) {
                close(fragment.startUs());
                newest = "../../keyframes/" + segment.id() + "/" + fragment.offset() + ".m4s\n";
                newestUs = fragment.startUs();
                newestHead = head;
                head = "";
                count++;
            }
            endUs = fragment.startUs() + fragment.durationUs();
        }
    }

    /** The newest entry lasts until then. */
    private void close(long untilUs) {
        if (newest.isEmpty()) {
            return;
        }
        long durationUs = Math.max(1, untilUs - newestUs);
        longestUs = Math.max(longestUs, durationUs);
        entries.append(newestHead)
                .append("#EXT-X-PROGRAM-DATE-TIME:")
                .append(VodPlaylist.TIME.format(Instant.EPOCH.plus(newestUs, ChronoUnit.MICROS)))
                .append("\n#EXTINF:");
        VodPlaylist.seconds(entries, durationUs);
        entries.append(",\n").append(newest);
        newest = "";
    }
}
