// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.TestClip;

class AudioDepacketizerTest {
    private final List<byte[]> tone = TestClip.tone();
    private final Packetizer packetizer = new Packetizer(1400, false, Packetizer.Marker.LAST_PACKET, 65_534);
    private final RecordingSink sink = new RecordingSink(4096);

    private AacDepacketizer aac() {
        return new AacDepacketizer(sink, 13, 3, 3, 1024);
    }

    private static byte[] payload(List<byte[]> units) {
        ByteBuffer out = ByteBuffer.allocate(4096).putShort((short) (16 * units.size()));
        units.forEach(unit -> out.putShort((short) (unit.length << 3)));
        units.forEach(out::put);
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    @Test
    void severalAccessUnitsInAPacketComeOutOneByOneWithTheirTimes() {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i + 3 <= tone.size(); i += 3) {
            packets.add(packetizer.rtp(payload(tone.subList(i, i + 3)), 97, true, 1024L * i));
        }
        Packetizer.feed(packets, aac());

        assertThat(sink.units).hasSize(tone.size() / 3 * 3);
        for (int i = 0; i < sink.units.size(); i++) {
            assertThat(sink.units.get(i).bytes()).isEqualTo(tone.get(i));
            assertThat(sink.units.get(i).timestamp()).isEqualTo(1024L * i);
            assertThat(sink.units.get(i).key()).isTrue();
        }
    }

    @Test
    void anAccessUnitOverSeveralPacketsIsPutTogetherAndDroppedWhenAPartIsMissing() {
        byte[] large = new byte[3000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 7);
        }
        List<byte[]> packets = new ArrayList<>();
        for (int time = 0; time < 2; time++) {
            for (int at = 0; at < large.length; at += 1000) {
                ByteBuffer part = ByteBuffer.allocate(1004)
                        .putShort((short) 16)
                        .putShort((short) (large.length << 3))
                        .put(large, at, 1000);
                packets.add(packetizer.rtp(part.array(), 97, at == 2000, 1024L * time));
            }
        }
        packets.remove(4);
        AacDepacketizer aac = aac();
        Packetizer.feed(packets, aac);

        assertThat(sink.units).hasSize(1);
        assertThat(sink.units.get(0).bytes()).isEqualTo(large);
        assertThat(aac.dropped()).isPositive();
    }

    @Test
    void headersThatClaimMoreThanThereIsAreDropped() {
        AacDepacketizer aac = aac();
        Packetizer.feed(
                List.of(
                        packetizer.rtp(new byte[] {(byte) 0xFF, (byte) 0xFF, 1, 2, 3}, 97, true, 0),
                        packetizer.rtp(new byte[] {0, 16, 0, 0, 1}, 97, true, 0),
                        packetizer.rtp(new byte[] {0}, 97, true, 0)),
                aac);

        assertThat(sink.units).isEmpty();
        assertThat(aac.dropped()).isEqualTo(3);
    }

    @Test
    void aPacketOfG711IsAnAccessUnitAndALossIsFlagged() {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            packets.add(packetizer.rtp(new byte[160], 0, true, 160L * i));
        }
        packets.remove(2);
        Packetizer.feed(packets, new PlainDepacketizer(sink));

        assertThat(sink.units).hasSize(4);
        assertThat(sink.units.get(2).afterLoss()).isTrue();
        assertThat(sink.units.get(3).afterLoss()).isFalse();
    }
}
