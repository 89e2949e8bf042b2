// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A player's strict reading of the playlists of one stream as they come one after the other: the rules of RFC 8216bis for a live
 * media playlist with partial segments. What was said once must not be said otherwise later.
 */
final class PlaylistRules {
    private static final Pattern ATTRIBUTE = Pattern.compile("([A-Z0-9-]+)=(\"[^\"]*\"|[^,]*)");
    /** Written with six digits. */
    private static final double EXACT = 2e-6;

    /** A partial segment. */
    record Part(String uri, double seconds, boolean independent) {}

    /** A segment; the last one may have parts only. */
    record Segment(
            long number, String uri, double seconds, List<Part> parts, Instant time, long discontinuity, String map) {
        boolean complete() {
            return !uri.isEmpty();
        }
    }

    /** One playlist. */
    record Playlist(Map<String, String> tags, List<Segment> segments, String hint) {
        Segment last() {
            return segments.get(segments.size() - 1);
        }

        double partTarget() {
            return Double.parseDouble(attributes(tags.get("EXT-X-PART-INF")).get("PART-TARGET"));
        }

        int target() {
            return Integer.parseInt(tags.get("EXT-X-TARGETDURATION"));
        }

        long nextNumber() {
            return last().complete() ? last().number() + 1 : last().number();
        }

        int nextPart() {
            return last().complete() ? 0 : last().parts().size();
        }
    }

    private final Map<Long, Segment> said = new LinkedHashMap<>();
    private final Map<String, Double> parts = new LinkedHashMap<>();
    private final boolean even;
    private Playlist before;

    PlaylistRules() {
        this(true);
    }

    /** @param even whether all pictures come in time; late ones raise the part target, and leave parts that are shorter */
    PlaylistRules(boolean even) {
        this.even = even;
    }

    /** {@return what a playlist says} It must be in order by itself, and go on from the one before. */
    Playlist read(String text) {
        Playlist now = parse(text);
        byItself(now);
        if (before != null) {
            goesOn(before, now);
        }
        now.segments().forEach(this::isAsSaid);
        before = now;
        return now;
    }

    private void byItself(Playlist now) {
        assertThat(now.tags().get("EXT-X-VERSION")).isEqualTo("9");
        int target = now.target();
        double partTarget = now.partTarget();
        Map<String, String> control = attributes(now.tags().get("EXT-X-SERVER-CONTROL"));
        assertThat(control).containsEntry("CAN-BLOCK-RELOAD", "YES");
        assertThat(Double.parseDouble(control.get("PART-HOLD-BACK")))
                .as("at least twice the part target, should be three times")
                .isGreaterThanOrEqualTo(3 * partTarget - EXACT);
        assertThat(Double.parseDouble(control.get("HOLD-BACK"))).isGreaterThanOrEqualTo(3 * target - EXACT);
        Instant time = Instant.MIN;
        double complete = 0;
        for (Segment segment : now.segments()) {
            assertThat(segment.map())
                    .as("initialisation of " + segment.number())
                    .isNotEmpty();
            assertThat(segment.time()).as("time of " + segment.number()).isAfter(time);
            time = segment.time();
            if (segment.complete()) {
                complete += segment.seconds();
                assertThat(Math.round(segment.seconds()))
                        .as("rounded duration of " + segment.number())
                        .isLessThanOrEqualTo(target);
            }
            for (int i = 0; i < segment.parts().size(); i++) {
                double seconds = segment.parts().get(i).seconds();
                assertThat(seconds).as(segment.parts().get(i).uri()).isLessThanOrEqualTo(partTarget + EXACT);
                boolean last = segment.complete() && i == segment.parts().size() - 1;
                if (even && !last && i < segment.parts().size() - 1) {
                    assertThat(seconds)
                            .as("not the last part of its segment: "
                                    + segment.parts().get(i).uri())
                            .isGreaterThanOrEqualTo(0.85 * partTarget - EXACT);
                }
            }
            if (segment.complete() && !segment.parts().isEmpty()) {
                assertThat(segment.parts().stream().mapToDouble(Part::seconds).sum())
                        .as("parts of " + segment.number())
                        .isCloseTo(segment.seconds(), org.assertj.core.api.Assertions.within(1e-4));
            }
        }
        double behind = 0;
        for (int i = now.segments().size() - 1; i >= 0 && behind < 3 * target - EXACT; i--) {
            Segment segment = now.segments().get(i);
            assertThat(segment.parts())
                    .as("parts near the live edge: " + segment.number())
                    .isNotEmpty();
            behind += segment.seconds();
        }
        String hint = now.nextNumber() + "." + now.nextPart() + ".m4s";
        String announced = before == null ? "" : before.hint();
        assertThat(now.hint().endsWith("/" + hint)
                        || now.nextPart() == 0 && now.hint().equals(announced))
                .as("what comes next: " + hint + ", not " + now.hint() + " after " + announced)
                .isTrue();
    }

    private static void goesOn(Playlist before, Playlist now) {
        assertThat(now.target()).as("the target duration must not change").isEqualTo(before.target());
        assertThat(now.segments().get(0).number())
                .as("the media sequence does not go back")
                .isGreaterThanOrEqualTo(before.segments().get(0).number());
        assertThat(now.segments().get(0).number())
                .as("a playlist goes on where the one before ended")
                .isLessThanOrEqualTo(before.nextNumber());
        boolean same = now.nextNumber() == before.nextNumber() && now.nextPart() == before.nextPart();
        if (!same && !before.last().parts().isEmpty()) {
            assertThat(now.segments().stream()
                            .flatMap(segment -> segment.parts().stream())
                            .map(Part::uri))
                    .as("what was announced has come")
                    .contains(before.hint());
        }
        double left = now.segments().stream().mapToDouble(Segment::seconds).sum();
        if (now.segments().get(0).number() > before.segments().get(0).number()) {
            assertThat(left).as("three target durations stay").isGreaterThanOrEqualTo(3 * now.target() - EXACT);
        }
    }

    private void isAsSaid(Segment segment) {
        Segment first = said.get(segment.number());
        if (first != null) {
            assertThat(segment.discontinuity()).as("of " + segment.number()).isEqualTo(first.discontinuity());
            assertThat(segment.map()).isEqualTo(first.map());
            assertThat(segment.time()).isEqualTo(first.time());
            if (first.complete()) {
                assertThat(segment.uri()).isEqualTo(first.uri());
                assertThat(segment.seconds()).isEqualTo(first.seconds());
            }
        }
        for (Part part : segment.parts()) {
            Double seconds = parts.put(part.uri(), part.seconds());
            assertThat(seconds == null || seconds == part.seconds())
                    .as(part.uri())
                    .isTrue();
        }
        said.put(segment.number(), segment);
    }

    /** {@return all segments that were ever complete} */
    List<Segment> segments() {
        return said.values().stream().filter(Segment::complete).toList();
    }

    static Map<String, String> attributes(String text) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (Matcher attribute = ATTRIBUTE.matcher(text); attribute.find(); ) {
            attributes.put(attribute.group(1), attribute.group(2).replace("\"", ""));
        }
        return attributes;
    }

    static Playlist parse(String text) {
        assertThat(text).startsWith("#EXTM3U\n").endsWith("\n");
        Map<String, String> tags = new LinkedHashMap<>();
        List<Segment> segments = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        String hint = "";
        String map = "";
        Instant time = null;
        double seconds = 0;
        long number = -1;
        long discontinuity = -1;
        for (String line : text.split("\n")) {
            int colon = line.indexOf(':');
            String tag = line.startsWith("#") ? line.substring(1, colon < 0 ? line.length() : colon) : "";
            String value = colon < 0 ? "" : line.substring(colon + 1);
            switch (tag) {
                case "EXT-X-MEDIA-SEQUENCE" -> number = Long.parseLong(value);
                case "EXT-X-DISCONTINUITY-SEQUENCE" -> {
                    assertThat(segments).as("stands before the first segment").isEmpty();
                    discontinuity = Long.parseLong(value);
                }
                case "EXT-X-DISCONTINUITY" -> discontinuity++;
                case "EXT-X-MAP" -> map = attributes(value).get("URI");
                case "EXT-X-PROGRAM-DATE-TIME" -> time = Instant.parse(value);
                case "EXT-X-PART" -> {
                    Map<String, String> part = attributes(value);
                    parts.add(new Part(
                            part.get("URI"),
                            Double.parseDouble(part.get("DURATION")),
                            "YES".equals(part.get("INDEPENDENT"))));
                }
                case "EXTINF" -> seconds = Double.parseDouble(value.replace(",", ""));
                case "EXT-X-RENDITION-REPORT" ->
                    assertThat(attributes(value)).containsKeys("URI", "LAST-MSN", "LAST-PART");
                case "EXT-X-PRELOAD-HINT" -> hint = attributes(value).get("URI");
                case "" -> {
                    segments.add(new Segment(number++, line, seconds, List.copyOf(parts), time, discontinuity, map));
                    parts.clear();
                    time = null;
                }
                default -> tags.put(tag, value);
            }
        }
        if (!parts.isEmpty()) {
            double partial = parts.stream().mapToDouble(Part::seconds).sum();
            segments.add(new Segment(number, "", partial, List.copyOf(parts), time, discontinuity, map));
        }
        return new Playlist(tags, segments, hint);
    }
}
