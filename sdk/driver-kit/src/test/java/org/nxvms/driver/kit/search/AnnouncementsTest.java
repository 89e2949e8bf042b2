// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What devices announce by multicast DNS and by SSDP, read within bounds. */
class AnnouncementsTest {
    private static final String SERVICE = "_rtsp._tcp";
    private static final String TARGET = "urn:schemas-upnp-org:device:DigitalSecurityCamera:1";

    private final List<MdnsSearch.Instance> instances = new ArrayList<>();
    private final List<SsdpSearch.Answer> answers = new ArrayList<>();
    private final InetAddress from = SearchInterfaces.literal("192.0.2.7");

    private void dns(byte[] datagram) {
        new MdnsSearch(List.of(SERVICE), instances::add).heard(datagram, from);
    }

    private void ssdp(String datagram) {
        new SsdpSearch(List.of(TARGET), answers::add).heard(datagram.getBytes(StandardCharsets.UTF_8), from);
    }

    @Test
    void anInstanceIsReadWithItsPortAndItsTexts() {
        dns(new DnsText(SERVICE)
                .instance("Gate. North", 8554, "Path=/live", "macaddress=ACCC8E0A0B0C", "flag", "path=/other")
                .instance("Yard", 554)
                .bytes());
        assertThat(instances)
                .containsExactly(
                        new MdnsSearch.Instance(
                                SERVICE,
                                "Gate. North",
                                Optional.of(8554),
                                Map.of("path", "/live", "macaddress", "ACCC8E0A0B0C"),
                                from),
                        new MdnsSearch.Instance(SERVICE, "Yard", Optional.of(554), Map.of(), from));
    }

    @Test
    void theQuestionIsNoAnswerAndOthersServicesAreNotOurs() {
        MdnsSearch search = new MdnsSearch(List.of(SERVICE), instances::add);
        search.heard(search.questions().get(0), from);
        dns(new DnsText("_ipp._tcp").instance("Printer", 631).bytes());
        assertThat(instances).isEmpty();
    }

    @Test
    void ofWhatIsCutOffTheWholeRecordsCount() {
        byte[] whole = new DnsText(SERVICE).instance("Gate", 8554, "path=/live").bytes();
        for (int length = 0; length < whole.length; length++) {
            dns(Arrays.copyOf(whole, length));
        }
        assertThat(instances).isNotEmpty().allSatisfy(instance -> assertThat(instance.name())
                .isEqualTo("Gate"));
    }

    @Test
    void pointersThatLeadInCirclesEnd() {
        byte[] circle = new DnsText(SERVICE).instance("Gate", 8554).bytes();
        // The name of the question points to itself; the one after to what comes later.
        circle[12] = (byte) 0xc0;
        circle[13] = 12;
        dns(circle);
        circle[13] = 40;
        dns(circle);
        assertThat(instances).isEmpty();
    }

    @Test
    void aNameOfNothingButPointersEndsSoon() {
        for (int pointers : new int[] {100, 4_000}) {
            ByteArrayOutputStream chain = new ByteArrayOutputStream();
            chain.writeBytes(new byte[] {0, 0, (byte) 0x84, 0, 0, 0, 0, 2, 0, 0, 0, 0});
            // A record whose data are a name and pointers, each to the one before it; then one whose name is the last.
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            data.writeBytes(DnsText.name(SERVICE + ".local"));
            int first = 12 + 11;
            for (int i = 0, to = first; i < pointers; i++) {
                int at = first + data.size();
                data.writeBytes(new byte[] {(byte) (0xc0 | to >> 8), (byte) to});
                to = at;
            }
            int last = first + data.size() - 2;
            chain.writeBytes(new byte[] {0, 0, 16, 0, 1, 0, 0, 0, 10, (byte) (data.size() >> 8), (byte) data.size()});
            chain.writeBytes(data.toByteArray());
            chain.writeBytes(new byte[] {(byte) (0xc0 | last >> 8), (byte) last, 0, 12, 0, 1, 0, 0, 0, 10, 0, 7});
            chain.writeBytes(new byte[] {4, 'G', 'a', 't', 'e', (byte) (0xc0 | first >> 8), (byte) first});
            instances.clear();
            dns(chain.toByteArray());
            assertThat(instances).as("%d pointers", pointers).hasSize(pointers == 100 ? 1 : 0);
        }
    }

    @Test
    void moreThanADatagramOfMulticastDnsHoldsIsNone() {
        DnsText text = new DnsText(SERVICE);
        for (int i = 0; i < 85; i++) {
            text.instance("Camera number " + i, 8_554, "path=/live" + "x".repeat(100));
        }
        assertThat(text.bytes()).hasSizeGreaterThan(9_000);
        dns(text.bytes());
        assertThat(instances).isEmpty();
    }

    @Test
    void whoMakesUpHostsFillsNoMemory() throws Exception {
        Sightings sightings = new Sightings();
        int told = 0;
        for (int i = 0; i < 20_000; i++) {
            InetAddress host = InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
            URI address = Sightings.address("rtsp", host, Optional.empty(), "").orElseThrow();
            told += sightings.isNew(address, "") ? 1 : 0;
        }
        assertThat(told).isEqualTo(10_000);
        Sightings one = new Sightings();
        assertThat(IntStream.range(0, 300).filter(i -> one.isNew(URI.create("rtsp://192.0.2.7/" + i), "")))
                .hasSize(256);
    }

    @Test
    void anAnswerOfSsdpIsReadByItsHeaders() {
        ssdp("HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nst:" + TARGET + "\r\nUSN: uuid:1::" + TARGET
                + "\r\nLocation: http://192.0.2.9/d.xml\r\nSERVER:  Linux UPnP/1.0 Cam/1\r\n\r\nbody: no");
        assertThat(answers)
                .containsExactly(new SsdpSearch.Answer(
                        TARGET, "uuid:1::" + TARGET, "http://192.0.2.9/d.xml", "Linux UPnP/1.0 Cam/1", from));
    }

    @Test
    void whoSaysToBeThereIsHeardAsWhoAnswers() {
        for (String what : List.of("alive", "byebye", "update")) {
            ssdp("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: " + TARGET + "\r\nNTS: ssdp:" + what
                    + "\r\nUSN: uuid:" + what + "\r\n\r\n");
        }
        assertThat(answers).containsExactly(new SsdpSearch.Answer(TARGET, "uuid:alive", "", "", from));
    }

    @Test
    void whatIsNoAnswerOfSsdpIsNone() {
        for (String text : List.of(
                "",
                "NOTIFY * HTTP/1.1\r\nST: " + TARGET + "\r\n\r\n",
                "HTTP/1.1 404 Not Found\r\nST: " + TARGET + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "x".repeat(5_000) + "\r\nST: " + TARGET + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100) + "ST: " + TARGET + "\r\n\r\n")) {
            ssdp(text);
        }
        assertThat(answers).isEmpty();
    }

    @Test
    void anAddressIsTheSenders() {
        assertThat(Sightings.address("rtsp", from, Optional.of(554), "/live?x=1"))
                .contains(URI.create("rtsp://192.0.2.7/live?x=1"));
        assertThat(Sightings.address("http", from, Optional.of(81), "")).contains(URI.create("http://192.0.2.7:81"));
        assertThat(Sightings.address("http", SearchInterfaces.literal("2001:db8::7"), Optional.empty(), ""))
                .contains(URI.create("http://[2001:db8:0:0:0:0:0:7]"));
        for (String path :
                List.of("@198.51.100.1/", ".example/", ":1@198.51.100.1/", " ", "%zz", "/%zz", "/live\u202e", "/a\n")) {
            assertThat(Sightings.address("http", from, Optional.empty(), path))
                    .as(path)
                    .isEmpty();
        }
        assertThat(Sightings.mac("AC-CC-8E-0A-0B-0C")).isEqualTo("ac:cc:8e:0a:0b:0c");
        assertThat(Sightings.mac("ACCC8E0A0B")).isEmpty();
    }
}
