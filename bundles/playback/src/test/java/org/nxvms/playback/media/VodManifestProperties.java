// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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

    record Footage(Segment segment, List<FragmentEntry> index) {}

    record Shape(int fragments, int keyEvery, long durationUs, boolean newRun, boolean newFormat) {}

    /** The clock of each file is a little ahead of what the index of the one before says. */
    private static long shown(Segment segment, FragmentEntry fragment) {
        return fragment.startUs() - START_US + CLOCK_US + segment.sequence() * DRIFT_US;
    }

    @Property(tries = 200)
    void namesThePartsOfThePlaylistInPeriodsWithoutHoles(@ForAll("footage") List<Footage> footage) throws Exception {
        long toUs = START_US + 86_400_000_000L;
        VodPlaylist playlist = new VodPlaylist(START_US, toUs);
        VodManifest manifest = new VodManifest(START_US, toUs, VodManifestProperties::shown);
        for (Footage each : footage) {
            assertThat(playlist.add(each.segment(), each.index())).isTrue();
            assertThat(manifest.add(each.segment(), each.index())).isTrue();
        }
        Document document = parsed(manifest.text());
        List<String> urls = new ArrayList<>();
        for (Element url : elements(document.getDocumentElement(), "SegmentURL")) {
            String[] range = url.getAttribute("mediaRange").split("-");
            long length = Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1;
            urls.add("#EXT-X-BYTERANGE:" + length + "@" + range[0] + " " + url.getAttribute("media"));
        }
        assertThat(urls).isEqualTo(ranges(playlist.text()));

        List<Element> periods = elements(document.getDocumentElement(), "Period");
        long breaks =
                playlist.text().lines().filter("#EXT-X-DISCONTINUITY"::equals).count();
        assertThat(periods).hasSize((int) breaks + 1);
        long startUs = 0;
        for (Element period : periods) {
            assertThat(us(period.getAttribute("start")))
                    .as("periods follow each other")
                    .isEqualTo(startUs);
            startUs += us(period.getAttribute("duration"));
            assertThat(checked(period, footage)).isEqualTo(us(period.getAttribute("duration")));
        }
        assertThat(us(document.getDocumentElement().getAttribute("mediaPresentationDuration")))
                .isEqualTo(startUs);
    }

    /** {@return how long the period's timeline is} It has no holes, and each file begins where its own clock says. */
    private static long checked(Element period, List<Footage> footage) {
        Element list = elements(period, "SegmentList").get(0);
        long offset = Long.parseLong(list.getAttribute("presentationTimeOffset"));
        List<Long> starts = new ArrayList<>();
        long nextUs = -1;
        for (Element s : elements(period, "S")) {
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
        assertThat(starts.get(0)).isEqualTo(offset);
        List<Element> urls = elements(period, "SegmentURL");
        assertThat(starts).hasSameSizeAs(urls);
        String before = "";
        for (int i = 0; i < urls.size(); i++) {
            String media = urls.get(i).getAttribute("media");
            if (!media.equals(before)) {
                Footage of = footage.stream()
                        .filter(f -> media.contains(f.segment().id().toString()))
                        .findFirst()
                        .orElseThrow();
                long head =
                        Long.parseLong(urls.get(i).getAttribute("mediaRange").split("-")[0]);
                FragmentEntry fragment = of.index().stream()
                        .filter(e -> e.offset() == head)
                        .findFirst()
                        .orElseThrow();
                assertThat(starts.get(i)).isEqualTo(shown(of.segment(), fragment));
                assertThat(elements(period, "Initialization").get(0).getAttribute("sourceURL"))
                        .isEqualTo("../../init/" + of.segment().initId() + ".mp4");
            }
            before = media;
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
                        Arbitraries.of(true, false, false))
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
            all.add(new Footage(FakeArchive.segment(startUs, atUs, run, all.size(), "0" + format, false), index));
        }
        return all;
    }
}
