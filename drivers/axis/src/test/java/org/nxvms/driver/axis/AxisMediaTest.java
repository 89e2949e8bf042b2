// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.EdgeRecordings.Recording;
import org.nxvms.simulator.device.EdgeStore;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.test.kit.Awaiting;

/** What lasts: sound to the camera, and its own recordings from it. */
class AxisMediaTest extends AxisScene {
    private static final AudioOut.Format SPEECH = new AudioOut.Format(AudioOut.Codec.PCMU, 8_000, 1);
    private static final Instant NIGHT = Instant.parse("2026-01-01T02:00:00Z");

    private static byte[] readAll(EdgeRecordings.Download download) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(10_000);
        for (int count = download.read(piece); count >= 0; count = download.read(piece.clear())) {
            assertThat(count).isEqualTo(piece.position()).isPositive();
            all.write(piece.array(), 0, count);
        }
        return all.toByteArray();
    }

    private static void assertKind(
            Kind kind, String words, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(DriverException.class, failed -> assertThat(failed.kind())
                        .as(failed.getMessage())
                        .isEqualTo(kind))
                .hasMessageContaining(words);
    }

    @Test
    void recordingsOfACardAreListedAndFetched() throws Exception {
        EdgeStore.Recording kept = device.edge().add(NIGHT, NIGHT.plusSeconds(60));
        try (CameraSession session = open()) {
            EdgeRecordings edge = capability(session, EdgeRecordings.class);
            assertThat(edge.recordings(NIGHT.plusSeconds(10), NIGHT.plusSeconds(20)))
                    .contains(new Recording(kept.id(), NIGHT, Optional.of(NIGHT.plusSeconds(60))));
            assertThat(edge.recordings(NIGHT.minusSeconds(20), NIGHT)).isEmpty();
            List<Recording> now = edge.recordings(Instant.now(), Instant.now().plusSeconds(60));
            assertThat(now).singleElement().satisfies(one -> assertThat(one.to())
                    .isEmpty());

            byte[] file;
            try (EdgeRecordings.Download download = edge.fetch(kept.id(), NIGHT, NIGHT.plusSeconds(10))) {
                assertThat(download.mediaType()).isEqualTo("video/x-matroska");
                file = readAll(download);
            }
            assertThat(ByteBuffer.wrap(file).getInt()).as("a Matroska file").isEqualTo(0x1A45DFA3);
            assertThat(file.length).as("ten seconds of a megabit").isBetween(400_000, 4_000_000);

            assertKind(Kind.NOT_FOUND, "no recording 'moon'", () -> edge.fetch("moon", NIGHT, NIGHT.plusSeconds(1)));
            assertKind(Kind.NOT_FOUND, "no recording", () -> edge.fetch("a&b", NIGHT, NIGHT.plusSeconds(1)));
            assertKind(
                    Kind.NOT_FOUND,
                    "nothing of the recording",
                    () -> edge.fetch(kept.id(), NIGHT.plusSeconds(100), NIGHT.plusSeconds(101)));
        }
    }

    @Test
    void aDownloadIsReadAtTheReadersPaceAndClosedAtAnyTime() throws Exception {
        EdgeStore.Recording kept = device.edge().add(NIGHT, NIGHT.plusSeconds(36_000));
        try (CameraSession session = open()) {
            EdgeRecordings edge = capability(session, EdgeRecordings.class);
            EdgeRecordings.Download download = edge.fetch(kept.id(), NIGHT, NIGHT.plusSeconds(36_000));
            assertThat(download.read(ByteBuffer.allocate(1_000))).isPositive();
            download.close();
            download.close();
            assertKind(Kind.CLOSED, "", () -> download.read(ByteBuffer.allocate(1)));
            assertThat(edge.recordings(NIGHT, NIGHT.plusSeconds(1)))
                    .as("the session goes on")
                    .isNotEmpty();
        }
    }

    @Test
    void aDownloadThatBreaksOffOrHangsSaysSo() throws Exception {
        EdgeStore.Recording kept = device.edge().add(NIGHT, NIGHT.plusSeconds(36_000));
        for (FaultKind fault : List.of(FaultKind.REFUSE_CONNECTION, FaultKind.HALF_OPEN)) {
            try (CameraSession session = driver.open(target(farm.httpUri(1), "pass", Map.of(), BRIEF_MS))) {
                EdgeRecordings edge = capability(session, EdgeRecordings.class);
                EdgeRecordings.Download download = edge.fetch(kept.id(), NIGHT, NIGHT.plusSeconds(36_000));
                camera.set(fault);
                assertKind(Kind.UNREACHABLE, "download", () -> readAll(download));
                download.close();
            }
            camera.clearFaults();
        }
    }

    @Test
    void soundIsPlayedAsItIsSent() throws Exception {
        try (CameraSession session = open()) {
            AudioOut speaker = capability(session, AudioOut.class);
            assertThat(speaker.formats()).contains(SPEECH);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            try (AudioOut.Talk talk = speaker.talk(SPEECH)) {
                for (int i = 0; i < 50; i++) {
                    byte[] frame = new byte[160];
                    java.util.Arrays.fill(frame, (byte) i);
                    talk.send(ByteBuffer.wrap(frame));
                    sent.writeBytes(frame);
                }
                Awaiting.until("all was played", () -> device.speaker().last().bytes().length == sent.size());
                assertThat(device.speaker().last().bytes()).isEqualTo(sent.toByteArray());
                assertThat(device.speaker().last().contentType()).isEqualTo("audio/basic");

                try (CameraSession other = open()) {
                    AudioOut second = capability(other, AudioOut.class);
                    assertKind(Kind.BUSY, "busy", () -> second.talk(SPEECH));
                }
            }
            Awaiting.until("the camera is silent", () -> !device.speaker().isPlaying());
            AudioOut.Talk finer = speaker.talk(new AudioOut.Format(AudioOut.Codec.PCMU, 16_000, 1));
            awaitHeard(finer);
            finer.close();
            assertKind(
                    Kind.UNSUPPORTED, "mu-law", () -> speaker.talk(new AudioOut.Format(AudioOut.Codec.AAC, 16_000, 1)));
        }
        Awaiting.until("the camera is silent", () -> !device.speaker().isPlaying());
    }

    @Test
    void aCameraThatTakesNoSoundSaysSoInTime() throws Exception {
        try (CameraSession session = driver.open(target(farm.httpUri(1), "pass", Map.of(), BRIEF_MS))) {
            AudioOut speaker = capability(session, AudioOut.class);
            try (AudioOut.Talk talk = speaker.talk(SPEECH)) {
                camera.set(FaultKind.AUDIO_STUCK);
                assertKind(Kind.UNREACHABLE, "takes no more sound", () -> {
                    for (int i = 0; i < 10_000; i++) {
                        talk.send(ByteBuffer.wrap(new byte[AudioOut.FRAME_BYTES_MAX]));
                    }
                });
            }
            camera.clearFaults();
            Awaiting.until("the camera is silent", () -> !device.speaker().isPlaying());
        }
        camera.set(FaultKind.FORBIDDEN);
        try (CameraSession session = open()) {
            AudioOut speaker = capability(session, AudioOut.class);
            assertKind(Kind.UNSUPPORTED, "no right", () -> speaker.talk(SPEECH));
        }
    }

    @Test
    void whatWasBegunEndsWithItsSession() throws Exception {
        EdgeStore.Recording kept = device.edge().add(NIGHT, NIGHT.plusSeconds(36_000));
        CameraSession session = open();
        AudioOut.Talk talk = capability(session, AudioOut.class).talk(SPEECH);
        EdgeRecordings.Download download =
                capability(session, EdgeRecordings.class).fetch(kept.id(), NIGHT, NIGHT.plusSeconds(36_000));
        awaitHeard(talk);
        session.close();
        assertKind(Kind.CLOSED, "closed", () -> talk.send(ByteBuffer.wrap(new byte[160])));
        assertKind(Kind.CLOSED, "closed", () -> readAll(download));
        Awaiting.until("the camera is silent", () -> !device.speaker().isPlaying());
    }

    /** A talk that is over before it has come to the camera would begin there after it has ended, amid the next test. */
    private static void awaitHeard(AudioOut.Talk talk) throws Exception {
        talk.send(ByteBuffer.wrap(new byte[160]));
        Awaiting.until("the camera plays it", () -> device.speaker().isPlaying());
    }
}
