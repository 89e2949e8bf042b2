// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/**
 * Writes the manifest of a range of footage: DASH (ISO/IEC 23009-1), static, the parts that {@link RangeCut} cuts, each track of them
 * by itself ({@link TrackServlet}): profiles for players know one track a representation only. What goes on without a break is one
 * period; periods follow each other without the holes between them, as in the HLS playlist, and each says by
 * {@code ProducerReferenceTime} when it was taken. A period begins too where a file begins with sound that players know and the one
 * before did not, or the other way round; within a file tracks stay as its first fragment has them. URIs are relative. One thread.
 */
final class VodManifest implements RangeCut.Parts<IOException> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /**
     * A track as it begins with a fragment.
     *
     * @param startUs when that is shown by the clock of the footage
     * @param bitsPerSecond of the track there, 0 when it is not known
     */
    record Begin(TrackFormat track, long startUs, long bitsPerSecond) {}

    /** Finds out which tracks there are, at least one, the leading one first; reads the fragment for that. */
    @FunctionalInterface
    interface Times {
        List<Begin> begin(Segment segment, FragmentEntry fragment) throws IOException;
    }

    /** A part, as it lies in a recorded file. */
    private record Part(Segment segment, long offset, long bytes) {}

    /** When a part of a track is shown, by the clock of its footage. */
    private record Span(long startUs, long durationUs) {
        long endUs() {
            return startUs + durationUs;
        }
    }

    /** A track of a period. */
    private static final class Line {
        private final TrackFormat track;
        private final List<Span> spans = new ArrayList<>();
        private long nextUs;
        private long bitsPerSecond = 1;

        Line(TrackFormat track) {
            this.track = track;
        }

        /** Durations in the index are wall time; where the next file begins, the footage's own clock is known again. */
        void begin(Begin begin) {
            if (!spans.isEmpty()) {
                Span last = spans.remove(spans.size() - 1);
                spans.add(new Span(last.startUs(), Math.max(1, begin.startUs() - last.startUs())));
            }
            nextUs = begin.startUs();
            bitsPerSecond = Math.max(bitsPerSecond, begin.bitsPerSecond());
        }

        void add(long durationUs) {
            spans.add(new Span(nextUs, durationUs));
            nextUs += durationUs;
        }
    }

    /** What follows each other without a break. The first line leads: the period is as long as it is. */
    private record Period(Segment first, long wallUs, List<Line> lines, List<Part> parts) {
        Line lead() {
            return lines.get(0);
        }

        long startUs() {
            return lead().spans.get(0).startUs();
        }

        long durationUs() {
            List<Span> spans = lead().spans;
            return spans.get(spans.size() - 1).endUs() - startUs();
        }
    }

    private final RangeCut<IOException> cut;
    private final Times times;
    private final List<Period> periods = new ArrayList<>();

    VodManifest(long fromUs, long toUs, Times times) {
        cut = new RangeCut<>(fromUs, toUs, this);
        this.times = times;
    }

    /** {@return number of parts written so far} */
    int partCount() {
        return cut.partCount();
    }

    /** As {@link RangeCut#add}. */
    boolean add(Segment segment, List<FragmentEntry> index) throws IOException {
        return cut.add(segment, index);
    }

    @Override
    public void begin(Segment segment, FragmentEntry head, boolean broken, boolean newFormat) throws IOException {
        List<Begin> begun = times.begin(segment, head);
        if (broken || !goesOn(begun)) {
            List<Line> lines =
                    begun.stream().map(begin -> new Line(begin.track())).toList();
            periods.add(new Period(segment, head.startUs(), lines, new ArrayList<>()));
        }
        List<Line> lines = last().lines();
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).begin(begun.get(i));
        }
    }

    /** Whether the tracks are those of the last period, and the leading one begins where it ended there. */
    private boolean goesOn(List<Begin> begun) {
        return !periods.isEmpty()
                && last().lines().size() == begun.size()
                && Math.abs(begun.get(0).startUs() - last().lead().nextUs) < RangeCut.HOLE_US;
    }

    private Period last() {
        return periods.get(periods.size() - 1);
    }

    @Override
    public void part(Segment segment, List<FragmentEntry> fragments) {
        FragmentEntry head = fragments.get(0);
        FragmentEntry tail = fragments.get(fragments.size() - 1);
        long durationUs =
                fragments.stream().mapToLong(FragmentEntry::durationUs).sum();
        long bytes = tail.offset() + tail.length() - head.offset();
        Period period = last();
        period.lines().forEach(line -> line.add(durationUs));
        period.parts().add(new Part(segment, head.offset(), bytes));
        // All that is in the part: nobody knows better how much of it are pictures.
        period.lead().bitsPerSecond =
                Math.max(period.lead().bitsPerSecond, bytes * 8_000_000 / Math.max(1, durationUs));
    }

    /** {@return the manifest; must not be called when no part was added} */
    String text() {
        if (periods.isEmpty()) {
            throw new IllegalStateException("a manifest needs at least one part");
        }
        long totalUs = periods.stream().mapToLong(Period::durationUs).sum();
        StringBuilder out = new StringBuilder(64 << 10);
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"")
                .append(" profiles=\"urn:mpeg:dash:profile:isoff-main:2011\" type=\"static\" minBufferTime=\"PT4S\"")
                .append(" mediaPresentationDuration=\"")
                .append(duration(totalUs))
                .append("\">\n");
        long startUs = 0;
        for (int i = 0; i < periods.size(); i++) {
            period(out, i, startUs);
            startUs += periods.get(i).durationUs();
        }
        return out.append("</MPD>\n").toString();
    }

    private void period(StringBuilder out, int number, long startUs) {
        Period period = periods.get(number);
        out.append("<Period id=\"p")
                .append(number)
                .append("\" start=\"")
                .append(duration(startUs))
                .append("\" duration=\"")
                .append(duration(period.durationUs()))
                .append("\">\n");
        for (int i = 0; i < period.lines().size(); i++) {
            adaptationSet(out, period, i);
        }
        out.append("</Period>\n");
    }

    private static void adaptationSet(StringBuilder out, Period period, int number) {
        Line line = period.lines().get(number);
        TrackFormat track = line.track;
        OneTrack kind = OneTrack.of(track);
        out.append("<AdaptationSet id=\"")
                .append(number + 1)
                .append("\" contentType=\"")
                .append(kind.kind())
                .append("\" segmentAlignment=\"true\">\n<Representation id=\"")
                .append(period.first().stream().role().id())
                .append(number == 0 ? "" : "-" + kind.letter())
                .append("\" mimeType=\"")
                .append(kind.kind())
                .append("/mp4\" codecs=\"")
                .append(track.codecString())
                .append("\" bandwidth=\"")
                .append(line.bitsPerSecond);
        if (kind == OneTrack.PICTURES) {
            out.append("\" width=\"")
                    .append(track.width())
                    .append("\" height=\"")
                    .append(track.height())
                    .append("\">\n");
        } else {
            out.append("\" audioSamplingRate=\"")
                    .append(track.clockRate())
                    .append("\">\n<AudioChannelConfiguration")
                    .append(" schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" value=\"")
                    .append(track.channels())
                    .append("\"/>\n");
        }
        if (number == 0) {
            out.append("<ProducerReferenceTime id=\"1\" type=\"captured\" wallClockTime=\"")
                    .append(TIME.format(Instant.EPOCH.plus(period.wallUs(), ChronoUnit.MICROS)))
                    .append("\" presentationTime=\"")
                    .append(period.startUs())
                    .append("\"/>\n");
        }
        out.append("<SegmentList timescale=\"1000000\" presentationTimeOffset=\"")
                .append(period.startUs())
                .append("\">\n<Initialization sourceURL=\"../../init/")
                .append(period.first().initId())
                .append('-')
                .append(kind.letter())
                .append(".mp4\"/>\n<SegmentTimeline>\n");
        timeline(out, line.spans);
        out.append("</SegmentTimeline>\n");
        for (Part part : period.parts()) {
            out.append("<SegmentURL media=\"../../")
                    .append(TrackServlet.path(part.segment(), kind, part.offset(), part.bytes()))
                    .append("\"/>\n");
        }
        out.append("</SegmentList>\n</Representation>\n</AdaptationSet>\n");
    }

    private static void timeline(StringBuilder out, List<Span> spans) {
        int i = 0;
        long nextUs = Long.MIN_VALUE;
        while (i < spans.size()) {
            Span span = spans.get(i);
            int repeated = 0;
            while (i + repeated + 1 < spans.size()
                    && spans.get(i + repeated + 1).durationUs() == span.durationUs()
                    && spans.get(i + repeated + 1).startUs() == span.startUs() + (repeated + 1) * span.durationUs()) {
                repeated++;
            }
            out.append("<S ");
            if (span.startUs() != nextUs) {
                out.append("t=\"").append(span.startUs()).append("\" ");
            }
            out.append("d=\"").append(span.durationUs());
            if (repeated > 0) {
                out.append("\" r=\"").append(repeated);
            }
            out.append("\"/>\n");
            nextUs = span.startUs() + (repeated + 1) * span.durationUs();
            i += repeated + 1;
        }
    }

    private static String duration(long us) {
        String micros = Long.toString(us % 1_000_000);
        return "PT" + us / 1_000_000 + "." + "0".repeat(6 - micros.length()) + micros + "S";
    }
}
