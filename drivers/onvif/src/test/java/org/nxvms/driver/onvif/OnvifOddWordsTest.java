// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DriverException.Kind;

/** Addresses, booleans and documents that the schemas let be, and that few devices write. */
class OnvifOddWordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "rtsp://ipc_1:8554/live rtsp://cam.example:8554/live",
                "rtsp://admin:p@ss@10.0.0.1:8554/live rtsp://cam.example:8554/live",
                "rtsp://[fe80::1%25eth0]:8554/live rtsp://cam.example:8554/live",
                "rtsp://[fe80::1]/live rtsp://cam.example/live",
                "rtsp://10.0.0.1:554/a?profile=Profile+1{x}|\\^ rtsp://cam.example:554/a?profile=Profile+1%7Bx%7D%7C%5C%5E",
                "rtsp://10.0.0.1/100%/%41%zz rtsp://cam.example/100%25/%41%25zz",
                "RTSP://10.0.0.1/a?b=c&d=é rtsp://cam.example/a?b=c&d=%C3%A9",
                "rtsp://10.0.0.1?x=[1] rtsp://cam.example/?x=[1]"
            })
    void addressesAreReadAsDevicesWriteThem(String told, String read) throws Exception {
        assertThat(OnvifStreams.streamUri(told, "cam.example")).hasToString(read);
    }

    @Test
    void blanksInAddressesAreKept() throws Exception {
        assertThat(OnvifStreams.streamUri(" rtsp://10.0.0.1/a?profile=Profile 1\n", "cam.example"))
                .hasToString("rtsp://cam.example/a?profile=Profile%201");
        assertThat(Services.path("http://ipc_1:8899/onvif/sub 7?id={1}")).contains("/onvif/sub%207?id=%7B1%7D");
        assertThat(OtherPorts.other(java.net.URI.create("http://cam.example"), "http://ipc_1:8899/onvif/x"))
                .hasValue(8899);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rtsp://10.0.0.1:99999/x", "rtsp:x", "live", "", "://x"})
    void whatIsNoAddressIsNone(String told) {
        OnvifDriverTest.assertKind(
                Kind.PROTOCOL, "is no address of a stream", () -> OnvifStreams.streamUri(told, "cam.example"));
    }

    @Test
    void documentsAreReadFromTheirFirstElementOnInWhateverCode() throws Exception {
        String document = "<?xml version=\"1.0\" encoding=\"%s\"?><r><Name>海康</Name></r>";
        Charset gbk = Charset.forName("GBK");
        assertThat(name(("\r\n \t\n" + document.formatted("UTF-8")).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("海康");
        assertThat(name(("\ufeff\r\n" + document.formatted("UTF-8")).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("海康");
        assertThat(name(document.formatted("GBK").getBytes(gbk))).isEqualTo("海康");
        assertThat(name(document.formatted("UTF-8").getBytes(gbk)))
                .as("what cannot be read is marked, and costs nothing else")
                .contains("\ufffd");
        OnvifDriverTest.assertKind(
                Kind.PROTOCOL,
                "is none",
                () -> XmlNode.read(" \n no XML \u00ff".getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String name(byte[] document) throws Exception {
        return XmlNode.read(document).text("Name");
    }

    @Test
    void noHeaderOfALoginHasToBeUnderstood() {
        assertThat(SoapText.usernameToken(new Credentials("root", "pass"), Instant.EPOCH))
                .contains("UsernameToken")
                .doesNotContain("mustUnderstand");
    }

    @Test
    void summerTimeStaysHoweverItIsWritten() throws Exception {
        OnvifDriver driver = new OnvifDriver();
        try (ScriptedDevice device = new ScriptedDevice()) {
            device.answers(
                            "GetSystemDateAndTime",
                            "<GetSystemDateAndTimeResponse><SystemDateAndTime><DateTimeType>Manual</DateTimeType>"
                                    + "<DaylightSavings>1</DaylightSavings><TimeZone><TZ>Europe/Berlin</TZ></TimeZone>"
                                    + "</SystemDateAndTime></GetSystemDateAndTimeResponse>")
                    .refusesWithout(
                            "SetSystemDateAndTime",
                            "</o:DaylightSavings><o:UTCDateTime>",
                            "<SetSystemDateAndTimeResponse/>");
            try (CameraSession session = driver.open(device.target())) {
                session.capability(DeviceClock.class).orElseThrow().set(Instant.parse("2030-01-01T00:00:00Z"));
            }
            assertThat(device.asked("<o:SetSystemDateAndTime "))
                    .as("its zone is said back first, and left out where it does not take what it told")
                    .hasSize(2)
                    .allSatisfy(request -> assertThat(request).contains("<o:DaylightSavings>true<"));
            assertThat(device.asked("<tt:TZ>Europe/Berlin<")).hasSize(1);
        } finally {
            driver.close();
        }
    }
}
