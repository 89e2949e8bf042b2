// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.TestClip;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.media.kit.nal.HevcParameterSets;

/** A real H.265 clip (64x64, B-frames) as x265 made it, cut the ways of RFC 7798. */
class H265DepacketizerTest {
    private static final List<List<byte[]>> PICTURES = pictures();

    private static int type(byte[] nal) {
        return nal[0] >> 1 & 0x3F;
    }

    /** NAL units by picture: x265 begins each with an access unit delimiter. */
    private static List<List<byte[]>> pictures() {
        List<List<byte[]>> pictures = new ArrayList<>();
        for (byte[] nal : TestClip.nals(TestClip.resource("small.h265"))) {
            if (type(nal) == 35) {
                pictures.add(new ArrayList<>());
            }
            pictures.get(pictures.size() - 1).add(nal);
        }
        return pictures;
    }

    private static byte[] sample(List<byte[]> picture) {
        ByteBuffer out = ByteBuffer.allocate(1 << 16);
        picture.stream().filter(nal -> type(nal) < 32 || type(nal) > 35).forEach(nal -> out.putInt(nal.length)
                .put(nal));
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    /** Parameter sets in one aggregation packet, the rest whole or in fragments. */
    private static List<byte[]> packets(int payloadMax) {
        Packetizer rtp = new Packetizer(payloadMax, false, Packetizer.Marker.NEVER, 9);
        List<byte[]> packets = new ArrayList<>();
        long time = 0;
        for (List<byte[]> picture : PICTURES) {
            ByteBuffer sets = ByteBuffer.allocate(4096).putShort((short) (48 << 9 | 1));
            picture.stream()
                    .filter(nal -> type(nal) >= 32 && type(nal) <= 34)
                    .forEach(nal -> sets.putShort((short) nal.length).put(nal));
            if (sets.position() > 2) {
                byte[] payload = new byte[sets.position()];
                sets.get(0, payload);
                packets.add(rtp.rtp(payload, 96, false, time));
            }
            for (byte[] nal : picture) {
                boolean last = nal == picture.get(picture.size() - 1);
                if (type(nal) < 32 || type(nal) > 34) {
                    nal(rtp, nal, payloadMax, time, last, packets);
                }
            }
            time += 3600;
        }
        return packets;
    }

    private static void nal(Packetizer rtp, byte[] nal, int payloadMax, long time, boolean last, List<byte[]> into) {
        if (nal.length <= payloadMax) {
            into.add(rtp.rtp(nal, 96, last, time));
            return;
        }
        for (int at = 2; at < nal.length; ) {
            int size = Math.min(payloadMax - 3, nal.length - at);
            boolean end = at + size == nal.length;
            ByteBuffer part = ByteBuffer.allocate(3 + size);
            part.put((byte) (nal[0] & 0x81 | 49 << 1)).put(nal[1]);
            part.put((byte) ((at == 2 ? 0x80 : 0) | (end ? 0x40 : 0) | type(nal)))
                    .put(nal, at, size);
            into.add(rtp.rtp(part.array(), 96, last && end, time));
            at += size;
        }
    }

    @Property(tries = 40)
    void everyCutGivesTheSamePictures(@ForAll @IntRange(min = 20, max = 1500) int payloadMax) {
        RecordingSink sink = new RecordingSink(1 << 16);
        Packetizer.feed(packets(payloadMax), new H265Depacketizer(sink, new HevcParameterSets(), false));

        assertThat(sink.formatChanges).isEqualTo(1);
        assertThat(sink.units).hasSameSizeAs(PICTURES);
        for (int i = 0; i < PICTURES.size(); i++) {
            assertThat(sink.units.get(i).bytes()).isEqualTo(sample(PICTURES.get(i)));
            boolean irap = PICTURES.get(i).stream().anyMatch(nal -> type(nal) >= 16 && type(nal) <= 21);
            assertThat(sink.units.get(i).key()).isEqualTo(irap);
        }
    }

    @Property(tries = 60)
    void aLostPacketNeverGivesATornPicture(
            @ForAll @IntRange(min = 20, max = 200) int payloadMax, @ForAll @IntRange(min = 0) int loss) {
        List<byte[]> packets = new ArrayList<>(packets(payloadMax));
        packets.remove(loss % packets.size());
        RecordingSink sink = new RecordingSink(1 << 16);
        Packetizer.feed(packets, new H265Depacketizer(sink, new HevcParameterSets(), false));

        for (RecordingSink.Unit unit : sink.units) {
            List<byte[]> picture = PICTURES.get((int) (unit.timestamp() / 3600));
            List<byte[]> slices = picture.stream().filter(nal -> type(nal) < 32).toList();
            assertThat(unit.bytes()).isIn(sample(picture), sample(slices));
        }
    }

    @Test
    void theFormatSurvivesTheInitSegment() throws Exception {
        HevcParameterSets sets = new HevcParameterSets();
        PICTURES.get(0).forEach(nal -> sets.offer(ByteBuffer.wrap(nal), 0, nal.length));
        TrackFormat track = sets.format();

        assertThat(track.codec()).isEqualTo(Codec.HEVC);
        assertThat(track.width()).isEqualTo(64);
        assertThat(track.height()).isEqualTo(64);
        assertThat(track.codecString()).startsWith("hvc1.1.6.L");
        StreamFormat format = new StreamFormat(List.of(track));
        InitReader.Init init = InitReader.read(ByteBuffer.wrap(InitSegment.build(format, Optional.empty())));
        assertThat(init.format()).isEqualTo(format);
    }
}
