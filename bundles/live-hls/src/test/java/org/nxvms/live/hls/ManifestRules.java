// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A player's strict reading of a dynamic manifest (ISO/IEC 23009-1). */
final class ManifestRules {
    /** A segment as the manifest names it. */
    record Listed(String uri, long ticks, long durationTicks, Instant time) {}

    /** What a manifest says. */
    record Manifest(List<Listed> segments, String initialisation, int periods) {
        Listed newest() {
            return segments.get(segments.size() - 1);
        }
    }

    private ManifestRules() {}

    /** {@return what it says of the pictures, or of what there is alone} */
    static Manifest read(String text) throws Exception {
        return read(text, 0);
    }

    /** {@return what it says of the sound beside them} */
    static Manifest readSound(String text) throws Exception {
        return read(text, 1);
    }

    private static Manifest read(String text, int set) throws Exception {
        Element mpd = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
        assertThat(mpd.getAttribute("type")).isEqualTo("dynamic");
        Instant begin = Instant.parse(mpd.getAttribute("availabilityStartTime"));
        assertThat(Duration.parse(mpd.getAttribute("minimumUpdatePeriod"))).isPositive();
        assertThat(all(mpd, "UTCTiming")).hasSize(1);
        List<Listed> segments = new ArrayList<>();
        String initialisation = "";
        Instant end = Instant.MIN;
        double listedSeconds = 0;
        for (Element period : all(mpd, "Period")) {
            Instant start = begin.plus(Duration.parse(period.getAttribute("start")));
            Element of = all(period, "AdaptationSet").get(set);
            Element representation = all(of, "Representation").get(0);
            assertThat(representation.getAttribute("codecs"))
                    .as("one track each")
                    .doesNotContain(",");
            assertThat(representation.getAttribute("mimeType")).isEqualTo(of.getAttribute("contentType") + "/mp4");
            Element template = all(of, "SegmentTemplate").get(0);
            assertThat(template.getAttribute("availabilityTimeComplete")).isEqualTo("false");
            assertThat(Double.parseDouble(template.getAttribute("availabilityTimeOffset")))
                    .isPositive();
            long scale = Long.parseLong(template.getAttribute("timescale"));
            long offset = Long.parseLong(template.getAttribute("presentationTimeOffset"));
            assertThat(template.hasAttribute("startNumber"))
                    .as("FFmpeg goes by it in one place and not in the other")
                    .isFalse();
            initialisation = template.getAttribute("initialization");
            long next = -1;
            for (Element s : all(of, "S")) {
                long ticks = Long.parseLong(s.getAttribute("t"));
                long duration = Long.parseLong(s.getAttribute("d"));
                assertThat(next < 0 || Math.abs(next - ticks) <= 1)
                        .as("no hole before " + ticks)
                        .isTrue();
                next = ticks + duration;
                listedSeconds += (double) duration / scale;
                Instant time = start.plusNanos((ticks - offset) * 1_000_000_000 / scale);
                assertThat(time).as("periods do not overlap").isAfterOrEqualTo(end);
                segments.add(new Listed(
                        template.getAttribute("media").replace("$Time$", Long.toString(ticks)), ticks, duration, time));
            }
            end = start.plusNanos((next - offset) * 1_000_000_000 / scale).minusMillis(1);
        }
        assertThat(segments).isNotEmpty();
        assertThat(Duration.parse(mpd.getAttribute("timeShiftBufferDepth")).toMillis() / 1e3)
                .as("as far as it is there of the one that grows")
                .isCloseTo(
                        listedSeconds,
                        within(Duration.parse(mpd.getAttribute("maxSegmentDuration"))
                                        .toMillis()
                                / 1e3));
        return new Manifest(segments, initialisation, all(mpd, "Period").size());
    }

    private static List<Element> all(Element of, String name) {
        NodeList nodes = of.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }
}
