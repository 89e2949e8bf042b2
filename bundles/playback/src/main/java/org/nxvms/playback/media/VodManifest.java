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
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/**
 * Writes the manifest of a range of footage: DASH (ISO/IEC 23009-1), static, byte ranges of the recorded files as {@link RangeCut}
 * cuts them. What goes on without a break is one period; periods follow each other without the holes between them, as in the HLS
 * playlist, and each says by {@code ProducerReferenceTime} when it was taken. URIs are relative. One thread.
 */
final class VodManifest implements RangeCut.Parts<IOException> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Finds out when a fragment is shown by the clock of its footage; reads it for that. */
    @FunctionalInterface
    interface Times {
        long startUs(Segment segment, FragmentEntry fragment) throws IOException;
    }

    /** One part, at a time of the footage's own clock. */
    private record Entry(Segment segment, long startUs, long durationUs, long offset, long bytes) {
        Entry until(long endUs) {
            return new Entry(segment, startUs, Math.max(1, endUs - startUs), offset, bytes);
        }
    }

    /** What follows each other without a break. */
    private record Period(Segment first, long wallUs, List<Entry> entries) {
        long startUs() {
            return entries.get(0).startUs();
        }

        long durationUs() {
            Entry last = entries.get(entries.size() - 1);
            return last.startUs() + last.durationUs() - startUs();
        }
    }

    private final RangeCut<IOException> cut;
    private final Times times;
    private final List<Period> periods = new ArrayList<>();
    private long nextUs;

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
        long startUs = times.startUs(segment, head);
        boolean goesOn = !periods.isEmpty() && !broken && Math.abs(startUs - nextUs) < RangeCut.HOLE_US;
        if (goesOn) {
            // Durations in the index are wall time; where the next file begins, the footage's own clock is known again.
            List<Entry> entries = periods.get(periods.size() - 1).entries();
            entries.add(entries.remove(entries.size() - 1).until(startUs));
        } else {
            periods.add(new Period(segment, head.startUs(), new ArrayList<>()));
        }
        nextUs = startUs;
    }

    @Override
    public void part(Segment segment, List<FragmentEntry> fragments) {
        FragmentEntry head = fragments.get(0);
        FragmentEntry tail = fragments.get(fragments.size() - 1);
        long durationUs =
                fragments.stream().mapToLong(FragmentEntry::durationUs).sum();
        long bytes = tail.offset() + tail.length() - head.offset();
        periods.get(periods.size() - 1).entries().add(new Entry(segment, nextUs, durationUs, head.offset(), bytes));
        nextUs += durationUs;
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
        Segment first = period.first();
        boolean video = first.width() > 0;
        out.append("<Period id=\"p")
                .append(number)
                .append("\" start=\"")
                .append(duration(startUs))
                .append("\" duration=\"")
                .append(duration(period.durationUs()))
                .append("\">\n<AdaptationSet id=\"1\" contentType=\"")
                .append(video ? "video" : "audio")
                .append("\" segmentAlignment=\"true\">\n<Representation id=\"")
                .append(first.stream().role().id())
                .append("\" mimeType=\"")
                .append(video ? "video" : "audio")
                .append("/mp4\" codecs=\"")
                .append(first.codecs())
                .append("\" bandwidth=\"")
                .append(bandwidth(period));
        if (video) {
            out.append("\" width=\"")
                    .append(first.width())
                    .append("\" height=\"")
                    .append(first.height());
        }
        out.append("\">\n<ProducerReferenceTime id=\"1\" type=\"captured\" wallClockTime=\"")
                .append(TIME.format(Instant.EPOCH.plus(period.wallUs(), ChronoUnit.MICROS)))
                .append("\" presentationTime=\"")
                .append(period.startUs())
                .append("\"/>\n<SegmentList timescale=\"1000000\" presentationTimeOffset=\"")
                .append(period.startUs())
                .append("\">\n<Initialization sourceURL=\"../../init/")
                .append(first.initId())
                .append(".mp4\"/>\n<SegmentTimeline>\n");
        timeline(out, period.entries());
        out.append("</SegmentTimeline>\n");
        for (Entry entry : period.entries()) {
            out.append("<SegmentURL media=\"../../segments/")
                    .append(entry.segment().id())
                    .append(".mp4\" mediaRange=\"")
                    .append(entry.offset())
                    .append('-')
                    .append(entry.offset() + entry.bytes() - 1)
                    .append("\"/>\n");
        }
        out.append("</SegmentList>\n</Representation>\n</AdaptationSet>\n</Period>\n");
    }

    private static void timeline(StringBuilder out, List<Entry> entries) {
        int i = 0;
        long nextUs = Long.MIN_VALUE;
        while (i < entries.size()) {
            Entry entry = entries.get(i);
            int repeated = 0;
            while (i + repeated + 1 < entries.size()
                    && entries.get(i + repeated + 1).durationUs() == entry.durationUs()
                    && entries.get(i + repeated + 1).startUs()
                            == entry.startUs() + (repeated + 1) * entry.durationUs()) {
                repeated++;
            }
            out.append("<S ");
            if (entry.startUs() != nextUs) {
                out.append("t=\"").append(entry.startUs()).append("\" ");
            }
            out.append("d=\"").append(entry.durationUs());
            if (repeated > 0) {
                out.append("\" r=\"").append(repeated);
            }
            out.append("\"/>\n");
            nextUs = entry.startUs() + (repeated + 1) * entry.durationUs();
            i += repeated + 1;
        }
    }

    /** Of the part with most bits a second. */
    private static long bandwidth(Period period) {
        long most = 1;
        for (Entry entry : period.entries()) {
            most = Math.max(most, entry.bytes() * 8_000_000 / Math.max(1, entry.durationUs()));
        }
        return most;
    }

    private static String duration(long us) {
        String micros = Long.toString(us % 1_000_000);
        return "PT" + us / 1_000_000 + "." + "0".repeat(6 - micros.length()) + micros + "S";
    }
}
