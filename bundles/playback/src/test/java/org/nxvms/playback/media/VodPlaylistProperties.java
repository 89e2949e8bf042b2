// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.playback.FakeArchive;

/** Whatever lies on disk and whatever is asked, the playlist is valid and holds each frame of the range once. */
class VodPlaylistProperties {
    private static final long START_US = 1_700_000_000_000_000L;

    record Footage(Segment segment, List<FragmentEntry> index) {}

    /** What a player reads out of a playlist. */
    record Part(String uri, long offset, long length, long durationUs, boolean discontinuity, String map) {}

    @Property(tries = 300)
    void holdsExactlyTheFragmentsOfTheRange(
            @ForAll("footage") List<Footage> footage, @ForAll("offsets") long from, @ForAll("lengths") long length) {
        long fromUs = START_US + from;
        long toUs = fromUs + length;
        VodPlaylist playlist = new VodPlaylist(fromUs, toUs, true);
        footage.forEach(f -> assertThat(playlist.add(f.segment(), f.index())).isTrue());

        List<String> expected = new ArrayList<>();
        footage.forEach(f -> expected.addAll(wanted(f, fromUs, toUs)));
        if (expected.isEmpty()) {
            assertThat(playlist.partCount()).isZero();
            return;
        }
        List<Part> parts = parse(playlist.text());
        List<String> got = new ArrayList<>();
        for (Part part : parts) {
            Footage of = footage.stream()
                    .filter(f ->
                            part.uri().equals("../../segments/" + f.segment().id() + ".mp4"))
                    .findFirst()
                    .orElseThrow();
            List<FragmentEntry> inside = of.index().stream()
                    .filter(e ->
                            e.offset() >= part.offset() && e.offset() + e.length() <= part.offset() + part.length())
                    .toList();
            assertThat(inside.get(0).key()).as("a part begins with a key frame").isTrue();
            assertThat(inside.get(0).offset()).isEqualTo(part.offset());
            assertThat(inside.stream().mapToLong(FragmentEntry::durationUs).sum())
                    .isEqualTo(part.durationUs());
            assertThat(part.map()).isEqualTo("../../init/" + of.segment().initId() + ".mp4");
            inside.forEach(e -> got.add(of.segment().id() + "@" + e.offset()));
        }
        assertThat(got).isEqualTo(expected);
    }

    @Property(tries = 300)
    void saysTheTruthAboutDurationsAndBreaks(@ForAll("footage") List<Footage> footage) {
        VodPlaylist playlist = new VodPlaylist(START_US, START_US + 86_400_000_000L, true);
        footage.forEach(f -> playlist.add(f.segment(), f.index()));
        String text = playlist.text();
        List<Part> parts = parse(text);
        long target = Long.parseLong(text.lines()
                .filter(l -> l.startsWith("#EXT-X-TARGETDURATION:"))
                .findFirst()
                .orElseThrow()
                .substring("#EXT-X-TARGETDURATION:".length()));
        assertThat(parts)
                .allSatisfy(p -> assertThat(Math.round(p.durationUs() / 1e6)).isLessThanOrEqualTo(target));
        double sum = parts.stream().mapToLong(Part::durationUs).sum() / 1e6;
        double there = footage.stream()
                        .flatMap(f -> f.index().stream())
                        .mapToLong(FragmentEntry::durationUs)
                        .sum()
                / 1e6;
        assertThat(sum).isCloseTo(there, within(1e-6));

        long breaks = 0;
        long formats = 1;
        for (int i = 1; i < footage.size(); i++) {
            Segment a = footage.get(i - 1).segment();
            Segment b = footage.get(i).segment();
            if (!a.runId().equals(b.runId()) || !a.initId().equals(b.initId())) {
                breaks++;
            }
            formats += a.initId().equals(b.initId()) ? 0 : 1;
        }
        assertThat(parts.stream().filter(Part::discontinuity).count()).isEqualTo(breaks);
        assertThat(text.lines().filter(l -> l.startsWith("#EXT-X-MAP:")).count())
                .as("one counts until the next")
                .isEqualTo(formats);
        assertThat(text).startsWith("#EXTM3U\n#EXT-X-VERSION:7\n").endsWith("#EXT-X-ENDLIST\n");
        assertThat(text.lines()
                        .filter(l -> l.startsWith("#EXT-X-PROGRAM-DATE-TIME:"))
                        .count())
                .isEqualTo(footage.size());
    }

    @Example
    void goesOnBehindDamageAtTheNextKeyFrameAndSaysWhen() {
        List<FragmentEntry> index = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            index.add(new FragmentEntry(700 + i * 1_000L, 1_000, START_US + i * 1_000_000L, 1_000_000, i % 2 == 0, 25));
        }
        Segment segment = FakeArchive.segment(START_US, START_US + 8_000_000, new UUID(9, 9), 0, "00", false);

        VodPlaylist encrypted = new VodPlaylist(START_US, START_US + 8_000_000, true);
        encrypted.add(segment, List.of(index.get(0), index.get(1), index.get(3), index.get(4), index.get(5)));
        assertThat(parse(encrypted.text()))
                .extracting(Part::offset, Part::length, Part::discontinuity)
                .containsExactly(tuple(700L, 2_000L, false), tuple(4_700L, 2_000L, true));
        assertThat(encrypted.text()).contains("#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:24.000Z\n#EXTINF:2.000000,");

        // In the clear damaged bytes belong to the fragment behind them.
        FragmentEntry fifth = new FragmentEntry(2_700, 3_000, START_US + 4_000_000, 1_000_000, true, 25);
        VodPlaylist clear = new VodPlaylist(START_US, START_US + 8_000_000, true);
        clear.add(segment, List.of(index.get(0), index.get(1), fifth, index.get(5)));
        assertThat(parse(clear.text()))
                .extracting(Part::offset, Part::length, Part::discontinuity)
                .containsExactly(tuple(700L, 2_000L, false), tuple(2_700L, 4_000L, true));
    }

    /** One key frame, then intra refresh: the run's later chunks have none. */
    @Example
    void aSourceWithoutKeyFramesIsReadFromAnyFragmentOnInPartsOfMinutes() {
        List<FragmentEntry> index = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            index.add(new FragmentEntry(700 + i * 1_000L, 1_000, START_US + i * 1_000_000L, 1_000_000, false, 25));
        }
        Segment segment = FakeArchive.segment(START_US, START_US + 1_200_000_000, new UUID(9, 9), 4, "00", false);
        VodPlaylist playlist = new VodPlaylist(START_US + 400_500_000, START_US + 1_000_000_000, true);
        playlist.add(segment, index);
        assertThat(parse(playlist.text()))
                .extracting(Part::offset, Part::length)
                .containsExactly(tuple(400_700L, 300_000L), tuple(700_700L, 300_000L));
        assertThat(playlist.text()).doesNotContain("INDEPENDENT");
    }

    /** From the last key at or before {@code from}, as far as fragments begin before {@code to}. */
    private static List<String> wanted(Footage f, long fromUs, long toUs) {
        List<FragmentEntry> index = f.index();
        FragmentEntry last = index.get(index.size() - 1);
        if (last.startUs() + last.durationUs() <= fromUs) {
            return List.of();
        }
        int first = 0;
        for (int i = 0; i < index.size(); i++) {
            if (index.get(i).key() && index.get(i).startUs() <= fromUs) {
                first = i;
            }
        }
        return index.subList(first, index.size()).stream()
                .filter(e -> e.startUs() < toUs)
                .map(e -> f.segment().id() + "@" + e.offset())
                .toList();
    }

    private static List<Part> parse(String text) {
        List<Part> parts = new ArrayList<>();
        String map = null;
        boolean discontinuity = false;
        long durationUs = -1;
        String range = null;
        for (String line : text.split("\n")) {
            if (line.startsWith("#EXT-X-MAP:URI=\"")) {
                map = line.substring("#EXT-X-MAP:URI=\"".length(), line.length() - 1);
            } else if (line.equals("#EXT-X-DISCONTINUITY")) {
                discontinuity = true;
            } else if (line.startsWith("#EXTINF:")) {
                assertThat(line).matches("#EXTINF:\\d+\\.\\d{6},");
                durationUs = Long.parseLong(line.replaceAll("[^0-9]", ""));
            } else if (line.startsWith("#EXT-X-BYTERANGE:")) {
                range = line.substring("#EXT-X-BYTERANGE:".length());
            } else if (!line.startsWith("#")) {
                String[] at = range.split("@");
                parts.add(new Part(line, Long.parseLong(at[1]), Long.parseLong(at[0]), durationUs, discontinuity, map));
                discontinuity = false;
            }
        }
        return parts;
    }

    @Provide
    Arbitrary<Long> offsets() {
        return Arbitraries.longs().between(-5_000_000L, 120_000_000L);
    }

    @Provide
    Arbitrary<Long> lengths() {
        return Arbitraries.longs().between(1, 60_000_000L);
    }

    record Shape(int fragments, int keyEvery, long durationUs, boolean newRun, boolean newFormat) {}

    @Provide
    Arbitrary<List<Footage>> footage() {
        Arbitrary<Shape> shapes = Combinators.combine(
                        Arbitraries.integers().between(1, 25),
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.longs().between(40_000, 2_500_000),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false, false))
                .as(Shape::new);
        return shapes.list().ofMinSize(1).ofMaxSize(6).map(VodPlaylistProperties::lay);
    }

    private static List<Footage> lay(List<Shape> shapes) {
        List<Footage> all = new ArrayList<>();
        long atUs = START_US;
        UUID run = new UUID(9, 0);
        int format = 0;
        for (Shape shape : shapes) {
            if (shape.newRun() || shape.newFormat()) {
                run = new UUID(9, all.size() + 1);
                atUs += shape.newRun() ? 3_000_000 : 0;
                format += shape.newFormat() ? 1 : 0;
            }
            long startUs = atUs;
            List<FragmentEntry> index = new ArrayList<>();
            long offset = 700;
            for (int i = 0; i < shape.fragments(); i++) {
                int length = 1_000 + i;
                index.add(new FragmentEntry(offset, length, atUs, shape.durationUs(), i % shape.keyEvery() == 0, 25));
                offset += length;
                atUs += shape.durationUs();
            }
            all.add(new Footage(FakeArchive.segment(startUs, atUs, run, all.size(), "0" + format, false), index));
        }
        return all;
    }
}
