// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RtspUriTest {
    @ParameterizedTest
    @CsvSource({
        "rtsp://cam, cam, 554, ''",
        "RTSP://Cam.local:8554/Streaming/Channels/101?a=1&b=|x|, cam.local, 8554, /Streaming/Channels/101?a=1&b=|x|",
        "rtsp://user:p@ss:word@10.0.0.1/live, 10.0.0.1, 554, /live",
        "rtsp://[fe80::1]:8554/x, [fe80::1], 8554, /x",
        "rtsp://cam?channel=1, cam, 554, /?channel=1",
        "rtsp://cam:/x#frag, cam, 554, /x",
    })
    void urlsAreTakenAsPeopleTypeThem(String url, String host, int port, String path) {
        assertThat(RtspUri.parse(url).uri()).isEqualTo(new RtspUri(false, host, port, path));
    }

    @Test
    void aSecureUrlHasAPortOfItsOwnAndStaysSecure() {
        assertThat(RtspUri.parse("rtsps://u:p@cam/1").uri()).isEqualTo(new RtspUri(true, "cam", 322, "/1"));
        assertThat(RtspUri.parse("rtsps://cam:8322/1").toString()).isEqualTo("rtsps://cam:8322/1");
        assertThat(RtspUri.resolve("rtsps://cam/1", "rtsps://u:p@cam/1/track1")).isEqualTo("rtsps://cam/1/track1");
        assertThat(RtspUri.resolve("rtsps://cam/1?a=b/", "track1")).isEqualTo("rtsps://cam/1?a=b/track1");
        assertThat(RtspUri.resolve("rtsps://cam/1", "/track1")).isEqualTo("rtsps://cam/track1");
    }

    @Test
    void userInformationIsSplitOffAndNeverShown() {
        RtspUri.Parsed parsed = RtspUri.parse("rtsp://admin:geheim@cam/1");
        assertThat(parsed.userInfo()).contains("admin:geheim");
        assertThat(parsed.toString()).isEqualTo("rtsp://cam/1");
        assertThat(parsed.uri().address()).isEqualTo("cam");
        assertThat(RtspUri.parse("rtsp://[::1]/").uri().address()).isEqualTo("::1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://cam/",
                "rtsp://",
                "rtsp://cam:99999/",
                "rtsp://cam:a/",
                "rtsp://a b/",
                "cam",
                "rtsp://a:b:c/"
            })
    void whatIsNoRtspUrlIsRefusedWithAReason(String url) {
        assertThatThrownBy(() -> RtspUri.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the URL");
    }

    @ParameterizedTest
    @CsvSource({
        "rtsp://c/s, *, rtsp://c/s",
        "rtsp://c/s, trackID=1, rtsp://c/s/trackID=1",
        "rtsp://c/s/, trackID=1, rtsp://c/s/trackID=1",
        "rtsp://c/s?ch=1, trackID=1, rtsp://c/s?ch=1/trackID=1",
        "rtsp://c/s, /track/1, rtsp://c/track/1",
        "rtsp://c/s, rtsp://u:p@other/t, rtsp://other/t",
    })
    void controlsResolveAsCamerasMeanThem(String base, String control, String expected) {
        assertThat(RtspUri.resolve(base, control)).isEqualTo(expected);
    }

    @Test
    void theBaseIsTheFirstUsableOfThree() {
        RtspHeaders both = RtspHeaders.of("Content-Base", "/relative").with("Content-Location", "rtsp://c/loc/");
        assertThat(RtspUri.base(new RtspResponse(200, "", both), "rtsp://c/req"))
                .isEqualTo("rtsp://c/loc/");
        assertThat(RtspUri.base(new RtspResponse(200, "", RtspHeaders.EMPTY), "rtsp://c/req"))
                .isEqualTo("rtsp://c/req");
    }

    @Test
    void transportAndSessionHeadersAreRead() throws Exception {
        RtspTransport transport =
                RtspTransport.parse("RTP/AVP/TCP;unicast;interleaved=4-5;ssrc=DEADBEEF;mode=\"PLAY\"");
        assertThat(transport.kind()).isEqualTo(RtspTransport.Kind.TCP);
        assertThat(transport.channels()).isEqualTo(new RtspTransport.Pair(4, 5));
        assertThat(transport.ssrc()).contains(0xDEADBEEF);
        assertThat(RtspTransport.parse("RTP/AVP;interleaved=7").channels()).isEqualTo(new RtspTransport.Pair(7, 8));
        assertThat(RtspTransport.parse("RTP/AVP/TCP;interleaved=999-x")
                        .channels()
                        .rtp())
                .isEqualTo(-1);

        RtspTransport unicast = RtspTransport.parse(
                "RTP/AVP/UDP; unicast; client_port=5000-5001; server_port=6970-6971; source=192.0.2.9; ssrc=xyz");
        assertThat(unicast.kind()).isEqualTo(RtspTransport.Kind.UDP);
        assertThat(unicast.serverPorts()).isEqualTo(new RtspTransport.Pair(6970, 6971));
        assertThat(unicast.source()).contains("192.0.2.9");
        assertThat(unicast.ssrc()).isEmpty();

        RtspTransport group =
                RtspTransport.parse("RTP/AVP;multicast;destination=239.1.2.3;port=5000-5001;ttl=16,RTP/AVP;unicast");
        assertThat(group.kind()).isEqualTo(RtspTransport.Kind.MULTICAST);
        assertThat(group.destination()).contains("239.1.2.3");
        assertThat(group.ports()).isEqualTo(new RtspTransport.Pair(5000, 5001));
        assertThat(RtspTransport.parse("").kind()).isEqualTo(RtspTransport.Kind.OTHER);
        assertThat(RtspTransport.parse("RAW/RAW/UDP;unicast").kind()).isEqualTo(RtspTransport.Kind.OTHER);

        assertThat(RtspSession.parse("ABC ; timeout = 30")).isEqualTo(new RtspSession("ABC", 30));
        assertThat(RtspSession.parse("ABC;timeout=30")).isEqualTo(new RtspSession("ABC", 30));
        assertThat(RtspSession.parse("ABC;timeout=-5")).isEqualTo(new RtspSession("ABC", 60));
        assertThatThrownBy(() -> RtspSession.parse(";timeout=3")).isInstanceOf(RtspException.class);
    }
}
