// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SessionDescriptionTest {
    private static SessionDescription parse(String text) throws SdpException {
        return SessionDescription.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aCamerasDescriptionIsRead() throws Exception {
        SessionDescription description = parse(
                """
                v=0
                o=- 1109162014219182 1109162014219192 IN IP4 x.y.z.w
                s=Media Presentation
                e=NONE
                c=IN IP4 0.0.0.0
                t=0 0
                a=control:rtsp://cam/Streaming/Channels/101/
                a=range:npt=now-
                m=video 0 RTP/AVP 96
                b=AS:5050
                a=control:trackID=1
                a=rtpmap:96 H264/90000
                a=framerate:25.000000
                a=fmtp:96 profile-level-id=4D0014; packetization-mode=0; sprop-parameter-sets=Z0IAHpWoKA9k,aM48gA==
                m=audio 0 RTP/AVP 104
                a=control:trackID=2
                a=rtpmap:104 mpeg4-generic/16000/1
                a=fmtp:104 profile-level-id=15; streamtype=5; mode=AAC-hbr; config=1408;SizeLength=13; IndexLength=3; IndexDeltaLength=3
                m=audio 0 RTP/AVP 8
                m=application 0 RTP/AVP 107
                a=rtpmap:107 vnd.onvif.metadata/90000
                """);

        assertThat(description.name()).isEqualTo("Media Presentation");
        assertThat(description.control()).contains("rtsp://cam/Streaming/Channels/101/");
        assertThat(description.range()).contains("npt=now-");
        assertThat(description.media())
                .extracting(MediaSection::kind)
                .containsExactly("video", "audio", "audio", "application");
        MediaSection video = description.media().get(0);
        assertThat(video.rtpMap()).contains(new MediaSection.RtpMap(96, "H264", 90_000, 1));
        assertThat(video.control()).contains("trackID=1");
        assertThat(video.frameRate()).hasValue(25);
        assertThat(video.formatParameters(96)).containsEntry("sprop-parameter-sets", "Z0IAHpWoKA9k,aM48gA==");
        MediaSection aac = description.media().get(1);
        assertThat(aac.rtpMap()).contains(new MediaSection.RtpMap(104, "MPEG4-GENERIC", 16_000, 1));
        assertThat(aac.config(104)).hasValue(new byte[] {0x14, 0x08});
        assertThat(aac.formatNumber(104, "sizeLength", 0)).isEqualTo(13);
        assertThat(description.media().get(2).rtpMap()).contains(new MediaSection.RtpMap(8, "PCMA", 8000, 1));
    }

    @Test
    void nonsenseIsSkippedLineByLine() throws Exception {
        SessionDescription description = parse("garbage\nx\nv=0\nm=video\nm=audio abc RTP/AVP 0 x 300\n"
                + "a=rtpmap:0 PCMU/notanumber\na=framerate:NaN\na=fmtp\na=rtpmap\n");

        assertThat(description.media()).hasSize(2);
        assertThat(description.media().get(0).rtpMap()).isEmpty();
        assertThat(description.media().get(1).rtpMap()).contains(new MediaSection.RtpMap(0, "PCMU", 8000, 1));
        assertThat(description.media().get(1).frameRate()).isEmpty();
    }

    @Test
    void whatIsNoDescriptionIsRefused() {
        assertThatThrownBy(() -> parse("<html>404</html>")).isInstanceOf(SdpException.class);
        assertThatThrownBy(() -> parse("v=0\n" + "m=video 0 RTP/AVP 96\n".repeat(17)))
                .hasMessageContaining("16");
        assertThatThrownBy(() -> parse("a".repeat(70_000))).hasMessageContaining("70000");
    }
}
