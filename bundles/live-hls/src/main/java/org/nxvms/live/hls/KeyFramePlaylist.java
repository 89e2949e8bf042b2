// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Writes the playlist of a live stream's key frames: HLS (RFC 8216bis 4.4.3.6), a byte range of each whole segment that the media
 * playlist names. Of a segment that begins without a key frame there is nothing (EXT-X-GAP).
 */
final class KeyFramePlaylist {
    private final StringBuilder out = new StringBuilder(2_048);

    private KeyFramePlaylist() {}

    /**
     * {@return the playlist of a stream that is ready}
     *
     * @param folder where its media are, as seen from the playlist
     */
    static String text(Timeline timeline, String folder) {
        return new KeyFramePlaylist().write(timeline, folder);
    }

    private String write(Timeline timeline, String folder) {
        List<Segment> listed = timeline.listedSegments();
        Segment first = listed.get(0);
        out.append("#EXTM3U\n#EXT-X-VERSION:8\n#EXT-X-TARGETDURATION:")
                .append(timeline.seconds())
                .append("\n#EXT-X-I-FRAMES-ONLY\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES\n#EXT-X-MEDIA-SEQUENCE:")
                .append(first.number())
                .append("\n#EXT-X-DISCONTINUITY-SEQUENCE:")
                .append(first.period() - (first.broken() ? 1 : 0))
                .append('\n');
        String initId = "";
        for (Segment segment : listed) {
            if (segment.complete()) {
                segment(segment, folder, initId);
                initId = segment.format().initId();
            }
        }
        return out.toString();
    }

    private void segment(Segment segment, String folder, String initId) {
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
        int keyBytes = segment.parts().get(0).keyBytes();
        out.append("#EXT-X-PROGRAM-DATE-TIME:")
                .append(MediaPlaylist.TIME.format(Instant.EPOCH.plus(segment.wallUs(), ChronoUnit.MICROS)))
                .append("\n#EXTINF:")
                .append(MediaPlaylist.secondsOf(segment.durationUs()))
                .append(",\n");
        if (keyBytes == 0) {
            out.append("#EXT-X-GAP\n");
        } else {
            out.append("#EXT-X-BYTERANGE:").append(keyBytes).append("@0\n");
        }
        out.append(folder).append('/').append(segment.number()).append(".m4s\n");
    }
}
