// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nxvms.media.TrackFormat;

/**
 * Writes the manifest of a live stream: DASH (ISO/IEC 23009-1), dynamic, the segments that the HLS playlist names. The segment that
 * grows is named too, with the time it will surely last if all goes on, and sent as it comes (availabilityTimeOffset). A break
 * begins a period. Pictures and sound are each by themselves.
 *
 * <p>Segments are named by the times at which they begin, without numbers: FFmpeg, when it reads the list again, looks for the end
 * of what it has read, cut to whole seconds, in the new one, and takes the place that it finds for a number, as if the list began
 * with 0 (libavformat/dashdec.c, refresh_manifest). So the end of the segment that grows must not lie behind its true one, nor
 * in the second in which it begins; see ADR 75.
 */
final class LiveManifest {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /** Players come again for what is new. */
    private static final String UPDATE = "PT1S";
    /** Of the shortest segment that is listed, the one that grows is said to last so much: sound does not end just with it. */
    private static final int SURE_PERCENT = 90;

    private static final long SURE_US_MIN = 1_000_000;
    /** Players stay this many parts behind, or as far as their own rules say. */
    private static final int HELD_BACK = 5;

    private final Timeline timeline;
    private final Feed.Key key;
    private final StringBuilder out = new StringBuilder(4_096);
    private long grownUs;

    private LiveManifest(Timeline timeline, Feed.Key key) {
        this.timeline = timeline;
        this.key = key;
    }

    /** {@return the manifest of a stream that is ready} */
    static String text(Timeline timeline, Feed.Key key, long nowMs) {
        return new LiveManifest(timeline, key).write(nowMs);
    }

    /** {@return what the segment that grows will last at least, as far as those before let expect} */
    private static long sureUs(List<Segment> listed, long plannedUs) {
        long shortestUs = plannedUs;
        for (int i = 0; i + 1 < listed.size(); i++) {
            if (!listed.get(i + 1).broken()) {
                shortestUs = Math.min(shortestUs, listed.get(i).durationUs());
            }
        }
        return Math.max(Math.min(SURE_US_MIN, plannedUs), shortestUs * SURE_PERCENT / 100);
    }

    private String write(long nowMs) {
        List<Segment> listed = timeline.listedSegments();
        grownUs = sureUs(listed, timeline.seconds() * 1_000_000L);
        long targetMs = HELD_BACK * timeline.partUs() / 1_000;
        long depthUs = listed.stream().mapToLong(Segment::durationUs).sum();
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"")
                .append(" profiles=\"urn:mpeg:dash:profile:isoff-live:2011\" type=\"dynamic\" availabilityStartTime=\"")
                .append(time(0))
                .append("\" publishTime=\"")
                .append(time(nowMs * 1_000))
                .append("\" minimumUpdatePeriod=\"")
                .append(UPDATE)
                .append("\" minBufferTime=\"")
                .append(duration(timeline.partUs()))
                .append("\" timeShiftBufferDepth=\"")
                .append(duration(depthUs))
                .append("\" maxSegmentDuration=\"")
                .append(duration(Timeline.segmentUsMax(timeline.seconds())))
                .append("\" suggestedPresentationDelay=\"")
                .append(duration(timeline.seconds() * 1_000_000L + 2 * timeline.partUs()))
                .append("\">\n<ServiceDescription id=\"0\"><Latency target=\"")
                .append(targetMs)
                .append("\" min=\"")
                .append(targetMs / 2)
                .append("\" max=\"")
                .append(targetMs * 4)
                .append("\"/><PlaybackRate min=\"0.96\" max=\"1.04\"/></ServiceDescription>\n");
        for (int i = 0; i < listed.size(); ) {
            List<Segment> period = new ArrayList<>();
            do {
                period.add(listed.get(i++));
            } while (i < listed.size()
                    && listed.get(i).anchor().equals(period.get(0).anchor()));
            period(period);
        }
        return out.append("<UTCTiming schemeIdUri=\"urn:mpeg:dash:utc:direct:2014\" value=\"")
                .append(time(nowMs * 1_000))
                .append("\"/>\n</MPD>\n")
                .toString();
    }

    private void period(List<Segment> segments) {
        Segment first = segments.get(0);
        out.append("<Period id=\"p")
                .append(first.anchor().number())
                .append("\" start=\"")
                .append(duration(first.anchor().wallUs()))
                .append("\">\n");
        if (Track.SOUND.isIn(first.format())) {
            adaptationSet(1, segments, Track.PICTURES);
            adaptationSet(2, segments, Track.SOUND);
        } else {
            adaptationSet(1, segments, Track.ALL);
        }
        out.append("</Period>\n");
    }

    private void adaptationSet(int id, List<Segment> segments, Track track) {
        Segment first = segments.get(0);
        TrackFormat shown = first.format().sent().tracks().get(track.number());
        String kind = shown.isVideo() ? "video" : "audio";
        out.append("<AdaptationSet id=\"")
                .append(id)
                .append("\" contentType=\"")
                .append(kind)
                .append("\" segmentAlignment=\"true\">\n<Representation id=\"")
                .append(key.stream().name())
                .append(id == 1 ? "" : "-" + track.letter())
                .append("\" mimeType=\"")
                .append(kind)
                .append("/mp4\" codecs=\"")
                .append(shown.codecString())
                .append("\" bandwidth=\"")
                .append(bandwidth(segments, track));
        if (shown.isVideo()) {
            out.append("\" width=\"")
                    .append(shown.width())
                    .append("\" height=\"")
                    .append(shown.height())
                    .append("\">\n");
        } else {
            out.append("\" audioSamplingRate=\"")
                    .append(shown.clockRate())
                    .append("\">\n<AudioChannelConfiguration")
                    .append(" schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" value=\"")
                    .append(shown.channels())
                    .append("\"/>\n");
        }
        template(segments, track, shown.clockRate());
        out.append("</Representation>\n</AdaptationSet>\n");
    }

    private void template(List<Segment> segments, Track track, int clockRate) {
        Segment first = segments.get(0);
        long offset = first.anchor().startTicks();
        String folder = Address.folder(key);
        out.append("<SegmentTemplate timescale=\"")
                .append(clockRate)
                .append("\" presentationTimeOffset=\"")
                .append(track == Track.SOUND ? first.inSoundTicks(offset) : offset)
                .append("\" media=\"")
                .append(folder)
                .append('/')
                .append(track.folder())
                .append("/$Time$.m4s\" initialization=\"")
                .append(folder)
                .append("/init-")
                .append(first.format().initId())
                .append(track == Track.ALL ? "" : "-" + track.letter())
                .append(".mp4\" availabilityTimeOffset=\"")
                .append(seconds(Math.max(0, grownUs - timeline.partUs())))
                .append("\" availabilityTimeComplete=\"false\">\n<SegmentTimeline>\n");
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            long start = segment.startTicks(track);
            long ticks = i + 1 < segments.size()
                    ? Math.max(1, segments.get(i + 1).startTicks(track) - start)
                    : (segment.complete() ? segment.durationUs() : Math.max(grownUs, segment.durationUs()))
                            * clockRate
                            / 1_000_000;
            out.append("<S t=\"").append(start).append("\" d=\"").append(ticks).append("\"/>\n");
        }
        out.append("</SegmentTimeline>\n</SegmentTemplate>\n");
    }

    private static long bandwidth(List<Segment> segments, Track track) {
        long most = 1;
        for (Segment segment : segments) {
            most = Math.max(most, segment.bytes(track) * 8_000_000 / Math.max(1, segment.durationUs()));
        }
        return most;
    }

    private static String time(long us) {
        return TIME.format(Instant.EPOCH.plus(us, ChronoUnit.MICROS));
    }

    private static String duration(long us) {
        return "PT" + seconds(us) + "S";
    }

    private static String seconds(long us) {
        String micros = Long.toString(us % 1_000_000);
        return us / 1_000_000 + "." + "0".repeat(6 - micros.length()) + micros;
    }
}
