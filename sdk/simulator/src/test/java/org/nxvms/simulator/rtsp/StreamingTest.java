// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.rtp.PacketTrack;

/** What arrives when nothing is wrong. Camera 1 sends pictures at once, 2 paces its packets, 3 has a clock of its own. */
class StreamingTest {
    private static final long NTP_TO_UNIX_SECONDS = 2_208_988_800L;
    private static final int OFFSET_MS = 3_600_000;

    private static CameraFarm farm;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .cameras(3)
                .clip(TestClips.SPEC)
                .data(TestClips.FOLDER)
                .settings(number -> switch (number) {
                    case 2 -> CameraSettings.DEFAULT.withPacketsPerMs(1).withAudio(AudioCodec.PCMU);
                    case 3 -> CameraSettings.DEFAULT.withClock(OFFSET_MS, 0).withPhaseMs(777);
                    default -> CameraSettings.DEFAULT;
                })
                .start();
    }

    @AfterAll
    static void stop() {
        farm.close();
    }

    @Test
    void sequenceAndTimeGoOnOverTheEndOfTheLoopAndNoByteIsWrong() throws IOException {
        for (int number = 1; number <= 2; number++) {
            Camera camera = farm.camera(number);
            PacketTrack track = camera.video(Camera.Role.MAIN);
            try (RtspClient client = RtspClient.of(camera, Camera.Role.MAIN)) {
                client.play(2);
                List<List<RtspClient.Frame>> units = videoUnits(client, track.unitCount() * 3 / 2);
                RtspClient.Frame previous = null;
                int start = indexOfUnit(track, units.get(0));
                for (int i = 0; i < units.size(); i++) {
                    for (RtspClient.Frame frame : units.get(i)) {
                        assertThat(previous == null ? 1 : frame.sequence() - previous.sequence() & 0xffff)
                                .isEqualTo(1);
                        assertThat(frame.timestamp() - units.get(0).get(0).timestamp())
                                .isEqualTo(i * 3600);
                        previous = frame;
                    }
                    assertThat(payloads(units.get(i))).isEqualTo(payloads(track, start + i));
                }
            }
        }
    }

    @Test
    void aSessionBeginsWithAKeyFrameWhereRtpInfoSays() throws IOException {
        try (RtspClient client = RtspClient.of(farm.camera(1), Camera.Role.MAIN)) {
            RtspClient.Response play = client.play(2);
            RtspClient.Frame first = client.frame(0);
            assertThat(first.nalType()).isEqualTo(7);
            Matcher info =
                    Pattern.compile("trackID=0;seq=(\\d+);rtptime=(\\d+)").matcher(play.header("rtp-info"));
            assertThat(info.find()).isTrue();
            assertThat(first.sequence()).isEqualTo(Integer.parseInt(info.group(1)));
            assertThat(first.timestamp()).isEqualTo(Integer.parseUnsignedInt(info.group(2)));
        }
    }

    @Test
    void rtpInfoNamesOneMomentForPictureAndSound() throws IOException {
        try (RtspClient client = RtspClient.of(farm.camera(1), Camera.Role.MAIN)) {
            RtspClient.Response play = client.play(2);
            Matcher info = Pattern.compile("rtptime=(\\d+).*rtptime=(\\d+)").matcher(play.header("rtp-info"));
            assertThat(info.find()).isTrue();
            double pictures = 0;
            double sound = 0;
            while (pictures == 0 || sound == 0) {
                RtspClient.Frame frame = client.frame();
                if (frame.channel() == 1) {
                    pictures = secondsAt(frame, Integer.parseUnsignedInt(info.group(1)), 90_000);
                } else if (frame.channel() == 3) {
                    sound = secondsAt(frame, Integer.parseUnsignedInt(info.group(2)), 48_000);
                }
            }
            assertThat(sound).isCloseTo(pictures, within(0.002));
        }
    }

    @Test
    void soundIsWithinAFrameOfThePictureByTheSenderReports() throws IOException {
        double began = System.currentTimeMillis() / 1000.0;
        try (RtspClient client = RtspClient.of(farm.camera(1), Camera.Role.MAIN)) {
            client.play(2);
            RtspClient.Frame videoReport = null;
            RtspClient.Frame soundReport = null;
            RtspClient.Frame video = null;
            RtspClient.Frame sound = null;
            while (videoReport == null || soundReport == null || video == null || sound == null) {
                RtspClient.Frame frame = client.frame();
                switch (frame.channel()) {
                    case 0 -> video = video == null ? frame : video;
                    case 1 -> videoReport = frame;
                    case 2 -> sound = sound == null ? frame : sound;
                    default -> soundReport = frame;
                }
            }
            double videoSeconds = seconds(videoReport, video, 90_000);
            double soundSeconds = seconds(soundReport, sound, 48_000);
            assertThat(Math.abs(videoSeconds - soundSeconds)).isLessThan(0.1);
            assertThat(videoSeconds).isBetween(began - 2, System.currentTimeMillis() / 1000.0 + 2);
        }
    }

    @Test
    void soundPacketsAreOneAfterTheOther() throws IOException {
        try (RtspClient client = RtspClient.of(farm.camera(2), Camera.Role.SUB)) {
            client.play(2);
            List<RtspClient.Frame> packets = client.frames(2, 60);
            for (int i = 1; i < packets.size(); i++) {
                assertThat(packets.get(i).timestamp() - packets.get(i - 1).timestamp())
                        .isEqualTo(160);
                assertThat(packets.get(i).sequence() - packets.get(i - 1).sequence() & 0xffff)
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void theReportsOfACameraWithAWrongClockTellItsTime() throws IOException {
        double began = (System.currentTimeMillis() + OFFSET_MS) / 1000.0;
        try (RtspClient client = RtspClient.of(farm.camera(3), Camera.Role.SUB)) {
            client.play(1);
            double told = seconds(client.frame(1), client.frame(0), 90_000);
            double now = (System.currentTimeMillis() + OFFSET_MS) / 1000.0;
            assertThat(told).isBetween(began - 5, now + 0.1);
        }
    }

    /** The promise a latency measurement rests on: the number in the picture tells when it was captured. */
    @Test
    void aFrameArrivesWhenItsNumberSaysItWasCaptured() throws IOException {
        for (Camera camera : List.of(farm.camera(1), farm.camera(3))) {
            PacketTrack track = camera.video(Camera.Role.MAIN);
            try (RtspClient client = RtspClient.of(camera, Camera.Role.MAIN)) {
                client.play(1);
                long least = Long.MAX_VALUE;
                // Whoever reads late, as on a machine that stood still, reads on until it is in time.
                for (int unit = 0; unit < 1_000 && (unit < 10 || least > 500); unit++) {
                    int number = indexOfUnit(track, videoUnits(client, 1).get(0));
                    long nowMs = System.currentTimeMillis();
                    long agoMs = nowMs - farm.capturedAtMs(camera, number, nowMs);
                    assertThat(agoMs).isNotNegative();
                    least = Math.min(least, agoMs);
                }
                assertThat(least).as("milliseconds from capture to arrival").isLessThanOrEqualTo(500);
            }
        }
    }

    @Test
    void severalSessionsOfAStreamSeeTheSamePictures() throws IOException {
        Camera camera = farm.camera(1);
        try (RtspClient one = RtspClient.of(camera, Camera.Role.MAIN);
                RtspClient two = RtspClient.of(camera, Camera.Role.MAIN)) {
            one.play(1);
            two.play(1);
            awaitPlaying(camera, 2);
            RtspClient.Frame a = one.frame(0);
            RtspClient.Frame b = two.frame(0);
            assertThat(a.ssrc()).isNotEqualTo(b.ssrc());
            assertThat(payloads(List.of(a))).isEqualTo(payloads(List.of(b)));
        }
    }

    /** It may not have noticed yet that those of before have hung up. */
    static void awaitPlaying(Camera camera, int count) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (camera.status().playing() != count) {
            assertThat(System.nanoTime())
                    .as("%d are playing", camera.status().playing())
                    .isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void aPausedSessionIsQuietAndGoesOnWithTheNextSequenceNumber() throws IOException {
        try (RtspClient client = RtspClient.of(farm.camera(1), Camera.Role.SUB)) {
            client.play(1);
            List<RtspClient.Frame> before = client.frames(0, 20);
            client.inSession("PAUSE");
            client.options();
            Matcher info = Pattern.compile("trackID=0;seq=(\\d+)")
                    .matcher(client.inSession("PLAY").header("rtp-info"));
            assertThat(info.find()).isTrue();
            int resumed = Integer.parseInt(info.group(1));
            RtspClient.Frame last = before.get(before.size() - 1);
            RtspClient.Frame frame = client.frame(0);
            while (frame.sequence() != resumed) { // sent before the pause
                assertThat(frame.sequence() - last.sequence() & 0xffff).isEqualTo(1);
                last = frame;
                frame = client.frame(0);
            }
            assertThat(frame.nalType()).isEqualTo(7);
            assertThat(frame.sequence() - last.sequence() & 0xffff).isEqualTo(1);
        }
    }

    @Test
    void overUdpTheSamePacketsArriveAtTheClientsPorts() throws IOException {
        Camera camera = farm.camera(1);
        PacketTrack track = camera.video(Camera.Role.SUB);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket rtp = new DatagramSocket(0, loopback);
                DatagramSocket rtcp = new DatagramSocket(0, loopback);
                RtspClient client = RtspClient.of(camera, Camera.Role.SUB)) {
            rtp.setSoTimeout(30_000);
            rtcp.setSoTimeout(30_000);
            String ports = rtp.getLocalPort() + "-" + rtcp.getLocalPort();
            RtspClient.Response setup = client.setup(0, "RTP/AVP;unicast;client_port=" + ports);
            assertThat(setup.header("transport")).contains("client_port=" + ports, "server_port=");
            client.inSession("PLAY");

            RtspClient.Frame first = receive(rtp);
            assertThat(first.nalType()).isEqualTo(7);
            RtspClient.Frame previous = first;
            List<RtspClient.Frame> unit = new ArrayList<>(List.of(first));
            while (!previous.marker()) {
                RtspClient.Frame frame = receive(rtp);
                assertThat(frame.sequence() - previous.sequence() & 0xffff).isEqualTo(1);
                unit.add(frame);
                previous = frame;
            }
            assertThat(payloads(unit)).isEqualTo(payloads(track, indexOfUnit(track, unit)));
            assertThat(receive(rtcp).bytes()[1] & 0xff).isEqualTo(200);
        }
    }

    private static RtspClient.Frame receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        return new RtspClient.Frame(0, Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    /** Whole pictures: packets up to a marker. */
    static List<List<RtspClient.Frame>> videoUnits(RtspClient client, int count) throws IOException {
        List<List<RtspClient.Frame>> units = new ArrayList<>();
        while (units.size() < count) {
            List<RtspClient.Frame> unit = new ArrayList<>();
            do {
                unit.add(client.frame(0));
            } while (!unit.get(unit.size() - 1).marker());
            units.add(unit);
        }
        return units;
    }

    /** Which unit of the loop these packets are. */
    static int indexOfUnit(PacketTrack track, List<RtspClient.Frame> unit) {
        List<ByteBuffer> wanted = payloads(unit);
        for (int i = 0; i < track.unitCount(); i++) {
            if (payloads(track, i).equals(wanted)) {
                return i;
            }
        }
        throw new AssertionError("not a unit of the clip");
    }

    static List<ByteBuffer> payloads(List<RtspClient.Frame> unit) {
        return unit.stream()
                .map(frame -> ByteBuffer.wrap(frame.bytes(), 12, frame.bytes().length - 12)
                        .slice())
                .toList();
    }

    static List<ByteBuffer> payloads(PacketTrack track, int unit) {
        List<ByteBuffer> list = new ArrayList<>();
        for (int i = 0; i < track.packetCount(unit); i++) {
            ByteBuffer packet = ByteBuffer.allocate(2048);
            int length = track.copy(unit, i, packet);
            list.add(packet.slice(16, length - 16));
        }
        return list;
    }

    /** The time of a packet by a sender report, in seconds since 1970. */
    static double seconds(RtspClient.Frame report, RtspClient.Frame packet, int clockRate) {
        return secondsAt(report, packet.timestamp(), clockRate);
    }

    /** {@return the camera's time at a time stamp, by a sender report of its track} */
    private static double secondsAt(RtspClient.Frame report, int timestamp, int clockRate) {
        ByteBuffer bytes = ByteBuffer.wrap(report.bytes());
        double ntp = (bytes.getInt(8) & 0xffffffffL) + (bytes.getInt(12) & 0xffffffffL) / 4_294_967_296.0;
        return ntp - NTP_TO_UNIX_SECONDS + (timestamp - bytes.getInt(16)) / (double) clockRate;
    }
}
