// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtp.PacketTrack;

/** Faults of what a camera sends: each does what its name says, and its neighbour does not notice. */
class StreamFaultsTest extends FaultScene {
    @Test
    void stall() throws IOException {
        try (RtspClient client = connect()) {
            client.play(1);
            RtspClient.Frame last = client.frame(0);
            camera.set(FaultKind.STALL.fault(1));
            RtspClient.Frame next = client.frame(0);
            while (next.timestamp() - last.timestamp() <= 3600) {
                assertThat(next.sequence() - last.sequence() & 0xffff).isEqualTo(1);
                last = next;
                next = client.frame(0);
            }
            assertThat(next.timestamp() - last.timestamp()).isGreaterThanOrEqualTo(90_000);
            assertThat(next.sequence() - last.sequence() & 0xffff).isEqualTo(1);
            assertThat(next.nalType()).isEqualTo(NAL_SPS);
            assertThat(client.options().status()).isEqualTo(200);
        }
    }

    @Test
    void dropPackets() throws IOException {
        camera.set(FaultKind.DROP_PACKETS.fault(10));
        try (RtspClient client = connect()) {
            client.play(1);
            List<RtspClient.Frame> frames = client.frames(0, 91);
            List<Integer> gaps = new ArrayList<>();
            for (int i = 1; i < frames.size(); i++) {
                if (step(frames, i) != 1) {
                    assertThat(step(frames, i)).isEqualTo(2);
                    gaps.add(i);
                }
            }
            assertThat(gaps).containsExactly(9, 18, 27, 36, 45, 54, 63, 72, 81, 90);
        }
    }

    @Test
    void reorder() throws IOException {
        camera.set(FaultKind.REORDER.fault(10));
        try (RtspClient client = connect()) {
            client.play(1);
            List<RtspClient.Frame> frames = client.frames(0, 100);
            Set<Integer> sequences = new HashSet<>();
            int backwards = 0;
            for (int i = 0; i < frames.size(); i++) {
                sequences.add(frames.get(i).sequence() - frames.get(0).sequence() & 0xffff);
                backwards += i > 0 && step(frames, i) == 0xffff ? 1 : 0;
            }
            assertThat(backwards).isEqualTo(9);
            assertThat(sequences).hasSize(100);
        }
    }

    private static int step(List<RtspClient.Frame> frames, int i) {
        return frames.get(i).sequence() - frames.get(i - 1).sequence() & 0xffff;
    }

    @Test
    void garbageBetweenFrames() throws IOException {
        camera.set(FaultKind.GARBAGE.fault(5));
        try (RtspClient client = connect()) {
            client.play(1);
            List<RtspClient.Frame> frames = new ArrayList<>();
            assertThatThrownBy(() -> {
                        while (frames.size() < 1000) {
                            frames.add(client.frame());
                        }
                    })
                    .hasMessage("stray byte " + (int) 'x');
            assertThat(client.bytes(31)).hasSize(31);
            assertThat(client.frame(200).bytes()).hasSize(32);
        }
    }

    @Test
    void corruptRtp() throws IOException {
        camera.set(FaultKind.CORRUPT_RTP.fault(10));
        try (RtspClient client = connect()) {
            client.play(1);
            List<RtspClient.Frame> frames = client.frames(0, 110);
            assertThat(frames.stream().filter(frame -> frame.bytes().length == 3))
                    .hasSize(5);
            assertThat(frames.stream().filter(frame -> (frame.bytes()[0] & 0xc0) == 0x40))
                    .hasSize(5);
        }
    }

    @Test
    void endlessNal() throws IOException {
        try (RtspClient client = connect()) {
            client.play(1);
            client.frame(0);
            camera.set(FaultKind.ENDLESS_NAL.fault(20_000));
            RtspClient.Frame first = client.frame(0);
            while (!(first.isFragment() && (first.bytes()[13] & 0x9f) == 0x85 && first.bytes().length == 1214)) {
                first = client.frame(0);
            }
            for (RtspClient.Frame frame : client.frames(0, 500)) {
                assertThat(frame.isFragment()).isTrue();
                assertThat(frame.bytes()[13]).isEqualTo((byte) 5); // neither start nor end
                assertThat(frame.marker()).isFalse();
                assertThat(frame.timestamp()).isEqualTo(first.timestamp());
            }
        }
    }

    @Test
    void tenfoldBitRate() throws IOException {
        PacketTrack track = camera.video(Camera.Role.MAIN);
        camera.set(FaultKind.BITRATE.fault(10));
        try (RtspClient client = connect()) {
            client.play(1);
            List<List<RtspClient.Frame>> units = StreamingTest.videoUnits(client, 25);
            long bytes = 0;
            long usual = 0;
            for (int i = 0; i < units.size(); i++) {
                List<RtspClient.Frame> unit = units.get(i);
                bytes += unit.stream().mapToInt(frame -> frame.bytes().length).sum();
                usual += track.unitBytes(i);
                assertThat(unit.stream().map(RtspClient.Frame::timestamp).distinct())
                        .hasSize(1);
                assertThat(unit.get(unit.size() - 1).bytes()[13] & 0x1f).isEqualTo(12);
            }
            assertThat(bytes / (double) usual).isBetween(9.0, 11.5);
        }
    }

    @Test
    void startMidGop() throws IOException {
        camera.set(FaultKind.START_MID_GOP);
        int starts = 0;
        for (int attempt = 0; attempt < 10 && starts == 0; attempt++) {
            try (RtspClient client = connect()) {
                client.play(1);
                starts += client.frame(0).nalType() == NAL_SPS ? 0 : 1;
            }
        }
        assertThat(starts).isPositive();
    }

    @Test
    void timestampJump() throws IOException {
        try (RtspClient client = connect()) {
            client.play(1);
            RtspClient.Frame last = client.frame(0);
            camera.set(FaultKind.TIMESTAMP_JUMP.fault(-100));
            RtspClient.Frame next = client.frame(0);
            while (Math.abs(next.timestamp() - last.timestamp()) <= 3600) {
                last = next;
                next = client.frame(0);
            }
            assertThat(next.timestamp() - last.timestamp()).isBetween(-100 * 90_000, -100 * 90_000 + 3600);
            assertThat(next.sequence() - last.sequence() & 0xffff).isEqualTo(1);
        }
    }

    @Test
    void timestampFreeze() throws IOException {
        try (RtspClient client = connect()) {
            client.play(1);
            camera.set(FaultKind.TIMESTAMP_FREEZE);
            long frozen = -1;
            for (int tries = 0; tries < 250; tries++) {
                long next = StreamingTest.videoUnits(client, 1).get(0).get(0).timestamp();
                if (next == frozen) {
                    break;
                }
                frozen = next;
            }
            assertThat(StreamingTest.videoUnits(client, 10).stream()
                            .map(unit -> (long) unit.get(0).timestamp())
                            .distinct())
                    .containsExactly(frozen);
        }
    }

    @Test
    void wrap() throws IOException {
        camera.set(FaultKind.WRAP);
        try (RtspClient client = connect()) {
            client.play(1);
            List<RtspClient.Frame> frames = client.frames(0, 400);
            int sequenceWraps = 0;
            int timestampWraps = 0;
            for (int i = 1; i < frames.size(); i++) {
                assertThat(step(frames, i)).isEqualTo(1);
                sequenceWraps += frames.get(i).sequence() < frames.get(i - 1).sequence() ? 1 : 0;
                timestampWraps +=
                        frames.get(i - 1).timestamp() < 0 && frames.get(i).timestamp() >= 0 ? 1 : 0;
            }
            assertThat(sequenceWraps).isEqualTo(1);
            assertThat(timestampWraps).isEqualTo(1);
        }
    }

    @Test
    void clockJump() throws IOException {
        camera.set(FaultKind.CLOCK_JUMP.fault(-31_536_000));
        try (RtspClient client = connect()) {
            client.play(1);
            double told = StreamingTest.seconds(client.frame(1), client.frame(0), 90_000);
            assertThat(told)
                    .isBetween(
                            System.currentTimeMillis() / 1000.0 - 31_536_010,
                            System.currentTimeMillis() / 1000.0 - 31_535_990);
        }
    }

    @Test
    void resolutionChange() throws IOException {
        byte[] mainSet;
        byte[] subSet;
        try (RtspClient main = connect();
                RtspClient sub = RtspClient.of(camera, Camera.Role.SUB)) {
            mainSet = sequenceParameterSet(main.describe().body());
            subSet = sequenceParameterSet(sub.describe().body());
        }
        assertThat(mainSet).isNotEqualTo(subSet);
        try (RtspClient client = connect()) {
            client.play(1);
            assertThat(nextSequenceParameterSet(client)).isEqualTo(mainSet);
            camera.set(FaultKind.RESOLUTION_CHANGE);
            changesTo(subSet, client);
            camera.clear(FaultKind.RESOLUTION_CHANGE);
            changesTo(mainSet, client);
        }
    }

    /** With the next key frame, before which some may be on their way to whoever reads late. */
    private static void changesTo(byte[] set, RtspClient client) throws IOException {
        byte[] next = nextSequenceParameterSet(client);
        for (int late = 0; late < 30 && !Arrays.equals(next, set); late++) {
            next = nextSequenceParameterSet(client);
        }
        assertThat(next).isEqualTo(set);
    }

    private static byte[] nextSequenceParameterSet(RtspClient client) throws IOException {
        RtspClient.Frame frame = client.frame(0);
        while (frame.nalType() != NAL_SPS) {
            frame = client.frame(0);
        }
        return Arrays.copyOfRange(frame.bytes(), 12, frame.bytes().length);
    }

    private static byte[] sequenceParameterSet(String sdp) {
        Matcher matcher = Pattern.compile("sprop-parameter-sets=([^,]+),").matcher(sdp);
        assertThat(matcher.find()).isTrue();
        return Base64.getDecoder().decode(matcher.group(1));
    }

    @Test
    void aSickCameraDoesNotDisturbItsNeighbour() throws IOException {
        camera.set(FaultKind.BITRATE.fault(100));
        camera.set(FaultKind.GARBAGE.fault(1));
        try (RtspClient sick = connect();
                RtspClient well = RtspClient.of(farm.camera(3), Camera.Role.MAIN)) {
            sick.play(1); // and never reads
            long start = System.nanoTime();
            well.play(1);
            List<List<RtspClient.Frame>> units = StreamingTest.videoUnits(well, 51);
            double seconds = (System.nanoTime() - start) / 1e9;

            List<RtspClient.Frame> frames = units.stream().flatMap(List::stream).toList();
            for (int i = 1; i < frames.size(); i++) {
                assertThat(step(frames, i)).isEqualTo(1);
            }
            assertThat(seconds).isBetween(1.0, 30.0);
            StreamingTest.awaitPlaying(camera, 1);
            assertThat(farm.camera(3).status().skippedUnits()).isZero();
        }
    }
}
