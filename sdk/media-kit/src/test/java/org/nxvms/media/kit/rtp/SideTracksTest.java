// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** G.726 and metadata: what travels beside pictures and is not AAC. */
class SideTracksTest {
    private final Packetizer packetizer = new Packetizer(1400, false, Packetizer.Marker.LAST_PACKET, 0);
    private final RecordingSink sink = new RecordingSink(4096);

    /** Packs code words the way RFC 3551 4.5.4 says, bit by bit, or the other way round. */
    private static byte[] packed(int[] words, int bits, boolean leastFirst) {
        byte[] bytes = new byte[words.length * bits + 7 >> 3];
        for (int i = 0; i < words.length * bits; i++) {
            int inWord = i % bits;
            int bit = words[i / bits] >> (leastFirst ? inWord : bits - 1 - inWord) & 1;
            bytes[i >> 3] |= (byte) (bit << (leastFirst ? i & 7 : 7 - (i & 7)));
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void g726IsStoredTheSameWayHoweverItIsPacked(int bits) {
        int[] words = new int[160];
        for (int i = 0; i < words.length; i++) {
            words[i] = i * 7 + 3 & (1 << bits) - 1;
        }
        byte[] expected = packed(words, bits, false);
        Packetizer.feed(
                List.of(packetizer.rtp(packed(words, bits, true), 96, true, 160)),
                new G726Depacketizer(sink, bits, true));
        Packetizer.feed(List.of(packetizer.rtp(expected, 96, true, 320)), new G726Depacketizer(sink, bits, false));

        assertThat(sink.units).hasSize(2);
        assertThat(sink.units.get(0).bytes()).isEqualTo(expected);
        assertThat(sink.units.get(1).bytes()).isEqualTo(expected);
        assertThat(sink.units.get(1).timestamp()).isEqualTo(320);
    }

    @Test
    void aPacketOfG726BeyondAllMeasureIsDropped() {
        G726Depacketizer g726 = new G726Depacketizer(sink, 4, true);
        Packetizer.feed(List.of(packetizer.rtp(new byte[2049], 96, true, 0)), g726);
        assertThat(sink.units).isEmpty();
        assertThat(g726.dropped()).isEqualTo(1);
    }

    private List<byte[]> document(String text, int parts, long time) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<byte[]> packets = new ArrayList<>();
        int each = (bytes.length + parts - 1) / parts;
        for (int at = 0; at < bytes.length; at += each) {
            int end = Math.min(bytes.length, at + each);
            packets.add(packetizer.rtp(Arrays.copyOfRange(bytes, at, end), 107, end == bytes.length, time));
        }
        return packets;
    }

    private List<String> documents() {
        return sink.units.stream()
                .map(unit -> new String(unit.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aMetadataDocumentOverSeveralPacketsIsOneUnit() {
        List<byte[]> packets = new ArrayList<>(document("<tt:MetadataStream a='1'/>", 1, 0));
        packets.addAll(document("<tt:MetadataStream>0123456789</tt:MetadataStream>", 3, 0));
        packets.addAll(document("<tt:MetadataStream b='2'/>", 2, 9000));
        Packetizer.feed(packets, new DocumentDepacketizer(sink));
        assertThat(documents())
                .containsExactly(
                        "<tt:MetadataStream a='1'/>",
                        "<tt:MetadataStream>0123456789</tt:MetadataStream>",
                        "<tt:MetadataStream b='2'/>");
    }

    @Test
    void aDocumentWithAHoleIsDroppedWholeAndSoIsOneTooLarge() {
        List<byte[]> packets = new ArrayList<>(document("<first>0123456789</first>", 5, 0));
        packets.addAll(document("<second/>", 3, 9000));
        packets.addAll(document("<third/>", 1, 18_000));
        packets.addAll(document("<large>" + "x".repeat(5000) + "</large>", 5, 27_000));
        packets.addAll(document("<fourth/>", 1, 36_000));
        packets.remove(2);
        packets.remove(5);
        DocumentDepacketizer depacketizer = new DocumentDepacketizer(sink);
        Packetizer.feed(packets, depacketizer);
        assertThat(documents()).containsExactly("<third/>", "<fourth/>");
        assertThat(sink.units.get(0).afterLoss()).isTrue();
        assertThat(depacketizer.dropped()).isPositive();
    }

    @Test
    void adtsHeadersAreTakenOffAacUnits() {
        byte[] adts = ByteBuffer.allocate(7 + 20)
                .put((byte) 0xFF)
                .put((byte) 0xF1)
                .put((byte) 0x4C)
                .put((byte) (0x40 | 27 >> 11))
                .put((byte) (27 >> 3))
                .put((byte) (27 << 5 | 0x1F))
                .put((byte) 0xFC)
                .put(new byte[20])
                .array();
        ByteBuffer payload = ByteBuffer.allocate(4 + 27)
                .putShort((short) 16)
                .putShort((short) (27 << 3))
                .put(adts);
        Packetizer.feed(
                List.of(packetizer.rtp(payload.array(), 97, true, 0)), new AacDepacketizer(sink, 13, 3, 3, 1024));
        assertThat(sink.units.get(0).bytes()).isEqualTo(new byte[20]);
    }

    @Test
    void aacOfLowBitRateHasShorterHeadersAndInterleavingIsRefused() {
        byte[] together = {0, 16, 5 << 2, 3 << 2, 1, 2, 3, 4, 5, 6, 7, 8};
        byte[] interleaved = {0, 16, 5 << 2, 3 << 2 | 1, 1, 2, 3, 4, 5, 6, 7, 8};
        AacDepacketizer depacketizer = new AacDepacketizer(sink, 6, 2, 2, 1024);
        Packetizer.feed(
                List.of(packetizer.rtp(together, 97, true, 0), packetizer.rtp(interleaved, 97, true, 2048)),
                depacketizer);
        assertThat(sink.units).hasSize(3);
        assertThat(sink.units.get(1).bytes()).containsExactly(6, 7, 8);
        assertThat(sink.units.get(1).timestamp()).isEqualTo(1024);
        assertThat(depacketizer.dropped()).isEqualTo(1);
    }
}
