// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.live.webrtc.rtp.Feedback;
import org.nxvms.live.webrtc.rtp.H264Packetizer;
import org.nxvms.live.webrtc.sdp.Agreed;
import org.nxvms.live.webrtc.sdp.Answer;
import org.nxvms.live.webrtc.sdp.Offer;
import org.nxvms.live.webrtc.sdp.OfferException;
import org.nxvms.live.webrtc.secure.Srtp;
import org.nxvms.live.webrtc.secure.SrtpKeys;
import org.nxvms.live.webrtc.secure.SrtpProfile;

/** Bytes from strangers: they are dropped, and nothing is thrown, or said that no offer should make us say. */
class DatagramFuzz {
    private static final Path NOWHERE = new Path() {
        @Override
        public boolean send(byte[] bytes, int at, int length) {
            return true;
        }

        @Override
        public InetSocketAddress peer() {
            return new InetSocketAddress("192.0.2.1", 5_000);
        }
    };

    @FuzzTest(maxDuration = "1m")
    void datagrams(byte[] data) {
        Viewers viewers = new Viewers(viewer -> {}, () -> 0);
        viewers.datagram(ByteBuffer.wrap(data), NOWHERE);
    }

    @FuzzTest(maxDuration = "1m")
    void reports(byte[] data) {
        AtomicInteger told = new AtomicInteger();
        Feedback.read(data, data.length, new Feedback.Listener() {
            @Override
            public void lost(int ssrc, int sequence) {
                if (sequence < 0 || sequence > 0xFFFF) {
                    throw new IllegalStateException("sequence number " + sequence);
                }
                told.incrementAndGet();
            }

            @Override
            public void keyWanted(int ssrc) {
                told.incrementAndGet();
            }
        });
        if (told.get() > data.length * 17 / 4 + 1) {
            throw new IllegalStateException(told + " lost packets in " + data.length + " bytes");
        }
        for (SrtpProfile profile : SrtpProfile.values()) {
            Srtp srtp = Srtp.of(new SrtpKeys(profile, new byte[16], new byte[profile.saltBytes()]));
            if (srtp.unprotectRtcp(data.clone(), data.length) >= 0) {
                throw new IllegalStateException("a forged report was believed");
            }
        }
    }

    @FuzzTest(maxDuration = "1m")
    void offers(byte[] data) {
        try {
            Offer offer = Offer.parse(new String(data, StandardCharsets.UTF_8));
            Optional<Agreed> video = offer.sections().stream()
                    .filter(Offer.Section::receives)
                    .flatMap(section -> Agreed.video(section, Stage.H264, new Agreed.Sources(1, 2)).stream())
                    .findFirst();
            Map<String, Agreed> agreed =
                    video.map(one -> Map.of(one.section().mid(), one)).orElse(Map.of());
            String answer = new Answer("u", "p", new byte[32], List.of(), List.of()).to(offer, 1, agreed);
            if (!answer.lines().allMatch(line -> line.matches("[vostcma]=[\\x20-\\x7e]+"))) {
                throw new IllegalStateException("a line that is none of ours: " + answer);
            }
        } catch (OfferException refused) {
            // says what is wrong
        }
    }

    @FuzzTest(maxDuration = "1m")
    void units(byte[] data) {
        for (byte[] payload : new H264Packetizer(List.of()).cut(ByteBuffer.wrap(data), data.length % 2 == 0)) {
            if (payload.length == 0 || payload.length > H264Packetizer.PAYLOAD_BYTES_MAX) {
                throw new IllegalStateException("a payload of " + payload.length + " bytes");
            }
        }
    }
}
