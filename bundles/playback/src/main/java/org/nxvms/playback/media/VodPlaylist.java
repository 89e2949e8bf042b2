// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/**
 * Writes the playlist of a range of footage: HLS (RFC 8216) version 7, video on demand, byte ranges of the
 * recorded files as {@link RangeCut} cuts them, or the pictures in those ({@link HlsTracks}). URIs are relative, so that a playlist plays under any host name. One thread.
 */
final class VodPlaylist implements RangeCut.Parts<RuntimeException> {
    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final RangeCut<RuntimeException> cut;
    private final boolean listens;
    private final StringBuilder parts = new StringBuilder();
    private long partUsMax;
    /** Every part begins with a key frame. */
    private boolean independent = true;

    /** @param listens whether whoever asks may listen */
    VodPlaylist(long fromUs, long toUs, boolean listens) {
        this.listens = listens;
        cut = new RangeCut<>(fromUs, toUs, this);
    }

    /** {@return number of parts written so far} */
    int partCount() {
        return cut.partCount();
    }

    /** As {@link RangeCut#add}. */
    boolean add(Segment segment, List<FragmentEntry> index) {
        return cut.add(segment, index);
    }

    /** {@return the playlist; must not be called when no part was added} */
    String text() {
        if (partCount() == 0) {
            throw new IllegalStateException("a playlist needs at least one part");
        }
        return "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:" + -Math.floorDiv(-partUsMax, 1_000_000L)
                + "\n#EXT-X-PLAYLIST-TYPE:VOD\n" + (independent ? "#EXT-X-INDEPENDENT-SEGMENTS\n" : "")
                + "#EXT-X-MEDIA-SEQUENCE:0\n" + parts + "#EXT-X-ENDLIST\n";
    }

    @Override
    public void begin(Segment segment, FragmentEntry head, boolean broken, boolean newFormat) {
        if (broken) {
            parts.append("#EXT-X-DISCONTINUITY\n");
        }
        // One counts until the next (RFC 8216 4.3.2.5); FFmpeg fetches each, and hangs at some that it has already.
        if (newFormat) {
            parts.append(HlsTracks.map(segment, listens));
        }
        parts.append("#EXT-X-PROGRAM-DATE-TIME:")
                .append(TIME.format(Instant.EPOCH.plus(head.startUs(), ChronoUnit.MICROS)))
                .append('\n');
    }

    @Override
    public void part(Segment segment, List<FragmentEntry> fragments) {
        FragmentEntry head = fragments.get(0);
        FragmentEntry tail = fragments.get(fragments.size() - 1);
        independent &= head.key();
        long offset = head.offset();
        long length = tail.offset() + tail.length() - offset;
        long durationUs =
                fragments.stream().mapToLong(FragmentEntry::durationUs).sum();
        parts.append("#EXTINF:");
        seconds(parts, durationUs);
        if (HlsTracks.picturesAlone(segment, listens)) {
            parts.append(",\n../../")
                    .append(TrackServlet.path(segment, OneTrack.PICTURES, offset, length))
                    .append('\n');
        } else {
            parts.append(",\n#EXT-X-BYTERANGE:")
                    .append(length)
                    .append('@')
                    .append(offset)
                    .append("\n../../segments/")
                    .append(segment.id())
                    .append(".mp4\n");
        }
        partUsMax = Math.max(partUsMax, durationUs);
    }

    static void seconds(StringBuilder out, long us) {
        out.append(us / 1_000_000).append('.');
        String micros = Long.toString(us % 1_000_000);
        out.append("0".repeat(6 - micros.length())).append(micros);
    }
}
