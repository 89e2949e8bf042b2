// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nxvms.live.webrtc.Units;

/** Access units as packets: whoever takes them apart as the standard says has them back. */
class H264PacketizerTest {
    private static final byte[] SPS = {0x67, 0x42, (byte) 0xC0, 0x1E};
    private static final byte[] PPS = {0x68, (byte) 0xCB};

    private final H264Packetizer packetizer = new H264Packetizer(List.of(SPS, PPS));

    private static byte[] nal(int header, int length, Random random) {
        byte[] nal = new byte[length];
        random.nextBytes(nal);
        nal[0] = (byte) header;
        return nal;
    }

    private static ByteBuffer unit(byte[]... nals) {
        int bytes = 0;
        for (byte[] nal : nals) {
            bytes += 4 + nal.length;
        }
        ByteBuffer unit = ByteBuffer.allocate(bytes);
        for (byte[] nal : nals) {
            unit.putInt(nal.length).put(nal);
        }
        return unit.flip();
    }

    @Test
    void theParameterSetsStandTogetherBeforeEachKeyFrame() {
        List<byte[]> payloads = packetizer.cut(unit(nal(0x65, 100, new Random(1))), true);
        assertThat(payloads).hasSize(2);
        assertThat(payloads.get(0))
                .isEqualTo(new byte[] {0x78, 0, 4, 0x67, 0x42, (byte) 0xC0, 0x1E, 0, 2, 0x68, (byte) 0xCB});
        assertThat(packetizer.cut(unit(nal(0x41, 100, new Random(1))), false)).hasSize(1);
    }

    @Test
    void whatIsCutComesBackWhole() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<byte[]> nals = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                nals.add(nal(i == 0 ? 0x41 : 0x01, 3 + random.nextInt(round < 100 ? 3_000 : 60_000), random));
            }
            List<byte[]> payloads = packetizer.cut(unit(nals.toArray(byte[][]::new)), false);
            assertThat(payloads).allMatch(payload -> payload.length <= H264Packetizer.PAYLOAD_BYTES_MAX);
            assertThat(Units.nals(payloads)).as("round %d", round).containsExactlyElementsOf(nals);
        }
    }

    @Test
    void lengthsAtTheEdgeOfAPacket() {
        for (int length = H264Packetizer.PAYLOAD_BYTES_MAX - 3;
                length < H264Packetizer.PAYLOAD_BYTES_MAX + 4;
                length++) {
            byte[] nal = nal(0x41, length, new Random(length));
            List<byte[]> payloads = packetizer.cut(unit(nal), false);
            assertThat(payloads).hasSize(length <= H264Packetizer.PAYLOAD_BYTES_MAX ? 1 : 2);
            assertThat(Units.nals(payloads)).containsExactly(nal);
        }
    }

    /** So they can be handed over together, and none is hardly filled. */
    @Test
    void partsOfAPictureAreOfOneLengthButForTheLast() {
        for (int length : new int[] {1_141, 2_277, 10_000, 55_555, 3_000_000}) {
            byte[] nal = nal(0x41, length, new Random(length));
            List<byte[]> payloads = packetizer.cut(unit(nal), false);
            int even = payloads.get(0).length;
            assertThat(payloads.subList(0, payloads.size() - 1)).allMatch(payload -> payload.length == even);
            assertThat(payloads.get(payloads.size() - 1).length).isBetween(3, even);
            assertThat(payloads.size() - 1).isEqualTo((length - 2) / (H264Packetizer.PAYLOAD_BYTES_MAX - 2));
            assertThat(Units.nals(payloads)).containsExactly(nal);
        }
    }

    @Test
    void whatNoDecoderNeedsIsLeftOut() {
        byte[] slice = nal(0x41, 10, new Random(1));
        assertThat(packetizer.cut(unit(new byte[] {9, 16}, slice, nal(12, 500, new Random(2))), false))
                .containsExactly(slice);
    }

    @Test
    void lengthsThatDoNotFitGiveNothing() {
        ByteBuffer torn = ByteBuffer.allocate(9)
                .putInt(100)
                .put(new byte[] {0x41, 1, 2, 3, 4})
                .flip();
        assertThat(packetizer.cut(torn, false)).isEmpty();
        assertThat(packetizer.cut(ByteBuffer.allocate(4), false)).isEmpty();
        assertThat(packetizer.cut(unit(new byte[] {9, 16}), false))
                .as("no picture")
                .isEmpty();
    }
}
