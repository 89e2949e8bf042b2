// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.playback.FakeArchive;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The DASH manifest names the parts that the HLS playlist does, at the times of the footage's own clock. */
class VodManifestProperties {
    private static final long START_US = 1_700_000_000_000_000L;
    /** How far the footage's clock is from wall time, and by how much a file more or less than its index says. */
    private static final long CLOCK_US = 5_000_000;

    private static final long DRIFT_US = 1_500;
    private static final Pattern MEDIA =
            Pattern.compile("\\.\\./\\.\\./tracks/([0-9a-f-]{36})/([va])/(\\d+)-(\\d+)\\.m4s");

    /** How much earlier than the pictures sound begins. */
    private static final long EARLIER_US = 12_345;

    private static final TrackFormat PICTURES = TrackFormats.mjpeg(640, 360);
    private static final TrackFormat SOUND = TrackFormats.opus(2);

    record Footage(Segment segment, List<FragmentEntry> index, boolean sound) {}

    record Shape(int fragments, int keyEvery, long durationUs, boolean newRun, boolean newFormat, boolean sound) {}

    /** The clock of each file is a little ahead of what the index of the one before says. */
    private static long shown(Segment segment, FragmentEntry fragment) {
        return fragment.startUs() - START_US + CLOCK_US + segment.sequence() * DRIFT_US;
    }

    private static VodManifest.Times times(List<Footage> footage) {
        return (segment, fragment) -> {
            long shown = shown(segment, fragment);
            VodManifest.Begin pictures = new VodManifest.Begin(PICTURES, shown, 0);
            return of(footage, segment.id().toString()).sound()
                    ? List.of(pictures, new VodManifest.Begin(SOUND, shown - EARLIER_US, 64_000))
                    : List.of(pictures);
        };
    }

    private static Footage of(List<Footage> footage, String uri) {
        return footage.stream()
                .filter(each -> uri.contains(each.segment().id().toString()))
                .findFirst()
                .orElseThrow();
    }

    @Property(tries = 200)
    void namesThePartsOfThePlaylistInPeriodsWithoutHoles(@ForAll("footage") List<Footage> footage) throws Exception {
        long toUs = START_US + 86_400_000_000L;
        VodPlaylist playlist = new VodPlaylist(START_US, toUs, true);
        VodManifest manifest = new VodManifest(START_US, toUs, times(footage));
        for (Footage each : footage) {
            assertThat(playlist.add(each.segment(), each.index())).isTrue();
            assertThat(manifest.add(each.segment(), each.index())).isTrue();
        }
        Document document = parsed(manifest.text());
        List<Element> periods = elements(document.getDocumentElement(), "Period");
        List<String> urls = new ArrayList<>();
        for (Element period : periods) {
            elements(elements(period, "AdaptationSet").get(0), "SegmentURL").forEach(url -> urls.add(range(url)));
        }
        assertThat(urls).isEqualTo(ranges(playlist.text()));
        assertThat(periods).hasSize(stretches(playlist.text(), footage));
        long startUs = 0;
        for (Element period : periods) {
            assertThat(us(period.getAttribute("start")))
                    .as("periods follow each other")
                    .isEqualTo(startUs);
            startUs += us(period.getAttribute("duration"));
            List<Element> sets = elements(period, "AdaptationSet");
            assertThat(checked(sets.get(0), footage, sets.size() == 2, 0))
                    .isEqualTo(us(period.getAttribute("duration")));
            if (sets.size() == 2) {
                checked(sets.get(1), footage, true, EARLIER_US);
                assertThat(parts(sets.get(1))).isEqualTo(parts(sets.get(0)));
            }
        }
        assertThat(us(document.getDocumentElement().getAttribute("mediaPresentationDuration")))
                .isEqualTo(startUs);
    }

    /** {@return what goes on without a break, and with sound or without all the way} */
    private static int stretches(String playlist, List<Footage> footage) {
        int stretches = 0;
        Footage before = null;
        boolean broken = true;
        for (String line : playlist.split("\n")) {
            broken |= line.equals("#EXT-X-DISCONTINUITY");
            if (!line.startsWith("#")) {
                Footage of = of(footage, line);
                stretches += broken || of.sound() != before.sound() ? 1 : 0;
                before = of;
                broken = false;
            }
        }
        return stretches;
    }

    /** {@return which bytes of which segments, whatever the track} */
    private static List<String> parts(Element set) {
        return elements(set, "SegmentURL").stream()
                .map(url -> url.getAttribute("media").replaceAll("/[va]/", "/"))
                .toList();
    }

    /** {@return a part as the playlist names it} */
    private static String range(Element url) {
        Matcher media = MEDIA.matcher(url.getAttribute("media"));
        assertThat(media.matches()).as(url.getAttribute("media")).isTrue();
        return "#EXT-X-BYTERANGE:" + media.group(4) + "@" + media.group(3) + " ../../segments/" + media.group(1)
                + ".mp4";
    }

    /**
     * {@return how long the track's timeline is} It has no holes, and each file begins where its own clock says.
     *
     * @param sound whether there is sound in the period
     * @param earlierUs than the pictures the track begins
     */
    private static long checked(Element set, List<Footage> footage, boolean sound, long earlierUs) {
        Element list = elements(set, "SegmentList").get(0);
        long offset = Long.parseLong(list.getAttribute("presentationTimeOffset"));
        List<Long> starts = new ArrayList<>();
        long nextUs = -1;
        for (Element s : elements(set, "S")) {
            if (s.hasAttribute("t")) {
                long at = Long.parseLong(s.getAttribute("t"));
                assertThat(nextUs < 0 || nextUs == at)
                        .as("no hole before " + at)
                        .isTrue();
                nextUs = at;
            }
            int times = s.hasAttribute("r") ? Integer.parseInt(s.getAttribute("r")) + 1 : 1;
            for (int i = 0; i < times; i++) {
                starts.add(nextUs);
                nextUs += Long.parseLong(s.getAttribute("d"));
            }
        }
        assertThat(starts.get(0)).isEqualTo(offset - earlierUs);
        List<Element> urls = elements(set, "SegmentURL");
        assertThat(starts).hasSameSizeAs(urls);
        String before = "";
        for (int i = 0; i < urls.size(); i++) {
            Matcher media = MEDIA.matcher(urls.get(i).getAttribute("media"));
            assertThat(media.matches()).isTrue();
            if (!media.group(1).equals(before)) {
                Footage of = of(footage, media.group(1));
                assertThat(of.sound()).isEqualTo(sound);
                FragmentEntry fragment = of.index().stream()
                        .filter(e -> e.offset() == Long.parseLong(media.group(3)))
                        .findFirst()
                        .orElseThrow();
                assertThat(starts.get(i)).isEqualTo(shown(of.segment(), fragment) - earlierUs);
                assertThat(elements(set, "Initialization").get(0).getAttribute("sourceURL"))
                        .isEqualTo("../../init/" + of.segment().initId() + "-" + media.group(2) + ".mp4");
            }
            before = media.group(1);
        }
        return nextUs - offset;
    }

    private static List<String> ranges(String playlist) {
        List<String> ranges = new ArrayList<>();
        String range = "";
        for (String line : playlist.split("\n")) {
            if (line.startsWith("#EXT-X-BYTERANGE")) {
                range = line;
            } else if (!line.startsWith("#")) {
                ranges.add(range + " " + line);
            }
        }
        return ranges;
    }

    private static long us(String duration) {
        assertThat(duration).matches("PT\\d+\\.\\d{6}S");
        return Long.parseLong(duration.replaceAll("[^0-9]", ""));
    }

    private static List<Element> elements(Element of, String name) {
        NodeList nodes = of.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    static Document parsed(String text) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Provide
    Arbitrary<List<Footage>> footage() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 25),
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.longs().between(40_000, 2_500_000),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false, false),
                        Arbitraries.of(true, true, false))
                .as(Shape::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(VodManifestProperties::lay);
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
            Segment segment = FakeArchive.segment(startUs, atUs, run, all.size(), "0" + format, false, shape.sound());
            all.add(new Footage(segment, index, shape.sound()));
        }
        return all;
    }
}
