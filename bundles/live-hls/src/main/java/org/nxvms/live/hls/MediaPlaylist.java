// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * Writes the media playlist of a live stream: HLS (RFC 8216bis) with the low-latency extensions of its appendix B. URIs are
 * relative, so that it plays under any host name.
 */
final class MediaPlaylist {
    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /** Players stay this many parts, or segments, behind the newest one (RFC 8216bis 4.4.3.8). */
    private static final int HELD_BACK = 3;

    private final Timeline timeline;
    private final String folder;
    private final StringBuilder out = new StringBuilder(4_096);

    private MediaPlaylist(Timeline timeline, String folder) {
        this.timeline = timeline;
        this.folder = folder;
    }

    /**
     * Another stream of the camera that is watched too.
     *
     * @param uri of its playlist, as seen from this one
     */
    record Rendition(String uri, Timeline timeline) {}

    /**
     * {@return the playlist of a stream that is ready}
     *
     * @param folder where its media are, as seen from the playlist
     * @param others that are ready too: players that go over to one ask at once for what comes next of it
     */
    static String text(Timeline timeline, String folder, List<Rendition> others) {
        MediaPlaylist playlist = new MediaPlaylist(timeline, folder);
        playlist.write();
        others.forEach(playlist::report);
        return playlist.out.toString();
    }

    private void report(Rendition other) {
        Segment last = other.timeline().last();
        out.append("#EXT-X-RENDITION-REPORT:URI=\"")
                .append(other.uri())
                .append("\",LAST-MSN=")
                .append(last.number())
                .append(",LAST-PART=")
                .append(last.parts().size() - 1)
                .append('\n');
    }

    private void write() {
        List<Segment> listed = timeline.listedSegments();
        Segment first = listed.get(0);
        out.append("#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:")
                .append(timeline.seconds())
                .append("\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=");
        seconds(HELD_BACK * timeline.partUs());
        out.append(",HOLD-BACK=");
        seconds(HELD_BACK * timeline.seconds() * 1_000_000L);
        out.append("\n#EXT-X-PART-INF:PART-TARGET=");
        seconds(timeline.partUs());
        out.append("\n#EXT-X-MEDIA-SEQUENCE:").append(first.number());
        // A break before the first one counts when its tag is read.
        out.append("\n#EXT-X-DISCONTINUITY-SEQUENCE:").append(first.period() - (first.broken() ? 1 : 0));
        out.append('\n');
        long laterUs = listed.stream()
                .filter(Segment::complete)
                .mapToLong(Segment::durationUs)
                .sum();
        String initId = "";
        for (Segment segment : listed) {
            begin(segment, initId);
            initId = segment.format().initId();
            laterUs -= segment.complete() ? segment.durationUs() : 0;
            if (laterUs < HELD_BACK * timeline.seconds() * 1_000_000L) {
                parts(segment);
            }
            if (segment.complete()) {
                out.append("#EXTINF:");
                seconds(segment.durationUs());
                out.append(",\n")
                        .append(folder)
                        .append('/')
                        .append(segment.number())
                        .append(".m4s\n");
            }
        }
        out.append("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"");
        part(timeline.nextName());
        out.append("\"\n");
    }

    private void begin(Segment segment, String initId) {
        if (segment.broken()) {
            out.append("#EXT-X-DISCONTINUITY\n");
        }
        if (!segment.format().initId().equals(initId)) {
            out.append("#EXT-X-MAP:URI=\"")
                    .append(folder)
                    .append("/init-")
                    .append(segment.format().initId())
                    .append(".mp4\"\n");
        }
        out.append("#EXT-X-PROGRAM-DATE-TIME:")
                .append(TIME.format(Instant.EPOCH.plus(segment.wallUs(), ChronoUnit.MICROS)))
                .append('\n');
    }

    private void parts(Segment segment) {
        for (int i = 0; i < segment.parts().size(); i++) {
            out.append("#EXT-X-PART:DURATION=");
            seconds(segment.parts().get(i).durationUs());
            out.append(",URI=\"");
            part(segment.name(i));
            out.append(segment.parts().get(i).independent() ? "\",INDEPENDENT=YES\n" : "\"\n");
        }
    }

    private void part(PartName name) {
        out.append(folder).append('/').append(name).append(".m4s");
    }

    private void seconds(long us) {
        out.append(secondsOf(us));
    }

    /** {@return as it stands in playlists, with six digits} */
    static String secondsOf(long us) {
        String micros = Long.toString(us % 1_000_000);
        return us / 1_000_000 + "." + "0".repeat(6 - micros.length()) + micros;
    }
}
