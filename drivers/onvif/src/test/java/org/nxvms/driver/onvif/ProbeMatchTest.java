// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.kit.search.MdnsSearch;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;

/** What is read from an answer, and what is believed of it. */
class ProbeMatchTest {
    private static final String NVT = "dn:NetworkVideoTransmitter";

    private static String match(String endpoint, String types, String scopes, String addresses) {
        return "<d:ProbeMatch><a:EndpointReference><a:Address>" + endpoint
                + "</a:Address></a:EndpointReference><d:Types>" + types + "</d:Types><d:Scopes>" + scopes
                + "</d:Scopes><d:XAddrs>" + addresses + "</d:XAddrs></d:ProbeMatch>";
    }

    private static byte[] answer(String... matches) {
        return ("<s:Envelope xmlns:s='s' xmlns:a='a' xmlns:d='d'><s:Body><d:ProbeMatches>" + String.join("", matches)
                        + "</d:ProbeMatches></s:Body></s:Envelope>")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static FoundDevice device(String endpoint, String scopes, String addresses, String from) throws Exception {
        List<ProbeMatch> matches = WsDiscovery.present(answer(match(endpoint, NVT, scopes, addresses)));
        assertThat(matches).hasSize(1);
        return matches.get(0).device(InetAddress.getByName(from)).orElseThrow();
    }

    private static String address(String told, String from) throws Exception {
        return device("urn:x", "", told, from).address().toString();
    }

    private static String mac(String endpoint, String scopes) throws Exception {
        return device(endpoint, scopes, "", "192.0.2.7").identity().macAddress();
    }

    @Test
    void theAddressIsTheSendersWithThePortAndThePathThatItTells() throws Exception {
        String usual = "/onvif/device_service";
        assertThat(address("http://192.0.2.7" + usual, "192.0.2.7")).isEqualTo("http://192.0.2.7");
        assertThat(address("http://192.0.2.7:80" + usual, "192.0.2.7")).isEqualTo("http://192.0.2.7");
        assertThat(address("https://192.0.2.7/other?x=1", "192.0.2.7")).isEqualTo("https://192.0.2.7/other?x=1");
        assertThat(address("http://10.0.0.1:8000" + usual, "192.0.2.7"))
                .as("behind a router")
                .isEqualTo("http://192.0.2.7:8000");
        assertThat(address("http://10.0.0.1:81/a http://192.0.2.7:82/b", "192.0.2.7"))
                .as("its own before another")
                .isEqualTo("http://192.0.2.7:82/b");
        assertThat(address("http://[fe80::1]" + usual, "2001:db8::7")).isEqualTo("http://[2001:db8:0:0:0:0:0:7]");
        assertThat(address("", "192.0.2.7")).as("none").isEqualTo("http://192.0.2.7");
        assertThat(address("rtsp://192.0.2.7 http:// :: http://x:99999/", "192.0.2.7"))
                .as("none that is one")
                .isEqualTo("http://192.0.2.7");
    }

    @Test
    void itsNamesAreDecodedAndCut() throws Exception {
        String scopes = "onvif://www.onvif.org/name/Gate%20north%0A%E2%80%AE onvif://www.onvif.org/hardware/X%zz+1"
                + " onvif://www.onvif.org/manufacturer/" + "a".repeat(500);
        FoundDevice device = device("urn:x", scopes, "", "192.0.2.7");
        assertThat(device.name()).isEqualTo("Gate north");
        assertThat(device.identity()).isEqualTo(new DeviceIdentity("a".repeat(100), "X%zz+1", "", "", ""));
    }

    @Test
    void itsMacAddressIsWhatAScopeSaysOrTheNodeOfAUuidThatHasOne() throws Exception {
        assertThat(mac("urn:x", "onvif://www.onvif.org/MAC/AA:BB:cc:00:11:22")).isEqualTo("aa:bb:cc:00:11:22");
        assertThat(mac("urn:uuid:5581ad80-95b0-11e0-b883-accc8e0a0b0c", "")).isEqualTo("ac:cc:8e:0a:0b:0c");
        assertThat(mac("uuid:5581AD80-95B0-11E0-B883-ACCC8E0A0B0C", "")).isEqualTo("ac:cc:8e:0a:0b:0c");
        assertThat(mac("urn:uuid:5581ad80-95b0-41e0-b883-accc8e0a0b0c", ""))
                .as("of random numbers")
                .isEmpty();
        assertThat(mac("urn:uuid:5581ad80-95b0-11e0-b883-adcc8e0a0b0c", ""))
                .as("a node that is no MAC address")
                .isEmpty();
        assertThat(mac("urn:x", "onvif://www.onvif.org/MAC/none")).isEmpty();
    }

    @Test
    void onlyDevicesOfOnvifCount() {
        assertThat(WsDiscovery.present(answer(
                        match("urn:printer", "wsdp:Device wprt:PrintDeviceType", "", "http://192.0.2.9/"),
                        match("urn:nvt", "NetworkVideoTransmitter", "", ""),
                        match("urn:untyped", "", "onvif://www.onvif.org/type/ptz", ""))))
                .extracting(ProbeMatch::endpoint)
                .containsExactly("urn:nvt", "urn:untyped");
    }

    @Test
    void whatOneAnswerAndOneHostMayTellIsBounded() throws Exception {
        List<FoundDevice> found = new ArrayList<>();
        WsDiscovery discovery = new WsDiscovery(new SearchFindings() {
            @Override
            public void found(FoundDevice device, String endpoint) {
                found.add(device);
            }

            @Override
            public void gone(String endpoint) {}
        });
        int port = 0;
        for (int i = 0; i < 100; i++) {
            List<String> many = new ArrayList<>();
            for (int j = 0; j < 100; j++) {
                many.add(match("urn:" + i + "-" + j, NVT, "", "http://192.0.2.7:" + (1000 + port++) + "/"));
            }
            byte[] answer = answer(many.toArray(String[]::new));
            assertThat(WsDiscovery.present(answer)).hasSize(32);
            discovery.heard(answer, InetAddress.getByName("192.0.2.7"));
            discovery.heard(answer, InetAddress.getByName("192.0.2.7"));
        }
        assertThat(found).hasSize(256).doesNotHaveDuplicates();
        discovery.heard(answer(match("urn:other", NVT, "", "")), InetAddress.getByName("192.0.2.8"));
        assertThat(found).as("others are heard all the same").hasSize(257);
    }

    @Test
    void whoIsHeardOfWithoutItsEndpointFirstIsToldOfOnceMoreWithIt() throws Exception {
        List<String> told = new ArrayList<>();
        WsDiscovery discovery = new WsDiscovery(new SearchFindings() {
            @Override
            public void found(FoundDevice device, String endpoint) {
                told.add(device.address() + " " + endpoint);
            }

            @Override
            public void gone(String endpoint) {}
        });
        InetAddress itself = InetAddress.getByName("192.0.2.7");
        discovery.service(new MdnsSearch.Instance("_onvif._tcp", "Camera", Optional.of(80), Map.of(), itself));
        discovery.heard(answer(match("urn:1", NVT, "", "")), itself);
        discovery.heard(answer(match("urn:2", NVT, "", "")), itself);
        assertThat(told)
                .as("and the next one is not believed")
                .containsExactly("http://192.0.2.7 ", "http://192.0.2.7 urn:1");
    }

    @Test
    void whatIsNoAnswerIsNone() {
        for (String message :
                List.of("", "no XML", "<a/>", "<!DOCTYPE x [<!ENTITY e 'x'>]><x>&e;</x>", "<a>".repeat(9999))) {
            assertThat(WsDiscovery.present(message.getBytes(StandardCharsets.UTF_8)))
                    .isEmpty();
        }
    }

    @Test
    void aGreetingIsAnAnswerToo() throws Exception {
        byte[] hello = answer(match("urn:1", NVT, "", "http://192.0.2.7:81/a"));
        byte[] greeting = new String(hello, StandardCharsets.UTF_8)
                .replace("<d:ProbeMatches><d:ProbeMatch>", "<d:Hello>")
                .replace("</d:ProbeMatch></d:ProbeMatches>", "</d:Hello>")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(WsDiscovery.present(greeting))
                .isEqualTo(WsDiscovery.present(hello))
                .hasSize(1);
    }

    @Test
    void aDeviceSaysGoodbyeForItself() throws Exception {
        List<String> told = new ArrayList<>();
        WsDiscovery discovery = new WsDiscovery(new SearchFindings() {
            @Override
            public void found(FoundDevice device, String endpoint) {
                told.add(endpoint);
            }

            @Override
            public void gone(String endpoint) {
                told.add("gone " + endpoint);
            }
        });
        byte[] bye =
                ("<Envelope><Body><Bye><EndpointReference><Address>urn:1</Address></EndpointReference></Bye></Body>"
                                + "</Envelope>")
                        .getBytes(StandardCharsets.UTF_8);
        InetAddress itself = InetAddress.getByName("192.0.2.7");
        discovery.heard(bye, itself);
        discovery.heard(answer(match("urn:1", NVT, "", "")), itself);
        discovery.heard(bye, InetAddress.getByName("192.0.2.8"));
        discovery.heard(bye, itself);
        discovery.heard(answer(match("urn:1", NVT, "", "")), itself);
        assertThat(told).containsExactly("urn:1", "gone urn:1", "urn:1");
    }
}
