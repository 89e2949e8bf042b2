// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.nxvms.live.webrtc.rtp.Packet;
import org.nxvms.live.webrtc.rtp.PacketLog;
import org.nxvms.live.webrtc.sdp.Agreed;
import org.nxvms.live.webrtc.sdp.Offer;
import org.nxvms.live.webrtc.secure.Srtp;
import org.nxvms.live.webrtc.secure.SrtpKeys;
import org.nxvms.live.webrtc.secure.SrtpProfile;

/**
 * Whoever listens on the way sees no index of SRTP twice with different bytes, whatever finds no room, is left out, gets lost, or is
 * asked for again: two of them would give away what is in both (RFC 3711 9.1, RFC 7714 8.4).
 */
class LaneProperties {
    /** The numbers begin anew while it is looked at. */
    private static final int FIRST = 65_500;

    private static final int PICTURE_PACKETS_MAX = 40;

    /** What happens to a viewer. */
    enum Happens {
        PICTURE,
        KEY_FRAME,
        TICK,
        ROOM_FOR_FEW,
        NO_ROOM,
        ROOM,
        ONE_IS_LOST,
        NOTHING_CAN_BE_DECODED,
        REPORT,
        THE_LOG_IS_CUT
    }

    /** Notes what passes. */
    private static final class Wiretap implements Path {
        private final SrtpProfile profile;
        private final Map<Integer, Long> newest = new HashMap<>();
        private final Map<String, byte[]> seen = new HashMap<>();
        final List<Integer> sequences = new ArrayList<>();
        int room = Integer.MAX_VALUE;
        /** It says that nothing left, and lies. */
        boolean lies;

        Wiretap(SrtpProfile profile) {
            this.profile = profile;
        }

        @Override
        public boolean send(byte[] bytes, int at, int length) {
            if (room > 0) {
                room--;
                note(Arrays.copyOfRange(bytes, at, at + length));
                return true;
            }
            if (lies) {
                note(Arrays.copyOfRange(bytes, at, at + length));
            }
            return false;
        }

        private void note(byte[] packet) {
            ByteBuffer in = ByteBuffer.wrap(packet);
            int type = packet[1] & 0xFF;
            // RFC 5761 4: of RTP none is like that.
            boolean report = type >= 200 && type <= 207;
            String index = report ? "report " + in.getInt(4) + " " + reportIndex(in) : index(in);
            byte[] before = seen.putIfAbsent(index, packet);
            assertThat(before == null ? packet : before)
                    .as("what was sent under %s", index)
                    .isEqualTo(packet);
        }

        private int reportIndex(ByteBuffer in) {
            int behind = profile == SrtpProfile.AEAD_AES_128_GCM ? 0 : 10;
            return in.getInt(in.capacity() - behind - 4);
        }

        /** As receivers reckon it (RFC 3711 3.3.1): the one with this sequence number that is next to the newest. */
        private String index(ByteBuffer in) {
            int sequence = in.getShort(2) & 0xFFFF;
            int source = in.getInt(8);
            long last = newest.getOrDefault(source, (long) sequence);
            long index = last + (short) (sequence - last);
            newest.merge(source, index, Math::max);
            sequences.add(sequence);
            return "source " + source + " " + index;
        }

        @Override
        public InetSocketAddress peer() {
            return new InetSocketAddress("192.0.2.1", 5_000);
        }
    }

    /** A viewer and its stream. */
    private static final class Scene {
        final PacketLog log = new PacketLog(256);
        final Wiretap tap;
        private final Random random;
        private final Srtp srtp;
        private final Lane lane;
        private final Burst burst = new Burst();
        private long pictures;
        private long nowMs = 1_000_000;

        Scene(SrtpProfile profile, boolean apart, long seed) throws Exception {
            random = new Random(seed);
            tap = new Wiretap(profile);
            srtp = Srtp.of(new SrtpKeys(profile, new byte[profile.keyBytes()], new byte[profile.saltBytes()]));
            Offer.Section section =
                    Offer.parse(Player.offer(apart, false)).sections().get(0);
            Agreed agreed =
                    Agreed.video(section, Stage.H264, new Agreed.Sources(1, 2)).orElseThrow();
            lane = new Lane(log, agreed, true, FIRST);
        }

        void happens(Happens what) throws Exception {
            nowMs += random.nextInt(600);
            switch (what) {
                case PICTURE -> picture(false, Long.MAX_VALUE);
                case KEY_FRAME -> picture(true, Long.MAX_VALUE);
                case THE_LOG_IS_CUT -> picture(false, 4_000);
                case TICK -> lane.send(srtp, tap, burst, 48, nowMs);
                case ROOM_FOR_FEW -> tap.room = random.nextInt(40);
                case NO_ROOM -> tap.room = 0;
                case ROOM -> tap.room = Integer.MAX_VALUE;
                case ONE_IS_LOST -> {
                    if (!tap.sequences.isEmpty()) {
                        int newest = tap.sequences.size();
                        lane.resend(tap.sequences.get(newest - 1 - random.nextInt(Math.min(newest, 100))), srtp, tap);
                    }
                }
                case NOTHING_CAN_BE_DECODED -> lane.keyWanted(nowMs);
                case REPORT -> lane.report(srtp, tap);
            }
        }

        private void picture(boolean key, long bytesMax) {
            int packets = 1 + random.nextInt(PICTURE_PACKETS_MAX);
            int each = 20 + random.nextInt(200);
            for (int i = 0; i < packets; i++) {
                byte[] payload = new byte[each];
                random.nextBytes(payload);
                log.add(
                        new Packet(payload, i == packets - 1, key && i == 0, pictures * 3_600, pictures * 40_000),
                        bytesMax);
            }
            pictures++;
        }
    }

    @Property(tries = 400)
    void noIndexIsSeenTwiceWithDifferentBytes(
            @ForAll SrtpProfile profile,
            @ForAll boolean apart,
            @ForAll long seed,
            @ForAll @Size(max = 120) List<Happens> story)
            throws Exception {
        Scene scene = new Scene(profile, apart, seed);
        scene.happens(Happens.KEY_FRAME);
        for (Happens what : story) {
            scene.happens(what);
            scene.happens(Happens.TICK);
        }
    }

    /** So what is looked for is found where it is. */
    @Example
    void aWayThatSendsWhatItSaysItDidNotIsFoundOut() throws Exception {
        Scene scene = new Scene(SrtpProfile.AEAD_AES_128_GCM, true, 1);
        scene.happens(Happens.KEY_FRAME);
        scene.happens(Happens.TICK);
        scene.happens(Happens.PICTURE);
        scene.happens(Happens.KEY_FRAME);
        scene.tap.lies = true;
        scene.happens(Happens.NO_ROOM);
        scene.happens(Happens.TICK);
        scene.happens(Happens.ROOM);
        assertThatThrownBy(() -> scene.happens(Happens.TICK)).isInstanceOf(AssertionError.class);
    }
}
