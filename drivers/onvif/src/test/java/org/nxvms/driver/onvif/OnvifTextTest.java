// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.kit.http.DeviceAddress;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.HttpClients;
import org.nxvms.driver.spi.DriverException.Kind;
import org.w3c.dom.Element;

/** What is written to devices and read from them, without one. */
class OnvifTextTest {
    /** As openssl computes it. */
    @Test
    void thePasswordsDigestIsOfNonceTimeAndPassword() {
        byte[] nonce = Base64.getDecoder().decode("LKqI6G/AikKCQrN0zqFlFg==");
        assertThat(SoapText.digest(nonce, "2010-09-16T07:50:45Z", "userpassword"))
                .isEqualTo("CRIobYUOnMSnYwEmnFDUyYNuKb0=");
    }

    @Test
    void textsKeepTheirMeaningInXml() throws Exception {
        String odd = "a<b>&\"c\u0000\u001f \u00e4\ud83d\ude00";
        XmlNode read = XmlNode.read(("<x>" + SoapText.escaped(odd) + "</x>").getBytes(StandardCharsets.UTF_8));
        assertThat(read.text()).isEqualTo("a<b>&\"c \u00e4\ud83d\ude00");
        XmlNode parameters =
                XmlNode.read("<r:Id xmlns:r=\"urn:r\" a=\"1\">7 &lt;</r:Id>".getBytes(StandardCharsets.UTF_8));
        assertThat(XmlNode.read(xml(parameters).getBytes(StandardCharsets.UTF_8)))
                .satisfies(again -> assertThat(again.namespace()).isEqualTo("urn:r"))
                .satisfies(again -> assertThat(again.attribute("a")).isEqualTo("1"))
                .satisfies(again -> assertThat(again.text()).isEqualTo("7 <"));
    }

    /** Whoever reads it elsewhere reads the same: topics and types are names with prefixes, in texts and in values. */
    @Test
    void whatIsSaidBackDeclaresThePrefixesOfItsTexts() throws Exception {
        XmlNode told = XmlNode.read(
                """
                <e xmlns:x="urn:topics" xmlns:xsi="urn:xsi" xmlns:t="urn:types"><p xmlns="urn:p" xmlns:own="urn:own">\
                <x:q xsi:type="t:Kind" plain="7:30">x:Motion or own:Thing, http://none.example</x:q></p></e>"""
                        .getBytes(StandardCharsets.UTF_8));
        String again = xml(told.find("p", "q").orElseThrow(), new XmlNode.Attribute("urn:wsa", "Is", "true"));
        Element read = parsed(again);
        assertThat(read.getNamespaceURI()).isEqualTo("urn:topics");
        assertThat(read.lookupNamespaceURI("x")).isEqualTo("urn:topics");
        assertThat(read.lookupNamespaceURI("own")).isEqualTo("urn:own");
        assertThat(read.lookupNamespaceURI("t")).isEqualTo("urn:types");
        assertThat(read.getAttributeNS("urn:xsi", "type")).isEqualTo("t:Kind");
        assertThat(read.getAttributeNS("urn:wsa", "Is")).isEqualTo("true");
        assertThat(read.getAttribute("plain")).isEqualTo("7:30");
        assertThat(read.getTextContent()).isEqualTo("x:Motion or own:Thing, http://none.example");
        XmlNode other =
                XmlNode.read("<r xmlns=\"urn:a\" xmlns:x=\"urn:b\">x:name</r>".getBytes(StandardCharsets.UTF_8));
        assertThat(parsed(xml(other)).getNamespaceURI())
                .as("our prefix is the text's")
                .isEqualTo("urn:a");
        assertThat(parsed(xml(other)).lookupNamespaceURI("x")).isEqualTo("urn:b");
    }

    private static String xml(XmlNode node, XmlNode.Attribute... more) throws Exception {
        StringBuilder xml = new StringBuilder();
        node.write(xml, 1_000, more);
        return xml.toString();
    }

    private static Element parsed(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    @Test
    void aDeviceCannotSendUsElsewhere() throws Exception {
        assertThat(Services.path("http://10.0.0.1/onvif/media?x=1")).contains("/onvif/media?x=1");
        assertThat(Services.path("http://192.0.2.1:8080/a")).contains("/a");
        assertThat(Services.path("//elsewhere.example/a")).contains("/a");
        assertThat(Services.path("http://x//elsewhere.example/a")).isEmpty();
        assertThat(Services.path("not an address")).isEmpty();
        assertThat(Services.path("")).isEmpty();
        assertThat(OnvifStreams.streamUri("rtsp://a:b@10.0.0.1:8554/live?x=1", "cam.example")
                        .toString())
                .isEqualTo("rtsp://cam.example:8554/live?x=1");
        assertThat(OnvifStreams.streamUri("http://10.0.0.1/live", "192.0.2.7").toString())
                .as("as some devices write the address of the tunnel")
                .isEqualTo("rtsp://192.0.2.7/live");
        OnvifDriverTest.assertKind(
                Kind.PROTOCOL, "is no address of a stream", () -> OnvifStreams.streamUri("file:///etc/hosts", "x"));
    }

    @Test
    void aPathIsNoOtherHost() throws Exception {
        URI twoHosts = URI.create("http://192.0.2.7//192.0.2.8/onvif");
        OnvifDriverTest.assertKind(Kind.CONFIG, "two slashes", () -> DeviceAddress.checkHost(twoHosts));
        HttpServer device = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        device.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        device.start();
        try (HttpClients clients = new HttpClients("test-http")) {
            URI base = URI.create("http://127.0.0.1:" + device.getAddress().getPort());
            DeviceHttp http = new DeviceHttp(clients.get(true), base, Optional.empty(), 30_000);
            // Nobody answers at port 1.
            int status =
                    http.exchange(DeviceHttp.Ask.get("//127.0.0.1:1/x"), 100).statusCode();
            assertThat(status).as("the device itself is asked").isEqualTo(204);
        } finally {
            device.stop(0);
        }
    }

    @Test
    void mainHasMostPixelsAndSubFewestOfTheSameSource() throws Exception {
        Profile uhd = profile("uhd", "H265", 3840, 2160, "v1");
        Profile jpeg = profile("jpeg", "JPEG", 4000, 3000, "v1");
        Profile cif = profile("cif", "H264", 352, 288, "v1");
        Profile d1 = profile("d1", "H264", 704, 576, "v1");
        Profile other = profile("other", "H264", 176, 144, "v2");
        OnvifSettings usual = OnvifSettings.parse(Map.of());
        Profiles chosen = Profiles.choose(List.of(jpeg, d1, uhd, cif, other), usual, true);
        assertThat(chosen.main()).isEqualTo(uhd);
        assertThat(chosen.sub()).contains(cif);
        assertThat(chosen.otherSources()).containsExactlyInAnyOrder("v2", "v2-configuration");
        assertThat(Profiles.choose(List.of(jpeg), usual, true).main())
                .as("better than nothing")
                .isEqualTo(jpeg);
        assertThat(Profiles.choose(List.of(jpeg, d1, uhd), OnvifSettings.parse(Map.of("mainProfile", "d1")), true)
                        .sub())
                .isEmpty();
        OnvifDriverTest.assertKind(
                Kind.UNSUPPORTED,
                "no media profile with H.264",
                () -> Profiles.choose(List.of(profile("old", "MPEG4", 640, 480, "v1")), usual, false));
    }

    private static Profile profile(String token, String encoding, int width, int height, String source) {
        return new Profile(
                token,
                token,
                "encoder-" + token,
                encoding,
                width,
                height,
                source,
                source + "-configuration",
                "",
                "",
                ProfileScene.NONE);
    }

    @Test
    void aFaultSaysWhatIsWrong() throws Exception {
        String fault =
                """
                <s:Body xmlns:s="s"><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:InvalidArgVal</s:Value>
                <s:Subcode><s:Value>ter:%s</s:Value></s:Subcode></s:Subcode></s:Code>
                <s:Reason><s:Text>why</s:Text></s:Reason></s:Fault></s:Body>""";
        Map<String, Kind> kinds = Map.of(
                "NoProfile", Kind.NOT_FOUND,
                "ActionNotSupported", Kind.UNSUPPORTED,
                "TooManyPresets", Kind.BUSY,
                "InvalidPosition", Kind.CONFIG);
        for (Map.Entry<String, Kind> one : kinds.entrySet()) {
            SoapFault read = SoapFault.of(
                            XmlNode.read(fault.formatted(one.getKey()).getBytes(StandardCharsets.UTF_8)))
                    .orElseThrow();
            assertThat(read.exception("X").kind()).as(one.getKey()).isEqualTo(one.getValue());
            assertThat(read.isAboutLogin()).isFalse();
        }
        assertThat(SoapFault.of(XmlNode.read(fault.formatted("NotAuthorized").getBytes(StandardCharsets.UTF_8))))
                .hasValueSatisfying(read -> assertThat(read.isAboutLogin()).isTrue());
    }
}
