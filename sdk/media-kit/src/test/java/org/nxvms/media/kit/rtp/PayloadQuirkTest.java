// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.TestClip;
import org.nxvms.media.kit.TestClip.Picture;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.HevcParameterSets;

/** What cameras do against their payload format costs no picture, is noted once, and is not taken for something else. */
class PayloadQuirkTest {
    private static final List<Picture> CLIP = TestClip.pictures();

    private final RecordingSink sink = new RecordingSink(1 << 16);
    private final H264Depacketizer h264 = new H264Depacketizer(sink, TestClip.parameterSets(), false);

    private void assertWhole(int pictures) {
        assertThat(sink.units).hasSize(pictures);
        for (int i = 0; i < pictures; i++) {
            assertThat(sink.units.get(i).bytes()).isEqualTo(CLIP.get(i).sample());
        }
    }

    private static byte[] byteStream(List<byte[]> nals) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < nals.size(); i++) {
            bytes.writeBytes(i % 2 == 0 ? new byte[] {0, 0, 0, 1} : new byte[] {0, 0, 1});
            bytes.writeBytes(nals.get(i));
        }
        return bytes.toByteArray();
    }

    @Test
    void aProperStreamHasNoQuirks() {
        Packetizer packetizer = new Packetizer(300, true, Packetizer.Marker.LAST_PACKET, 1);
        CLIP.forEach(picture -> packetizer.picture(picture.nals(), picture.pts()));
        Packetizer.feed(packetizer.packets(), h264);
        assertWhole(CLIP.size());
        assertThat(h264.quirks()).isZero();
    }

    @Test
    void startCodesWithinAPacketTellItsUnitsApart() {
        Packetizer packetizer = new Packetizer(1400, false, Packetizer.Marker.LAST_PACKET, 1);
        List<byte[]> packets = new ArrayList<>();
        CLIP.forEach(picture -> packets.add(packetizer.rtp(byteStream(picture.nals()), 96, true, picture.pts())));
        Packetizer.feed(packets, h264);
        assertWhole(CLIP.size());
        assertThat(h264.quirks()).isEqualTo(PayloadQuirk.START_CODES.bit());
    }

    @Test
    void aFragmentedUnitWithoutItsEndIsWholeWhenNothingIsMissing() {
        Packetizer packetizer = new Packetizer(60, false, Packetizer.Marker.LAST_PACKET, 1);
        CLIP.forEach(picture -> packetizer.picture(picture.nals(), picture.pts()));
        for (byte[] packet : packetizer.packets()) {
            if ((packet[12] & 0x1F) == 28) {
                packet[13] &= (byte) ~0x40;
            }
        }
        Packetizer.feed(packetizer.packets(), h264);
        assertWhole(CLIP.size());
        assertThat(h264.quirks()).isEqualTo(PayloadQuirk.FRAGMENT_END_MISSING.bit());
    }

    @Test
    void aStreamWithoutMarkersIsNotedAndSoIsOneWithTooMany() {
        Packetizer never = new Packetizer(300, false, Packetizer.Marker.NEVER, 1);
        CLIP.forEach(picture -> never.picture(picture.nals(), picture.pts()));
        Packetizer.feed(never.packets(), h264);
        assertThat(h264.quirks()).isEqualTo(PayloadQuirk.MARKER_MISSING.bit());

        H264Depacketizer other = new H264Depacketizer(sink, TestClip.parameterSets(), false);
        Packetizer every = new Packetizer(1400, false, Packetizer.Marker.EVERY_NAL, 1);
        CLIP.forEach(picture -> every.picture(picture.nals(), picture.pts()));
        Packetizer.feed(every.packets(), other);
        assertThat(other.quirks() & PayloadQuirk.MARKER_TOO_OFTEN.bit()).isNotZero();
    }

    @Test
    void interleavedPacketsAreDroppedWithTheirPictureAndNamed() {
        Packetizer packetizer = new Packetizer(1400, false, Packetizer.Marker.LAST_PACKET, 1);
        packetizer.picture(CLIP.get(0).nals(), 0);
        List<byte[]> packets = new ArrayList<>(packetizer.packets());
        packets.add(packetizer.rtp(new byte[] {25, 0, 0, 0, 2, 0x41, (byte) 0x9A}, 96, true, 3600));
        packets.add(packetizer.rtp(CLIP.get(1).nals().get(0), 96, true, 7200));
        Packetizer.feed(packets, h264);
        assertThat(sink.units).extracting(RecordingSink.Unit::timestamp).doesNotContain(3600L);
        assertThat(PayloadQuirk.describe(h264.quirks())).contains("interleaved packets");
    }

    @Test
    void announcedParameterSetsWithStartCodesAreReadAndNoted() {
        List<byte[]> sets = CLIP.get(0).nals().stream()
                .filter(nal -> (nal[0] & 0x1F) == 7 || (nal[0] & 0x1F) == 8)
                .toList();
        AvcParameterSets odd = new AvcParameterSets();
        assertThat(odd.offerSprop("\"" + Base64.getEncoder().encodeToString(byteStream(sets)) + "\", "))
                .isFalse();
        assertThat(odd.config().orElseThrow().toBytes())
                .isEqualTo(TestClip.parameterSets().config().orElseThrow().toBytes());
    }

    @Test
    void thePictureSaysWhichOfSeveralParameterSetsIsInUse() throws Exception {
        AvcParameterSets sets = TestClip.parameterSets();
        byte[] sps = sets.config().orElseThrow().sps().get(0);
        byte[] pps = sets.config().orElseThrow().pps().get(0);
        // The same sets again under the ids 1, with another level: 1 = 010, so the two numbers of the PPS become 010
        // 010.
        byte[] secondSps = withId(sps, 4, 1);
        secondSps[3]++;
        byte[] secondPps = withId(withId(pps, 1, 1), 1, 3, 1);
        assertThat(sets.offer(ByteBuffer.wrap(secondSps), 0, secondSps.length)).isTrue();
        assertThat(sets.offer(ByteBuffer.wrap(secondPps), 0, secondPps.length)).isTrue();
        String before = sets.format().codecString();

        // first_mb_in_slice 0, slice_type 7, pic_parameter_set_id 1: 1 0001000 010
        byte[] slice = {(byte) 0b1000_1000, 0b0100_0000, 0, 0};
        assertThat(sets.activate(5, ByteBuffer.wrap(slice), 0, slice.length)).isTrue();
        assertThat(sets.format().codecString()).isNotEqualTo(before);
        assertThat(sets.activate(5, ByteBuffer.wrap(slice), 0, slice.length)).isFalse();
    }

    /** Puts the Exp-Golomb code of {@code id} in place of the single bit 1 that stands for 0. */
    private static byte[] withId(byte[] nal, int offset, int id) {
        return withId(nal, offset, 0, id);
    }

    private static byte[] withId(byte[] nal, int offset, int skipBits, int id) {
        StringBuilder bits = new StringBuilder();
        for (int i = offset; i < nal.length; i++) {
            bits.append(
                    String.format("%8s", Integer.toBinaryString(nal[i] & 0xFF)).replace(' ', '0'));
        }
        String code = Integer.toBinaryString(id + 1);
        bits.replace(skipBits, skipBits + 1, "0".repeat(code.length() - 1) + code);
        byte[] changed = Arrays.copyOf(nal, offset + (bits.length() + 7 >> 3));
        Arrays.fill(changed, offset, changed.length, (byte) 0);
        for (int i = 0; i < bits.length(); i++) {
            changed[offset + (i >> 3)] |= (byte) (bits.charAt(i) - '0' << 7 - (i & 7));
        }
        return changed;
    }

    @Test
    void aChangedAndThenRestoredPictureParameterSetOfH265IsTwoChanges() throws Exception {
        HevcParameterSets sets = new HevcParameterSets();
        byte[] pps = new byte[0];
        for (byte[] nal : TestClip.nals(TestClip.resource("small.h265"))) {
            sets.offer(ByteBuffer.wrap(nal), 0, nal.length);
            pps = pps.length == 0 && (nal[0] >> 1 & 0x3F) == 34 ? nal : pps;
        }
        byte[] before = sets.format().configuration();
        byte[] changed = pps.clone();
        changed[changed.length - 1] ^= 0x40;
        assertThat(sets.offer(ByteBuffer.wrap(changed), 0, changed.length)).isTrue();
        assertThat(sets.format().configuration()).hasSameSizeAs(before).isNotEqualTo(before);
        assertThat(sets.offer(ByteBuffer.wrap(pps), 0, pps.length)).isTrue();
        assertThat(sets.format().configuration()).isEqualTo(before);
    }

    @Test
    void whatPaciWrapsIsUnwrapped() {
        List<byte[]> packets = new ArrayList<>();
        Packetizer packetizer = new Packetizer(1400, false, Packetizer.Marker.LAST_PACKET, 1);
        RecordingSink plain = new RecordingSink(1 << 16);
        List<byte[]> wrapped = new ArrayList<>();
        Packetizer other = new Packetizer(1400, false, Packetizer.Marker.LAST_PACKET, 1);
        long time = -3600;
        for (byte[] nal : TestClip.nals(TestClip.resource("small.h265"))) {
            int type = nal[0] >> 1 & 0x3F;
            time += type == 35 ? 3600 : 0;
            packets.add(packetizer.rtp(nal, 96, false, time));
            // PACI header: type 50; then cType, PHSsize 3, no flags; then three bytes of extension
            byte[] paci = new byte[nal.length + 5];
            ByteBuffer.wrap(paci)
                    .putShort((short) (50 << 9 | nal[0] << 8 & 0x100 | nal[1] & 0xFF))
                    .putShort((short) (type << 9 | 3 << 4))
                    .put(new byte[] {1, 2, 3})
                    .put(nal, 2, nal.length - 2);
            wrapped.add(other.rtp(paci, 96, false, time));
        }
        Packetizer.feed(packets, new H265Depacketizer(plain, new HevcParameterSets(), false));
        Packetizer.feed(wrapped, new H265Depacketizer(sink, new HevcParameterSets(), false));
        assertThat(sink.units).hasSameSizeAs(plain.units).isNotEmpty();
        for (int i = 0; i < sink.units.size(); i++) {
            assertThat(sink.units.get(i).bytes()).isEqualTo(plain.units.get(i).bytes());
            assertThat(sink.units.get(i).key()).isEqualTo(plain.units.get(i).key());
        }
    }
}
