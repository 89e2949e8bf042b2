// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parameter sets and slices of another encoder get ids of their own, and say the same otherwise. */
class AvcIdsTest {
    private static final AvcIds FIRST = new AvcIds(0, 0);
    private static final byte[] SPS = hex("6742c00ada11ec0440000003004000000c83c489a8");
    private static final byte[] PPS = hex("68ce039c80");
    /** Behind its first bits; what an encoder may put there. */
    private static final int SLICE_BYTES = 3_000;

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void setsAndSlicesReferToEachOtherByTheNewIds() throws NalException {
        AvcIds ids = new AvcIds(5, 200);
        H264Sps before = H264Sps.parse(SPS);
        H264Sps after = H264Sps.parse(ids.of(SPS));
        assertThat(after.id()).isEqualTo(5);
        assertThat(after.picture()).isEqualTo(before.picture());
        assertThat(after.timing()).isEqualTo(before.timing());
        assertThat(after.levelIdc()).isEqualTo(before.levelIdc());
        BitReader pps = BitReader.ofNal(ids.of(PPS), 1, 1_000);
        assertThat(pps.ue(255, "pps")).isEqualTo(200);
        assertThat(pps.ue(31, "sps")).isEqualTo(5);
        BitReader slice = BitReader.ofNal(ids.of(hex("419a2286c0")), 1, 1_000);
        assertThat(slice.ue(0, "first_mb_in_slice")).isZero();
        assertThat(slice.ue(9, "slice_type")).isEqualTo(5);
        assertThat(slice.ue(255, "pps")).isEqualTo(200);
    }

    @Test
    void whatFollowsIsTheSameBitByBitSoThatTheWayBackLeadsToTheSameBytes() throws NalException {
        assertThat(FIRST.of(new AvcIds(31, 255).of(SPS))).isEqualTo(SPS);
        assertThat(FIRST.of(new AvcIds(31, 255).of(PPS))).isEqualTo(PPS);
        Random random = new Random(120);
        for (int i = 0; i < 300; i++) {
            byte[] slice = slice(random, 1 + random.nextInt(SLICE_BYTES));
            byte[] other = new AvcIds(random.nextInt(32), random.nextInt(256)).of(slice);
            assertThat(FIRST.of(other)).as("slice %d of seed 120", i).isEqualTo(slice);
            assertNoStartCode(other);
        }
    }

    /** {@return an IDR slice of the first picture parameter set, rich in zeros, as an encoder would escape it} */
    private static byte[] slice(Random random, int bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x65);
        // first_mb_in_slice 0, slice_type 7, pic_parameter_set_id 0, and one bit more.
        out.write(0b1000_1000);
        out.write(0x80 | random.nextInt(128));
        int zeros = 0;
        for (int i = 0; i < bytes; i++) {
            int b = random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(2);
            b = i == bytes - 1 ? b | 1 : b;
            if (zeros >= 2 && b <= 3) {
                out.write(3);
                zeros = 0;
            }
            out.write(b);
            zeros = b == 0 ? zeros + 1 : 0;
        }
        return out.toByteArray();
    }

    private static void assertNoStartCode(byte[] nal) {
        for (int i = 2; i < nal.length; i++) {
            assertThat(nal[i - 2] == 0 && nal[i - 1] == 0 && (nal[i] & 0xFF) <= 2)
                    .as("a start code at byte %d", i - 2)
                    .isFalse();
        }
    }

    @Test
    void idsThatTheCameraDoesNotUseAreFound() throws NalException {
        AvcConfig usual = new AvcConfig(List.of(SPS), List.of(PPS));
        assertThat(AvcIds.free(usual)).contains(new AvcIds(1, 1));
        AvcConfig odd = new AvcConfig(List.of(new AvcIds(1, 0).of(SPS), SPS), List.of(new AvcIds(0, 2).of(PPS), PPS));
        assertThat(AvcIds.free(odd)).contains(new AvcIds(2, 1));
        AvcConfig full = new AvcConfig(Collections.nCopies(AvcConfig.SETS_MAX, SPS), List.of(PPS));
        assertThat(AvcIds.free(full)).isEmpty();
    }

    @Test
    void whatCannotBeGivenOtherIdsIsRefused() {
        AvcIds ids = new AvcIds(1, 1);
        assertThatThrownBy(() -> ids.of(hex("68ee3c80")))
                .isInstanceOf(NalException.class)
                .hasMessageContaining("CABAC");
        assertThatThrownBy(() -> ids.of(hex("0605ff"))).hasMessageContaining("type 6");
        assertThatThrownBy(() -> ids.of(hex("65"))).isInstanceOf(NalException.class);
        assertThatThrownBy(() -> ids.of(new byte[0])).isInstanceOf(NalException.class);
        assertThatThrownBy(() -> ids.of(hex("658800000000"))).isInstanceOf(NalException.class);
        assertThatThrownBy(() -> new AvcIds(32, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
