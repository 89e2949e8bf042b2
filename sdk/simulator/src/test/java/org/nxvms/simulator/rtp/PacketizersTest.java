// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.clip.Clip;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.clip.Tones;

class PacketizersTest {
    private final ByteBuffer packet = ByteBuffer.allocate(4096);

    @Test
    void h264PacketsCarryEveryNalUnitOfEveryPicture() throws IOException {
        Clip clip = TestClips.open();
        PacketTrack track = Packetizers.h264(clip.main(), clip.spec());
        assertThat(track.unitCount()).isEqualTo(clip.spec().frameCount());
        for (int unit = 0; unit < track.unitCount(); unit++) {
            assertThat(reassembled(track, unit))
                    .usingRecursiveComparison()
                    .isEqualTo(Packetizers.nalUnits(
                            clip.main().accessUnits().get(unit).annexB()));
        }
    }

    @Test
    void onlyTheLastPacketOfAPictureHasTheMarkerAndNoneIsTooLong() throws IOException {
        Clip clip = TestClips.open();
        PacketTrack track = Packetizers.h264(clip.main(), clip.spec());
        for (int unit = 0; unit < track.unitCount(); unit++) {
            for (int i = 0; i < track.packetCount(unit); i++) {
                int length = track.copy(unit, i, packet.clear());
                assertThat(packet.get(0)).isEqualTo((byte) '$');
                assertThat(packet.getShort(2)).isEqualTo((short) (length - 4));
                assertThat(packet.get(4)).isEqualTo((byte) 0x80);
                assertThat((packet.get(5) & 0x80) != 0).isEqualTo(i == track.packetCount(unit) - 1);
                assertThat(length).isLessThanOrEqualTo(4 + 12 + PacketTrack.PAYLOAD_MAX);
            }
        }
    }

    @Test
    void unitsRepeatAndKeysAreFound() throws IOException {
        Clip clip = TestClips.open();
        PacketTrack track = Packetizers.h264(clip.main(), clip.spec());
        long far = 44_000_000_000L * track.unitCount();
        assertThat(track.unitBytes(far + 3)).isEqualTo(track.unitBytes(3));
        assertThat(track.keyFrom(far)).isEqualTo(far);
        assertThat(track.keyFrom(far + 1)).isEqualTo(far + clip.spec().gopFrames());
        assertThat(track.keyFrom(far - 1)).isEqualTo(far);
    }

    @Test
    void aacPacketsHaveOneHeaderWithTheFramesLength() throws IOException {
        Clip clip = TestClips.open();
        PacketTrack track = Packetizers.aac(clip.aac());
        assertThat(track.unitCount() * track.format().unitTicks()).isEqualTo(Tones.LOOP_SECONDS * Tones.AAC_RATE);
        assertThat(track.format().fmtp()).contains(";config=1188"); // AAC-LC, 48 kHz, one channel
        for (int unit = 0; unit < track.unitCount(); unit++) {
            int length = track.copy(unit, 0, packet.clear()) - 4 - 12 - 4;
            assertThat(packet.getShort(16)).isEqualTo((short) 16);
            assertThat((packet.getShort(18) & 0xffff) >> 3).isEqualTo(length);
            assertThat(length).isEqualTo(clip.aac().frames().get(unit).length);
        }
    }

    @Test
    void g711PacketsAreTheSamplesInOrder() {
        for (PacketTrack track : List.of(Packetizers.pcmu(), Packetizers.pcma())) {
            ByteArrayOutputStream samples = new ByteArrayOutputStream();
            for (int unit = 0; unit < track.unitCount(); unit++) {
                int length = track.copy(unit, 0, packet.clear());
                samples.write(packet.array(), 16, length - 16);
            }
            byte[] expected = track.format().payloadType() == 0 ? Tones.muLaw() : Tones.aLaw();
            assertThat(samples.toByteArray()).isEqualTo(expected);
        }
    }

    @Test
    void unitTimesAreExactFarFromTheEpoch() {
        TrackFormat aac = new TrackFormat("audio", 97, "mpeg4-generic/48000/1", "", "", 48_000, 1024, 48);
        long unit = 84_000_000_000L; // about the year 2026
        assertThat(aac.unitNanos(unit + 375) - aac.unitNanos(unit)).isEqualTo(8_000_000_000L);
        for (long i = unit; i < unit + 1000; i++) {
            assertThat(aac.unitAt(aac.unitNanos(i))).isEqualTo(i);
            assertThat(aac.unitAt(aac.unitNanos(i) + 1)).isEqualTo(i + 1);
        }
    }

    /** NAL units put together again by RFC 6184, written for this test alone. */
    private List<byte[]> reassembled(PacketTrack track, int unit) {
        List<byte[]> nals = new ArrayList<>();
        ByteArrayOutputStream fragments = new ByteArrayOutputStream();
        for (int i = 0; i < track.packetCount(unit); i++) {
            int length = track.copy(unit, i, packet.clear());
            byte[] payload = new byte[length - 16];
            packet.get(16, payload);
            if ((payload[0] & 0x1f) != 28) {
                nals.add(payload);
                continue;
            }
            if ((payload[1] & 0x80) != 0) {
                fragments.reset();
                fragments.write(payload[0] & 0xe0 | payload[1] & 0x1f);
            }
            fragments.write(payload, 2, payload.length - 2);
            if ((payload[1] & 0x40) != 0) {
                nals.add(fragments.toByteArray());
            }
        }
        return nals;
    }
}
