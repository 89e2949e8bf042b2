// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.TestClip;
import org.nxvms.media.kit.nal.LatmConfig;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/** AAC in LATM, configured by the session description or in band. */
class LatmDepacketizerTest {
    /** AAC-LC, 48 kHz, mono, in full, and as GStreamer 1.22 announces it: with an empty extension, and cut off there. */
    private static final byte[] ANNOUNCED = HexFormat.of().parseHex("400023103fc0");

    private static final byte[] CUT_OFF = HexFormat.of().parseHex("40002310adca00");

    private final List<byte[]> tone = TestClip.tone();
    private final Packetizer packetizer = new Packetizer(1400, false, Packetizer.Marker.LAST_PACKET, 65_534);
    private final RecordingSink sink = new RecordingSink(4096);

    /** Appends bits, most significant first. */
    private static final class BitWriter {
        private final StringBuilder bits = new StringBuilder();

        BitWriter put(int value, int count) {
            for (int i = count - 1; i >= 0; i--) {
                bits.append(value >> i & 1);
            }
            return this;
        }

        BitWriter config(int channels) {
            // version, same framing, 1 sub-frame, 1 program, 1 layer; AAC-LC, 48 kHz; no extras
            put(0, 1).put(1, 1).put(0, 6).put(0, 4).put(0, 3);
            put(2, 5).put(3, 4).put(channels, 4).put(0, 3);
            return put(0, 3).put(0xFF, 8).put(0, 1).put(0, 1);
        }

        BitWriter frame(byte[] unit) {
            int left = unit.length;
            for (; left >= 255; left -= 255) {
                put(255, 8);
            }
            put(left, 8);
            for (byte b : unit) {
                put(b, 8);
            }
            return this;
        }

        byte[] bytes() {
            byte[] bytes = new byte[bits.length() + 7 >> 3];
            for (int i = 0; i < bits.length(); i++) {
                bytes[i >> 3] |= (byte) (bits.charAt(i) - '0' << 7 - (i & 7));
            }
            return bytes;
        }
    }

    private LatmDepacketizer announced() throws NalException {
        LatmConfig config = LatmConfig.parse(new BitWriter().config(1).bytes());
        return new LatmDepacketizer(sink, new LatmDepacketizer.Format(48_000, Optional.of(config)), false);
    }

    private void assertTone(int count) {
        assertThat(sink.units).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(sink.units.get(i).bytes()).isEqualTo(tone.get(i));
            assertThat(sink.units.get(i).timestamp()).isEqualTo(1024L * i);
        }
    }

    @Test
    void theConfigurationOfASessionDescriptionIsRead() throws Exception {
        LatmConfig config = LatmConfig.parseAnnounced(ANNOUNCED);
        assertThat(config.audio().sampleRate()).isEqualTo(48_000);
        assertThat(config.audio().channels()).isEqualTo(1);
        assertThat(new LatmDepacketizer.Format(48_000, Optional.of(config)).format())
                .isEqualTo(TrackFormats.aac(TestClip.toneConfig(), 48_000));
    }

    @Test
    void aConfigurationThatIsCutOffIsReadAsFarAsItGoesButNotInBand() throws Exception {
        LatmConfig config = LatmConfig.parseAnnounced(CUT_OFF);
        assertThat(config.audio())
                .isEqualTo(LatmConfig.parseAnnounced(ANNOUNCED).audio());
        assertThat(config.audioSpecificConfig()).isEqualTo(HexFormat.of().parseHex("118856e500"));
        assertThatThrownBy(() -> LatmConfig.parse(CUT_OFF)).isInstanceOf(NalException.class);
    }

    @Test
    void anElementAPacketComesBackAsAFrame() throws Exception {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < tone.size(); i++) {
            packets.add(packetizer.rtp(new BitWriter().frame(tone.get(i)).bytes(), 97, true, 1024L * i));
        }
        Packetizer.feed(packets, announced());
        assertTone(tone.size());
    }

    @Test
    void severalElementsInAPacketAndOneOverSeveralPacketsComeBackToo() throws Exception {
        byte[] two = new BitWriter().frame(tone.get(0)).frame(tone.get(1)).bytes();
        byte[] third = new BitWriter().frame(tone.get(2)).bytes();
        int half = third.length / 2;
        Packetizer.feed(
                List.of(
                        packetizer.rtp(two, 97, true, 0),
                        packetizer.rtp(Arrays.copyOf(third, half), 97, false, 2048),
                        packetizer.rtp(Arrays.copyOfRange(third, half, third.length), 97, true, 2048)),
                announced());
        assertTone(3);
    }

    @Test
    void aConfigurationInBandIsTakenAndAChangeOfItReported() throws Exception {
        LatmDepacketizer.Format format = new LatmDepacketizer.Format(48_000, Optional.empty());
        assertThat(format.complete()).isFalse();
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < tone.size(); i++) {
            BitWriter element = new BitWriter();
            if (i % 4 == 0) {
                element.put(0, 1).config(i < 8 ? 1 : 2);
            } else {
                element.put(1, 1);
            }
            packets.add(packetizer.rtp(element.frame(tone.get(i)).bytes(), 97, true, 1024L * i));
        }
        Packetizer.feed(packets, new LatmDepacketizer(sink, format, true));
        assertTone(tone.size());
        assertThat(sink.formatChanges).isEqualTo(2);
        assertThat(format.format().channels()).isEqualTo(2);
    }

    @Test
    void anElementWithAHoleIsDropped() throws Exception {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            byte[] element = new BitWriter().frame(tone.get(i)).bytes();
            packets.add(packetizer.rtp(Arrays.copyOf(element, 10), 97, false, 1024L * i));
            packets.add(packetizer.rtp(Arrays.copyOfRange(element, 10, element.length), 97, true, 1024L * i));
        }
        packets.remove(2);
        LatmDepacketizer depacketizer = announced();
        Packetizer.feed(packets, depacketizer);
        assertThat(sink.units).extracting(RecordingSink.Unit::timestamp).containsExactly(0L, 2048L);
        assertThat(sink.units.get(1).afterLoss()).isTrue();
        assertThat(depacketizer.dropped()).isPositive();
    }

    @Test
    void unusualConfigurationsAreRefusedByName() {
        byte[] programs = new BitWriter()
                .put(0, 1)
                .put(1, 1)
                .put(0, 6)
                .put(1, 4)
                .put(0, 40)
                .bytes();
        assertThatThrownBy(() -> LatmConfig.parse(programs))
                .isInstanceOf(NalException.class)
                .hasMessageContaining("several programs");
    }
}
