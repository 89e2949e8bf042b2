// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nxvms.live.webrtc.rtp.Packet;
import org.nxvms.live.webrtc.rtp.PacketLog;
import org.nxvms.live.webrtc.sdp.Agreed;
import org.nxvms.live.webrtc.sdp.Offer;
import org.nxvms.live.webrtc.secure.Srtp;
import org.nxvms.live.webrtc.secure.SrtpKeys;
import org.nxvms.live.webrtc.secure.SrtpProfile;

/** What one viewer is sent of what all share: without a hole, and never much more than the stream has. */
class LaneTest {
    private static final int FIRST = 32_000;

    private final PacketLog log = new PacketLog(16_384);
    private final Srtp srtp = Srtp.of(new SrtpKeys(SrtpProfile.AEAD_AES_128_GCM, new byte[16], new byte[12]));
    private final Way way = new Way();
    private final Burst burst = new Burst();
    private long written;
    private long nowMs = 1_000_000;

    /** Notes sequence numbers of the pictures' own source. */
    private static final class Way implements Path {
        final List<Integer> sequences = new ArrayList<>();
        final List<Integer> bursts = new ArrayList<>();
        int again;
        int room = Integer.MAX_VALUE;

        @Override
        public int send(Burst burst) {
            bursts.add(burst.count());
            return Path.super.send(burst);
        }

        @Override
        public boolean send(byte[] bytes, int at, int length) {
            if (room-- <= 0) {
                return false;
            }
            if ((bytes[at + 1] & 0x7F) == Player.RESENT) {
                again++;
            } else {
                sequences.add((bytes[at + 2] & 0xFF) << 8 | bytes[at + 3] & 0xFF);
            }
            return true;
        }

        @Override
        public InetSocketAddress peer() {
            return new InetSocketAddress("192.0.2.1", 5_000);
        }
    }

    private Lane lane() throws Exception {
        Offer.Section section =
                Offer.parse(Player.offer(true, false)).sections().get(0);
        Agreed agreed =
                Agreed.video(section, Stage.H264, new Agreed.Sources(1, 2)).orElseThrow();
        return new Lane(log, agreed, true, FIRST);
    }

    private void write(int packets, boolean key, long bytesMax) {
        for (int i = 0; i < packets; i++) {
            log.add(new Packet(new byte[100], true, key && i == 0, written * 3_600, written * 40_000), bytesMax);
            written++;
        }
    }

    @Test
    void itIsBehindAsLongAsSomethingHeldIsNotSent() throws Exception {
        Lane lane = lane();
        assertThat(lane.behind()).as("before the first picture").isFalse();
        write(100, true, 1 << 20);
        lane.send(srtp, way, burst, 48, nowMs);
        assertThat(lane.behind()).as("a key frame is spread over some ticks").isTrue();
        sendAll(lane);
        assertThat(lane.behind()).isFalse();
    }

    private void sendAll(Lane lane) throws Exception {
        int sent;
        do {
            sent = lane.send(srtp, way, burst, 48, nowMs);
        } while (sent > 0);
    }

    /** {@return one whose way had room for the first seven of what is written, and has none now} */
    private Lane stuckBehindSeven(int packets) throws Exception {
        Lane lane = lane();
        write(packets, true, 16 << 20);
        way.room = 7;
        assertThat(lane.send(srtp, way, burst, 48, nowMs)).isEqualTo(7);
        way.room = 0;
        return lane;
    }

    private void assertNoHole() {
        for (int i = 0; i < way.sequences.size(); i++) {
            assertThat(way.sequences.get(i)).as("packet %d", i).isEqualTo(FIRST + i & 0xFFFF);
        }
    }

    @Test
    void whoAsksForKeyFramesWithoutEndGetsThreeTimesTheStreamAtMost() throws Exception {
        write(100, true, 16 << 20);
        Lane lane = lane();
        sendAll(lane);
        nowMs += Lane.KEY_AGAIN_MS;
        lane.keyWanted(nowMs);
        sendAll(lane);
        assertThat(way.sequences).as("the first time at once").hasSize(200);
        for (int second = 0; second < 500; second++) {
            nowMs += Lane.KEY_AGAIN_MS;
            write(10, false, 16 << 20);
            lane.keyWanted(nowMs);
            sendAll(lane);
        }
        assertThat((long) way.sequences.size())
                .as("of %d packets", written)
                .isBetween(3 * written / 2, (1 + Lane.AGAIN_PER_NEW) * written);
        assertNoHole();
    }

    @Test
    void whatWasLostIsSentAgainButNotWithoutEnd() throws Exception {
        write(100, true, 16 << 20);
        Lane lane = lane();
        sendAll(lane);
        for (int i = 0; i < 10_000; i++) {
            lane.resend(FIRST + i % 100, srtp, way);
        }
        assertThat(way.again).isEqualTo(100 * Lane.AGAIN_PER_NEW);
        write(1, false, 16 << 20);
        sendAll(lane);
        assertThat(lane.resend(FIRST + 100, srtp, way))
                .as("what is new can get lost, too")
                .isTrue();
    }

    @Test
    void whoIsOvertakenGoesOnAtTheNextKeyFrameAndIsToldOfOnce() throws Exception {
        long bytesMax = 50 * 164;
        write(10, true, bytesMax);
        Lane lane = lane();
        sendAll(lane);
        write(200, false, bytesMax);
        for (int tick = 0; tick < 100; tick++) {
            assertThat(lane.send(srtp, way, burst, 48, nowMs))
                    .as("no key frame is held")
                    .isZero();
        }
        write(5, true, bytesMax);
        sendAll(lane);
        assertThat(lane.jumped()).isEqualTo(200);
        assertThat(way.sequences).hasSize(15);
        assertNoHole();
    }

    private void write(boolean key, int... payloadBytes) {
        for (int i = 0; i < payloadBytes.length; i++) {
            boolean last = i == payloadBytes.length - 1;
            log.add(
                    new Packet(new byte[payloadBytes[i]], last, key && i == 0, written * 3_600, written * 40_000),
                    16 << 20);
        }
        written++;
    }

    @Test
    void packetsThatAreAlikeAreHandedOverTogether() throws Exception {
        Lane lane = lane();
        // Parameter sets, a picture in even parts, a small one behind it, one of a single packet, and longer ones.
        write(true, 40, 1_000, 1_000, 1_000, 990);
        write(false, 990, 500);
        write(false, 200);
        write(false, 300, 300);
        sendAll(lane);
        assertThat(way.bursts).containsExactly(1, 4, 2, 1, 2);
        assertThat(way.sequences).hasSize(10);
        assertNoHole();
    }

    @Test
    void ofManyThatAreAlikeNoMoreThanTheKernelTakes() throws Exception {
        Lane lane = lane();
        write(100, true, 16 << 20);
        sendAll(lane);
        assertThat(way.bursts).allMatch(count -> count <= Burst.DATAGRAMS_MAX);
        assertThat(way.sequences).hasSize(100);
        assertNoHole();
    }

    @Test
    void whatFoundNoRoomWithinABurstIsSentLaterWithoutAHole() throws Exception {
        Lane lane = stuckBehindSeven(20);
        assertThat(lane.behind()).isTrue();
        assertThat(lane.send(srtp, way, burst, 48, nowMs)).isZero();
        way.room = Integer.MAX_VALUE;
        assertThat(lane.send(srtp, way, burst, 48, nowMs)).isEqualTo(13);
        assertThat(way.sequences).hasSize(20);
        assertNoHole();
    }

    @Test
    void whereThereIsNoRoomOnePacketFindsOutWhetherThereIsAndNoMoreAreProtectedForNothing() throws Exception {
        Lane lane = stuckBehindSeven(40);
        for (int tick = 0; tick < 100; tick++) {
            lane.send(srtp, way, burst, 48, nowMs);
        }
        assertThat(way.bursts.subList(1, way.bursts.size())).hasSize(100).containsOnly(1);
        way.room = Integer.MAX_VALUE;
        way.bursts.clear();
        sendAll(lane);
        assertThat(way.bursts).as("then as many as go together").containsExactly(1, 32);
        assertThat(way.sequences).hasSize(40);
        assertNoHole();
    }

    @Test
    void whoFindsNoRoomGoesOnAtANewerKeyFrameAndNothingBeforeItComes() throws Exception {
        Lane lane = stuckBehindSeven(20);
        write(10, true, 16 << 20);
        lane.send(srtp, way, burst, 48, nowMs);
        way.room = Integer.MAX_VALUE;
        sendAll(lane);
        assertThat(lane.jumped()).isEqualTo(13);
        assertThat(way.sequences).hasSize(17);
        assertNoHole();
    }
}
