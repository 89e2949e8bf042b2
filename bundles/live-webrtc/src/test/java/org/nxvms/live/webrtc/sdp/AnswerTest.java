// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;

/** Offers as Chromium writes them, shortened, and such as nobody should write. */
class AnswerTest {
    private static final String OFFER =
            """
            v=0
            o=- 3327093912876 2 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0 1
            a=extmap-allow-mixed
            a=msid-semantic: WMS
            m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
            c=IN IP4 0.0.0.0
            a=rtcp:9 IN IP4 0.0.0.0
            a=ice-ufrag:Vd4u
            a=ice-pwd:Zg0Q5UZ5vSb0Wk3AyvDEjBzP
            a=ice-options:trickle
            a=fingerprint:sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF
            a=setup:actpass
            a=mid:0
            a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
            a=recvonly
            a=rtcp-mux
            a=rtcp-rsize
            a=rtpmap:111 opus/48000/2
            a=fmtp:111 minptime=10;useinbandfec=1
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104 107 108 109 114 117 118
            c=IN IP4 0.0.0.0
            a=setup:actpass
            a=mid:1
            a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
            a=recvonly
            a=rtcp-mux
            a=rtpmap:96 VP8/90000
            a=rtpmap:97 rtx/90000
            a=fmtp:97 apt=96
            a=rtpmap:103 H264/90000
            a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
            a=rtpmap:104 rtx/90000
            a=fmtp:104 apt=103
            a=rtpmap:107 H264/90000
            a=fmtp:107 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=64001f
            a=rtpmap:109 H264/90000
            a=fmtp:109 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f
            a=rtpmap:114 rtx/90000
            a=fmtp:114 apt=109
            a=rtpmap:117 H264/90000
            a=fmtp:117 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=f4001f
            """
                    .replace("\n", "\r\n");

    private static final Agreed.Sources SOURCES = new Agreed.Sources(0x11, 0xFFFF_FFFE);

    private static TrackFormat h264(String codecString) {
        return new TrackFormat(Codec.H264, 90_000, codecString, 640, 360, 0, 25, new byte[0]);
    }

    private static TrackFormat sound(Codec codec, int clockRate) {
        return new TrackFormat(codec, clockRate, "x", 0, 0, 1, 0, new byte[0]);
    }

    private static int payloadType(String codecString) throws OfferException {
        Offer.Section video = Offer.parse(OFFER).sections().get(1);
        return Agreed.video(video, h264(codecString), SOURCES).orElseThrow().payloadType();
    }

    @Test
    void thePayloadTypeOfTheNearestProfileIsTakenWhateverTheLevel() throws OfferException {
        assertThat(payloadType("avc1.42c028")).isEqualTo(103);
        assertThat(payloadType("avc1.4d4033")).isEqualTo(109);
        assertThat(payloadType("avc1.640028"))
                .as("none of it in fragments: main is nearest")
                .isEqualTo(109);
    }

    @Test
    void soundIsTakenAsItIsOrNotAtAll() throws OfferException {
        Offer.Section audio = Offer.parse(OFFER).sections().get(0);
        assertThat(Agreed.audio(audio, sound(Codec.PCM_MULAW, 8_000), SOURCES)
                        .orElseThrow()
                        .payloadType())
                .isZero();
        assertThat(Agreed.audio(audio, sound(Codec.PCM_ALAW, 8_000), SOURCES)
                        .orElseThrow()
                        .payloadType())
                .isEqualTo(8);
        assertThat(Agreed.audio(audio, sound(Codec.OPUS, 48_000), SOURCES)
                        .orElseThrow()
                        .encoding())
                .isEqualTo("opus/48000/2");
        assertThat(Agreed.audio(audio, sound(Codec.AAC, 16_000), SOURCES)).isEmpty();
        assertThat(Agreed.audio(audio, sound(Codec.PCM_ALAW, 16_000), SOURCES)).isEmpty();
    }

    @Test
    void theAnswerHasTheSectionsOfTheOfferInItsOrder() throws OfferException {
        Offer offer = Offer.parse(OFFER);
        Agreed video = Agreed.video(offer.sections().get(1), h264("avc1.42c028"), SOURCES)
                .orElseThrow();
        String answer = new Answer(
                        "user",
                        "password",
                        new byte[32],
                        List.of(new InetSocketAddress("192.0.2.7", 8_189), new InetSocketAddress("2001:db8::7", 8_189)),
                        List.of())
                .to(offer, 5, Map.of("1", video));
        assertThat(answer.lines().filter(line -> line.startsWith("m=")))
                .containsExactly("m=audio 0 UDP/TLS/RTP/SAVPF 111", "m=video 9 UDP/TLS/RTP/SAVPF 103 104");
        assertThat(answer)
                .contains("a=group:BUNDLE 1\r\n", "a=ice-lite\r\n", "a=setup:passive\r\n", "a=sendonly\r\n")
                .contains("a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\n")
                .contains("a=candidate:11 1 udp 2130706431 192.0.2.7 8189 typ host\r\n")
                .contains("a=candidate:12 1 udp 2130706175 2001:db8:0:0:0:0:0:7 8189 typ host\r\n")
                .contains("a=ssrc-group:FID 17 4294967294\r\n");
        assertThat(answer.indexOf("a=ssrc:17 "))
                .as("the pictures' source is named first")
                .isLessThan(answer.indexOf("a=ssrc:4294967294 "));
        assertThat(answer.replace("\r\n", "")).as("every line ends as lines do").doesNotContain("\n", "\r");
    }

    @Test
    void noOfferWritesLinesOfOurs() {
        for (String wrong : List.of(
                OFFER.replace("a=mid:1", "a=mid:1\tx"),
                OFFER.replace("a=mid:1", "a=mid:" + "1".repeat(17)),
                OFFER.replace("a=mid:1\r\n", ""),
                OFFER.replace("a=mid:1", "a=mid:0"),
                OFFER.replace("m=video 9 UDP/TLS/RTP/SAVPF 96", "m=vid<eo 9 UDP/TLS/RTP/SAVPF 96"),
                OFFER.replaceAll("(?m)^m=video.*", "m=video 9"),
                OFFER.replace("setup:actpass", "setup:passive"),
                OFFER.replace("4A:AD", "4A:XX"),
                OFFER.replaceAll("(?m)^m=.*", "x=1"),
                OFFER + OFFER.substring(OFFER.indexOf("m=audio")).repeat(4),
                "v=0\r\n" + "a=x\r\n".repeat(20_000))) {
            assertThatThrownBy(() -> Offer.parse(wrong)).as(wrong).isInstanceOf(OfferException.class);
        }
    }

    @Test
    void whatIsNotToBeReceivedIsNotSent() throws OfferException {
        for (String none : List.of(
                OFFER.replace("a=recvonly", "a=inactive"),
                OFFER.replace("a=recvonly", "a=sendonly"),
                OFFER.replace("m=video 9", "m=video 0").replace("m=audio 9", "m=audio 0"),
                OFFER.replace("a=group:BUNDLE 0 1\r\n", ""),
                OFFER.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"))) {
            assertThat(Offer.parse(none).sections()).as(none).noneMatch(Offer.Section::receives);
        }
        assertThat(Offer.parse(OFFER).sections()).allMatch(Offer.Section::receives);
    }

    /** They are protected with the same keys. */
    @Test
    void noTwoSourcesOfOnePlayerAreAlike() {
        Iterator<Integer> chance = List.of(7, 7, 8, 7, 9, 8, 9, 10).iterator();
        assertThat(Agreed.Sources.of(2, chance::next))
                .containsExactly(new Agreed.Sources(7, 8), new Agreed.Sources(9, 10));
    }
}
