// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Segment;

/**
 * Writes the multivariant playlist of a range of footage: HLS (RFC 8216bis 4.4.6), each recorded stream of the camera as a variant,
 * with its key frames. What is told of a variant is what its segments are; one thread.
 */
final class VodVariants {
    /** Within a segment of minutes a part of seconds may have more bits than it has on average. */
    private static final int PEAK_PERCENT = 150;

    private final String range;
    private final boolean listens;
    private final StringBuilder out = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n");
    private boolean any;

    /** What the segments of one stream have in common. */
    static final class Measured {
        private final Set<String> codecs = new LinkedHashSet<>();
        private int width;
        private int height;
        private long bytes;
        private long us;
        private long pictures;
        private long peakBps;

        void add(Segment segment) {
            codecs.addAll(List.of(segment.codecs().split(",")));
            width = Math.max(width, segment.width());
            height = Math.max(height, segment.height());
            long lastsUs = segment.endUs() - segment.startUs();
            if (lastsUs > 0) {
                bytes += segment.sizeBytes();
                us += lastsUs;
                pictures += segment.accessUnits();
                peakBps = Math.max(peakBps, bps(segment.sizeBytes(), lastsUs));
            }
        }

        boolean isEmpty() {
            return codecs.isEmpty();
        }

        private static long bps(long bytes, long us) {
            return Math.max(1, (long) (bytes * 8e6 / us));
        }
    }

    /**
     * @param from and {@code to} as they were asked for
     * @param listens whether whoever asks may listen
     */
    VodVariants(String from, String to, boolean listens) {
        this.listens = listens;
        range = "from=" + URLEncoder.encode(from, StandardCharsets.US_ASCII) + "&to="
                + URLEncoder.encode(to, StandardCharsets.US_ASCII) + "&stream=";
    }

    /** Adds a stream that has footage in the range. */
    void add(StreamRole role, Measured measured) {
        any = true;
        boolean video = measured.width > 0;
        long peakBps = Math.max(1, measured.peakBps * PEAK_PERCENT / 100);
        long averageBps = Measured.bps(measured.bytes, Math.max(1, measured.us));
        String resolution = video ? ",RESOLUTION=" + measured.width + "x" + measured.height : "";
        out.append("#EXT-X-STREAM-INF:BANDWIDTH=")
                .append(peakBps)
                .append(",AVERAGE-BANDWIDTH=")
                .append(averageBps)
                .append(codecs(HlsTracks.played(measured.codecs, listens)))
                .append(resolution);
        if (video && measured.pictures > 0 && measured.us > 0) {
            out.append(",FRAME-RATE=")
                    .append(String.format(Locale.ROOT, "%.3f", measured.pictures * 1e6 / measured.us));
        }
        out.append("\nindex.m3u8?").append(range).append(role.id()).append('\n');
        if (video) {
            // Never more than the whole of the stream.
            out.append("#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=")
                    .append(peakBps)
                    .append(codecs(HlsTracks.pictures(measured.codecs)))
                    .append(resolution)
                    .append(",URI=\"keyframes.m3u8?")
                    .append(range)
                    .append(role.id())
                    .append("\"\n");
        }
    }

    private static String codecs(String names) {
        return ",CODECS=\"" + names + '"';
    }

    boolean isEmpty() {
        return !any;
    }

    String text() {
        return out.toString();
    }
}
