// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.EdgeRecordings.Recording;
import org.nxvms.simulator.device.EdgeStore;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtp.PacketTrack;
import org.nxvms.simulator.rtsp.Camera;

/** What a camera has recorded itself is found and fetched; and what becomes of a fetch that fails. */
class OnvifRecordingsTest extends OnvifScene {
    private static final Instant NIGHT = Instant.parse("2026-01-01T02:00:00Z");
    private static final int FRAME_MS = 40;
    /** A second of pictures. */
    private static final long GOP_MS = 1_000;

    private static PacketTrack sent() {
        return camera.video(Camera.Role.MAIN);
    }

    private static void assertKind(Kind kind, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(DriverException.class, failed -> assertThat(failed.kind())
                        .as(failed.getMessage())
                        .isEqualTo(kind))
                .hasMessageContaining(words);
    }

    private static FetchedPictures fetched(EdgeRecordings edge, String id, Instant from, Instant to) throws Exception {
        try (EdgeRecordings.Download download = edge.fetch(id, from, to)) {
            assertThat(download.mediaType()).isEqualTo("video/mp4");
            return FetchedPictures.of(FetchedPictures.readAll(download));
        }
    }

    @Test
    void aTimeOfARecordingIsFetchedPictureByPictureAsItWasSentLive() throws Exception {
        EdgeStore.Recording kept = device.edge().add(NIGHT, NIGHT.plusSeconds(60));
        try (CameraSession session = open()) {
            EdgeRecordings edge = capability(session, EdgeRecordings.class);
            assertThat(edge.recordings(NIGHT.plusSeconds(10), NIGHT.plusSeconds(20)))
                    .contains(new Recording(kept.id(), NIGHT, Optional.of(NIGHT.plusSeconds(60))));
            assertThat(edge.recordings(NIGHT.minusSeconds(20), NIGHT)).isEmpty();

            Instant from = NIGHT.plusMillis(10_480);
            FetchedPictures pictures = fetched(edge, kept.id(), from, NIGHT.plusSeconds(20));
            pictures.assertAreThoseSentLive(sent(), FRAME_MS, 0);
            assertThat(pictures.first()).as("the key frame before").isBetween(from.minusMillis(GOP_MS), from);
            assertThat(pictures.last()).isEqualTo(NIGHT.plusSeconds(20).minusMillis(FRAME_MS));
            assertThat(pictures.init().format().video().orElseThrow().width()).isEqualTo(640);

            FetchedPictures rest = fetched(edge, kept.id(), NIGHT.plusSeconds(58), NIGHT.plusSeconds(3_600));
            rest.assertAreThoseSentLive(sent(), FRAME_MS, 0);
            assertThat(rest.last())
                    .as("the recording's end")
                    .isEqualTo(NIGHT.plusSeconds(60).minusMillis(FRAME_MS));
        }
    }

    @Test
    void theCameraRecordsOnWhileNobodyReachesItAndUntilItRestarts() throws Exception {
        Instant begun = device.edge().list(Instant.EPOCH, Instant.MAX).stream()
                .filter(one -> one.to().isEmpty())
                .findFirst()
                .orElseThrow()
                .from();
        awaitTime(begun.plusMillis(GOP_MS)); // it begins with a key frame, which may be of a moment later
        Instant away = device.time();
        camera.set(FaultKind.REFUSE_CONNECTION);
        awaitTime(away.plusMillis(2 * GOP_MS));
        camera.clearFaults();
        Instant back = device.time();
        try (CameraSession session = open()) {
            EdgeRecordings edge = capability(session, EdgeRecordings.class);
            Recording running = edge.recordings(away, back).stream()
                    .filter(one -> one.to().isEmpty())
                    .findFirst()
                    .orElseThrow();
            FetchedPictures missed = fetched(edge, running.id(), away, back);
            missed.assertAreThoseSentLive(sent(), FRAME_MS, 0);
            assertThat(missed.first())
                    .isBeforeOrEqualTo(away.truncatedTo(ChronoUnit.MILLIS).plusMillis(FRAME_MS));
            assertThat(missed.last()).isCloseTo(back, within(FRAME_MS, ChronoUnit.MILLIS));

            FetchedPictures toNow = fetched(edge, running.id(), away, back.plusSeconds(3_600));
            toNow.assertAreThoseSentLive(sent(), FRAME_MS, 0);
            assertThat(toNow.last()).as("what there is").isBetween(missed.last(), device.time());
        }
    }

    @Test
    void timesAreThoseOfTheDevicesClock() throws Exception {
        EdgeStore.Recording kept = device.edge().add(NIGHT, NIGHT.plusSeconds(60));
        camera.set(FaultKind.CLOCK_JUMP.fault(3_600));
        try (CameraSession session = open()) {
            FetchedPictures pictures = fetched(
                    capability(session, EdgeRecordings.class), kept.id(), NIGHT.plusSeconds(10), NIGHT.plusSeconds(15));
            pictures.assertAreThoseSentLive(sent(), FRAME_MS, 3_600_000);
            assertThat(pictures.last()).isEqualTo(NIGHT.plusSeconds(15).minusMillis(FRAME_MS));
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        EdgeStore.Recording kept = device.edge().add(NIGHT, NIGHT.plusSeconds(60));
        try (CameraSession session = open()) {
            EdgeRecordings edge = capability(session, EdgeRecordings.class);
            assertKind(Kind.NOT_FOUND, "no recording 'moon'", () -> edge.fetch("moon", NIGHT, NIGHT.plusSeconds(1)));
            assertKind(Kind.NOT_FOUND, "no recording", () -> edge.fetch("a&b", NIGHT, NIGHT.plusSeconds(1)));
            assertKind(
                    Kind.NOT_FOUND,
                    "nothing of the recording",
                    () -> edge.fetch(kept.id(), NIGHT.plusSeconds(100), NIGHT.plusSeconds(101)));
            camera.set(FaultKind.BUSY);
            assertKind(Kind.BUSY, "refuses SETUP", () -> edge.fetch(kept.id(), NIGHT, NIGHT.plusSeconds(1)));
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
            assertKind(Kind.CLOSED, "closed", () -> download.read(ByteBuffer.allocate(1)));
            assertThat(edge.recordings(NIGHT, NIGHT.plusSeconds(1)))
                    .as("the session goes on")
                    .isNotEmpty();
        }
    }

    @Test
    void aDownloadEndsWithItsSession() throws Exception {
        EdgeStore.Recording kept = device.edge().add(NIGHT, NIGHT.plusSeconds(36_000));
        CameraSession session = open();
        EdgeRecordings.Download download =
                capability(session, EdgeRecordings.class).fetch(kept.id(), NIGHT, NIGHT.plusSeconds(36_000));
        session.close();
        assertKind(Kind.CLOSED, "closed", () -> FetchedPictures.readAll(download));
    }

    @Test
    void aDownloadThatBreaksOffOrHangsSaysSo() throws Exception {
        EdgeStore.Recording kept = device.edge().add(NIGHT, NIGHT.plusSeconds(36_000));
        for (FaultKind fault : List.of(FaultKind.REFUSE_CONNECTION, FaultKind.HALF_OPEN)) {
            try (CameraSession session = driver.open(target(farm.httpUri(1), "pass", Map.of(), BRIEF_MS))) {
                EdgeRecordings edge = capability(session, EdgeRecordings.class);
                EdgeRecordings.Download download = edge.fetch(kept.id(), NIGHT, NIGHT.plusSeconds(36_000));
                camera.set(fault);
                assertKind(Kind.UNREACHABLE, "broke off", () -> FetchedPictures.readAll(download));
                download.close();
            }
            well();
        }
    }

    @Test
    void anInterruptEndsADownloadThatWaits() throws Exception {
        EdgeStore.Recording kept = device.edge().add(NIGHT, NIGHT.plusSeconds(36_000));
        try (CameraSession session = open()) {
            EdgeRecordings.Download download =
                    capability(session, EdgeRecordings.class).fetch(kept.id(), NIGHT, NIGHT.plusSeconds(36_000));
            camera.set(FaultKind.HALF_OPEN);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> FetchedPictures.readAll(download)).isInstanceOf(InterruptedException.class);
            download.close();
        }
    }

    @Test
    void moreRecordingsThanOneAnswerHoldsAreListed() throws Exception {
        Instant old = Instant.parse("2025-01-01T00:00:00Z");
        for (int i = 0; i < 230; i++) {
            device.edge().add(old.plusSeconds(60L * i), old.plusSeconds(60L * i + 30));
        }
        try (CameraSession session = open()) {
            List<Recording> found =
                    capability(session, EdgeRecordings.class).recordings(old, old.plusSeconds(60L * 230));
            assertThat(found).extracting(Recording::from).isSorted().hasSize(230);
        }
    }

    private static List<String> found(Map<String, String> settings) throws Exception {
        try (CameraSession session = driver.open(target(settings))) {
            return capability(session, EdgeRecordings.class).recordings(Instant.EPOCH, Instant.MAX).stream()
                    .map(Recording::id)
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void ofADeviceWithTwoLensesEachCameraHasItsOwn(int telling) throws Exception {
        String kept = device.edge().add(NIGHT, NIGHT.plusSeconds(60)).id();
        camera.set(FaultKind.SECOND_LENS.fault(telling));

        assertThat(found(Map.of())).contains(kept).noneMatch(id -> id.startsWith("lens_2"));
        assertThat(found(Map.of("mainProfile", "lens_2")))
                .contains("lens_2_" + kept)
                .allMatch(id -> id.startsWith("lens_2"));
        try (CameraSession session = open()) {
            EdgeRecordings edge = capability(session, EdgeRecordings.class);
            edge.fetch(kept, NIGHT, NIGHT.plusSeconds(1)).close();
            assertKind(Kind.NOT_FOUND, "no recording", () -> edge.fetch("lens_2_" + kept, NIGHT, NIGHT.plusSeconds(1)));
        }
    }

    @Test
    void whatMayBeOfAnotherLensIsNotOffered() throws Exception {
        device.edge().add(NIGHT, NIGHT.plusSeconds(60));
        camera.set(FaultKind.SECOND_LENS);

        assertThat(found(Map.of())).isEmpty();
        assertThat(found(Map.of("mainProfile", "lens_2"))).isEmpty();
    }

    @Test
    void tokensWithOtherCharactersHaveNamesOfThisContract() {
        for (String token : List.of("Rec_1", "SD/2026:11", "x_41", "Aufnahme ä")) {
            String id = OnvifRecordings.id(token).orElseThrow();
            assertThat(id).matches("[A-Za-z0-9._-]{1,128}");
            assertThat(OnvifRecordings.token(id)).contains(token);
        }
        assertThat(OnvifRecordings.id("/".repeat(100))).as("no room for it").isEmpty();
        assertThat(OnvifRecordings.token("x_nohex")).isEmpty();
    }

    @Test
    void whatADeviceTellsOfARecordingIsReadLoosely() throws Exception {
        assertThat(OnvifRecordings.time("2026-11-27T08:15:00")).contains(Instant.parse("2026-11-27T08:15:00Z"));
        assertThat(OnvifRecordings.time("2026-11-27T09:15:00.5+01:00"))
                .contains(Instant.parse("2026-11-27T08:15:00.500Z"));
        assertThat(OnvifRecordings.time("yesterday")).isEmpty();
        assertThat(recording("<Track><TrackType>Audio</TrackType></Track>"))
                .as("sound only")
                .isEmpty();
        assertThat(recording("<RecordingStatus>Removed</RecordingStatus>")).isEmpty();
        assertThat(recording("<LatestRecording>2026-11-27T09:00:00Z</LatestRecording>"))
                .contains(new Recording(
                        "r1",
                        Instant.parse("2026-11-27T08:00:00Z"),
                        Optional.of(Instant.parse("2026-11-27T09:00:00Z"))));
    }

    private static Optional<Recording> recording(String more) throws DriverException {
        String xml = "<RecordingInformation><RecordingToken>r1</RecordingToken>"
                + "<EarliestRecording>2026-11-27T08:00:00Z</EarliestRecording>" + more + "</RecordingInformation>";
        return OnvifRecordings.recording(XmlNode.read(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private static void awaitTime(Instant time) {
        while (device.time().isBefore(time)) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
