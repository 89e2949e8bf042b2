// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.AudioOut.Codec;
import org.nxvms.driver.spi.AudioOut.Format;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtsp.Ear;
import org.nxvms.test.kit.Awaiting;

/** Somebody talks through the back channel of a stream. */
class OnvifAudioTest extends OnvifScene {
    private static final Format MU_LAW = new Format(Codec.PCMU, 8_000, 1);
    private static final Format A_LAW = new Format(Codec.PCMA, 8_000, 1);

    /** A talk that was closed ends at the camera a moment later. */
    @BeforeEach
    void quiet() {
        Awaiting.until("the talk before has ended", () -> !device.speaker().isPlaying());
    }

    @Test
    void whatIsSaidIsPlayedAllOfItAndInOrder() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (CameraSession session = open()) {
            AudioOut speaker = capability(session, AudioOut.class);
            assertThat(speaker.formats()).containsExactly(MU_LAW, A_LAW);
            try (AudioOut.Talk talk = speaker.talk(A_LAW)) {
                // Longer than a packet, too.
                for (int length : new int[] {160, 1_000, 1_001, AudioOut.FRAME_BYTES_MAX, 1}) {
                    byte[] frame = new byte[length];
                    Arrays.fill(frame, (byte) length);
                    talk.send(ByteBuffer.wrap(frame));
                    said.writeBytes(frame);
                }
                await(said.size());
            }
        }
        assertThat(device.speaker().last().bytes()).isEqualTo(said.toByteArray());
    }

    private static void await(int bytes) {
        Awaiting.until("it is played", () -> device.speaker().last().bytes().length >= bytes);
    }

    @Test
    void oneTalksAtATime() throws Exception {
        try (CameraSession session = open();
                CameraSession other = open();
                AudioOut.Talk talk = capability(session, AudioOut.class).talk(MU_LAW)) {
            AudioOut speaker = capability(other, AudioOut.class);
            OnvifDriverTest.assertKind(Kind.BUSY, "Somebody else talks", () -> speaker.talk(MU_LAW));
            talk.send(ByteBuffer.wrap(new byte[160]));
        }
    }

    @Test
    void aTalkEndsWithItsSession() throws Exception {
        CameraSession session = open();
        AudioOut.Talk talk = capability(session, AudioOut.class).talk(MU_LAW);
        session.close();
        OnvifDriverTest.assertKind(Kind.CLOSED, "closed", () -> talk.send(ByteBuffer.wrap(new byte[160])));
        talk.close();
    }

    @Test
    void troubleHasItsKind() throws Exception {
        try (CameraSession session = open()) {
            AudioOut speaker = capability(session, AudioOut.class);
            OnvifDriverTest.assertKind(
                    Kind.UNSUPPORTED, "G.711", () -> speaker.talk(new Format(Codec.OPUS, 48_000, 1)));
            Ear ear = camera.ear();
            camera.hears(Ear.NONE);
            try {
                OnvifDriverTest.assertKind(Kind.UNSUPPORTED, "status 551", () -> speaker.talk(MU_LAW));
            } finally {
                camera.hears(ear);
            }
            camera.set(FaultKind.SDP_WITHOUT_MEDIA);
            speaker.talk(MU_LAW).close();
            camera.clearFaults();
            camera.set(FaultKind.NOT_FOUND);
            OnvifDriverTest.assertKind(Kind.UNSUPPORTED, "status 404", () -> speaker.talk(MU_LAW));
            camera.clearFaults();
        }
    }

    @Test
    void whatIsTakenIsReadInTheWordsOfBothServices() throws Exception {
        assertThat(formats("<r><Options><G711DecOptions/><AACDecOptions/></Options></r>"))
                .containsExactly(MU_LAW, A_LAW);
        assertThat(formats("<r><Options><Encoding>MP4A-LATM</Encoding></Options><Options><Encoding>pcma</Encoding>"
                        + "</Options></r>"))
                .containsExactly(A_LAW);
        assertThat(formats("<r><Options><AACDecOptions/></Options></r>")).isEmpty();
    }

    private static List<Format> formats(String xml) throws Exception {
        return OnvifAudio.formats(XmlNode.read(xml.getBytes(StandardCharsets.UTF_8)));
    }
}
