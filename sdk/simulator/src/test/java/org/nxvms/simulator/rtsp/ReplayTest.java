// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.device.EdgeStore;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtp.PacketTrack;

/** A recording is played as ONVIF has it: by absolute times, with the header extension, the pictures that were sent live. */
class ReplayTest {
    private static final Instant NIGHT = Instant.parse("2026-01-01T02:00:00Z");
    private static final int FRAME_MS = 40;
    private static final long NTP_TO_UNIX_SECONDS = 2_208_988_800L;

    private static CameraFarm farm;
    private static Camera camera;
    private static EdgeStore.Recording kept;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .clip(TestClips.SPEC)
                .data(TestClips.FOLDER)
                .dialect(OnvifDialect::new)
                .start();
        camera = farm.camera(1);
        kept = farm.device(1).edge().add(NIGHT, NIGHT.plusSeconds(4));
    }

    @AfterEach
    void well() {
        camera.clearFaults();
    }

    @AfterAll
    static void stop() {
        farm.close();
    }

    /** The first packet of a picture and the pictures' other packets, without the extension. */
    private record Picture(Instant time, int flags, int cseq, List<ByteBuffer> payloads) {}

    private static RtspClient client() throws IOException {
        return new RtspClient(camera.address(), camera.replayUri(kept.id()));
    }

    private static RtspClient.Response play(RtspClient client, String... headers) throws IOException {
        return playing(client, kept.id(), headers);
    }

    private static RtspClient.Response playing(RtspClient client, String recording, String... headers)
            throws IOException {
        String session = client.setup(0).session();
        List<String> all = new ArrayList<>(List.of("Session: " + session, "Require: onvif-replay"));
        all.addAll(Arrays.asList(headers));
        return client.request("PLAY", camera.replayUri(recording), all.toArray(String[]::new));
    }

    private static Picture picture(RtspClient client) throws IOException {
        List<ByteBuffer> payloads = new ArrayList<>();
        RtspClient.Frame first = client.frame(0);
        ByteBuffer head = ByteBuffer.wrap(first.bytes());
        assertThat(head.get(0) & 0x10).as("X bit").isEqualTo(0x10);
        assertThat(head.getInt(12)).as("profile and words").isEqualTo(0xABAC0003);
        long seconds = (head.getInt(16) & 0xFFFF_FFFFL) - NTP_TO_UNIX_SECONDS;
        long millis = Math.round((head.getInt(20) & 0xFFFF_FFFFL) * 1_000.0 / (1L << 32));
        payloads.add(head.slice(28, head.capacity() - 28));
        for (RtspClient.Frame frame = first; !frame.marker(); ) {
            frame = client.frame(0);
            payloads.add(ByteBuffer.wrap(frame.bytes()).slice(12, frame.bytes().length - 12));
        }
        return new Picture(
                Instant.ofEpochSecond(seconds).plusMillis(millis), head.get(24) & 0xff, head.get(25) & 0xff, payloads);
    }

    @Test
    void aTimeIsPlayedWithThePicturesThatWereSentThen() throws IOException {
        PacketTrack track = camera.video(Camera.Role.MAIN);
        try (RtspClient client = client()) {
            assertThat(client.describe().body())
                    .contains("a=range:clock=20260101T020000Z-20260101T020004Z", "a=x-onvif-track:VIDEO001");
            RtspClient.Response playing =
                    play(client, "Rate-Control: no", "Range: clock=20260101T020001.500Z-20260101T020003Z");
            assertThat(playing.status()).isEqualTo(200);
            int cseq = Integer.parseInt(playing.header("cseq"));
            Picture first = picture(client);
            assertThat(playing.header("range")).startsWith("clock=20260101T02000");
            assertThat(first.time()).isBetween(NIGHT.plusMillis(1_100), NIGHT.plusMillis(1_500));
            assertThat(first.flags() & 0xf0)
                    .as("a clean point after a discontinuity")
                    .isEqualTo(0xa0);
            Picture last = first;
            for (int i = 1; last.time().isBefore(NIGHT.plusMillis(3_000 - FRAME_MS)); i++) {
                last = picture(client);
                assertThat(last.time()).isEqualTo(first.time().plusMillis((long) i * FRAME_MS));
                assertThat(last.cseq()).isEqualTo(cseq);
                int unit = (int) Math.floorMod(last.time().toEpochMilli() / FRAME_MS, (long) track.unitCount());
                assertThat(last.payloads()).isEqualTo(StreamingTest.payloads(track, unit));
                boolean key = track.keyFrom(unit) == unit;
                assertThat(last.flags()).as("flags of %s", last.time()).isEqualTo(key ? 0x80 : 0);
            }
        }
    }

    @Test
    void timeThatPassesAtOnceIsRecordedAndSentAsIfSomebodyHadWaited() throws IOException {
        Instant before = camera.time();
        Instant still = camera.trueTime();
        camera.pass(Duration.ofMinutes(10));
        assertThat(Duration.between(before, camera.time())).isGreaterThanOrEqualTo(Duration.ofMinutes(10));
        assertThat(Duration.between(still, camera.trueTime())).isGreaterThanOrEqualTo(Duration.ofMinutes(10));

        Instant amid = before.plusSeconds(300);
        String going =
                farm.device(1).edge().list(amid, amid.plusSeconds(1)).get(0).id();
        PacketTrack track = camera.video(Camera.Role.MAIN);
        try (RtspClient client = new RtspClient(camera.address(), camera.replayUri(going))) {
            assertThat(playing(client, going, "Rate-Control: no", "Range: clock=" + ClockRange.text(amid) + "-")
                            .status())
                    .isEqualTo(200);
            Picture last = picture(client);
            assertThat(last.time()).isBeforeOrEqualTo(amid);
            Instant end = amid.plusSeconds(10);
            while (last.time().isBefore(end)) {
                Picture next = picture(client);
                assertThat(next.time()).isEqualTo(last.time().plusMillis(FRAME_MS));
                int unit = (int) Math.floorMod(next.time().toEpochMilli() / FRAME_MS, (long) track.unitCount());
                assertThat(next.payloads()).isEqualTo(StreamingTest.payloads(track, unit));
                last = next;
            }
        }
        assertThatThrownBy(() -> camera.pass(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLastPictureThereIsSaysSo() throws IOException {
        try (RtspClient client = client()) {
            assertThat(play(client, "Rate-Control: no", "Range: clock=20260101T020003Z-")
                            .status())
                    .isEqualTo(200);
            Picture last = picture(client);
            while (last.time().isBefore(NIGHT.plusMillis(4_000 - FRAME_MS))) {
                assertThat(last.flags() & 0x50).as("end and terminal").isZero();
                last = picture(client);
            }
            assertThat(last.flags() & 0x50).isEqualTo(0x50);
        }
    }

    @Test
    void withRateControlARecordingTakesItsTime() throws IOException {
        try (RtspClient client = client()) {
            long begun = System.nanoTime();
            play(client, "Range: clock=20260101T020000Z-");
            Instant first = picture(client).time();
            while (picture(client).time().isBefore(first.plusMillis(1_000))) {
                // Read on.
            }
            assertThat(System.nanoTime() - begun).isGreaterThan(900_000_000L);
        }
    }

    @Test
    void whatCannotBePlayedIsRefused() throws IOException {
        try (RtspClient client = client()) {
            assertThat(client.describe("Require: time-travel").status()).isEqualTo(551);
            assertThat(client.request("DESCRIBE", camera.replayUri("moon")).status())
                    .isEqualTo(404);
            assertThat(client.setup(0, "RTP/AVP;unicast;client_port=5000-5001").status())
                    .isEqualTo(461);
            assertThat(client.inSession("PLAY").status()).isEqualTo(454);
            for (String range : List.of("npt=0-", "clock=20260101T020010Z-", "clock=20261301T000000Z-")) {
                try (RtspClient other = client()) {
                    assertThat(play(other, "Range: " + range).status())
                            .as(range)
                            .isEqualTo(457);
                }
            }
            camera.set(FaultKind.BUSY);
            assertThat(client.setup(0).status()).isEqualTo(453);
        }
    }
}
