// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.mkv;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nxvms.export.cut.Sample;
import org.nxvms.export.mkv.PlainMkv.Block;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.TrackFormats;

/** What is written is read back element by element. */
class MatroskaTest {
    private static final long START_US = 1_795_359_599_000_000L; // 2026-11-22T14:59:59Z
    private static final int SEEK_HEAD = 0x114D9B74;
    private static final int SEEK_ID = 0x53AB;
    private static final int SEEK_POSITION = 0x53AC;
    private static final int INFO = 0x1549A966;
    private static final int DURATION = 0x4489;
    private static final int TRACKS = 0x1654AE6B;
    private static final int CUES = 0x1C53BB6B;
    private static final int CUE_CLUSTER_POSITION = 0xF1;
    private static final TrackFormat PICTURE =
            new TrackFormat(Codec.H264, 90_000, "avc1.64001E", 640, 360, 0, 25, new byte[] {1, 2, 3});

    private static Sample sample(int track, long time, boolean key, int bytes) {
        return new Sample(
                track,
                time,
                time,
                1,
                key,
                ByteBuffer.allocate(bytes).put((byte) track).rewind());
    }

    /** {@return a file, with what is written to its beginning in the end} */
    private static PlainMkv written(StreamFormat format, List<List<Sample>> together) {
        Matroska matroska = new Matroska(format);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<ByteBuffer> parts = new ArrayList<>(List.of(matroska.begin("NXvms test", START_US)));
        together.forEach(samples -> parts.add(matroska.clusters(samples)));
        parts.add(matroska.end());
        int begun = parts.get(0).remaining();
        ByteBuffer beginning = matroska.beginning();
        assertThat(beginning.remaining()).isEqualTo(begun);
        parts.set(0, beginning);
        parts.forEach(part -> {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            out.writeBytes(bytes);
        });
        return new PlainMkv(out.toByteArray());
    }

    @Test
    void blocksHaveTheTimesAndBytesOfTheirAccessUnits() {
        StreamFormat format = new StreamFormat(List.of(PICTURE, TrackFormats.opus(2)));
        PlainMkv file = written(
                format,
                List.of(
                        List.of(
                                sample(0, 0, true, 20_000),
                                sample(1, 0, true, 100),
                                // Shown before the one that is decoded before it.
                                sample(0, 10_800, false, 126),
                                sample(0, 3_600, false, 127)),
                        List.of(sample(0, 90_000L * 3_600, true, 5))));
        assertThat(file.blocks)
                .extracting(Block::track, Block::timeMs, Block::key, block -> block.payload()
                        .remaining())
                .containsExactly(
                        tuple(1, 0L, true, 20_000),
                        tuple(2, 0L, true, 100),
                        tuple(1, 120L, false, 126),
                        tuple(1, 40L, false, 127),
                        tuple(1, 3_600_000L, true, 5));
        assertThat(file.blocks.get(1).payload().get(0)).isEqualTo((byte) 1);
        // DateUTC: nanoseconds since 2001.
        assertThat(file.all(0x4461).get(0).number()).isEqualTo((START_US - 978_307_200_000_000L) * 1_000);
    }

    @Test
    void cuesNameTheClustersWithKeyFramesAndNoOthers() {
        StreamFormat format = new StreamFormat(List.of(PICTURE));
        PlainMkv file = written(
                format,
                List.of(
                        List.of(sample(0, 0, true, 300)),
                        List.of(sample(0, 90_000, false, 300)),
                        List.of(sample(0, 180_000, true, 300))));
        assertThat(file.clusters).hasSize(3);
        assertThat(file.all(0xB3)).extracting(PlainMkv.Leaf::number).containsExactly(0L, 2_000L);
        assertThat(file.all(0xF1))
                .extracting(PlainMkv.Leaf::number)
                .containsExactly(file.clusters.get(0), file.clusters.get(2));
    }

    /** A player that jumps reads the beginning, and then what the beginning names. */
    @Test
    void theBeginningNamesWhereTheCuesStandAndHowLongTheFileIs() {
        PlainMkv file = written(
                new StreamFormat(List.of(PICTURE)),
                List.of(List.of(sample(0, 0, true, 300)), List.of(sample(0, 180_000, true, 300))));
        assertThat(seekPositions(file))
                .containsExactly(
                        entry(INFO, file.parts.get(INFO)),
                        entry(TRACKS, file.parts.get(TRACKS)),
                        entry(CUES, file.parts.get(CUES)));
        assertThat(file.parts.get(SEEK_HEAD))
                .as("it is the first of the segment")
                .isZero();
        PlainMkv.Leaf last = file.leaves.get(file.leaves.size() - 1);
        assertThat(last.id()).isEqualTo(CUE_CLUSTER_POSITION);
        assertThat(file.segmentBytes.getAsLong()).isEqualTo(file.bytes);
        // The last picture begins after 2000 ms, and lasts a tick of 90 kHz.
        assertThat(file.all(DURATION).get(0).content().getDouble()).isEqualTo(2_000);
    }

    @Test
    void aFileOfWhichNobodyKnowsTheEndClaimsNone() {
        Matroska matroska = new Matroska(new StreamFormat(List.of(PICTURE)));
        ByteBuffer begun = matroska.begin("NXvms test", START_US);
        PlainMkv file = new PlainMkv(begun.array());
        assertThat(file.segmentBytes).isEmpty();
        assertThat(file.all(DURATION)).isEmpty();
        assertThat(seekPositions(file))
                .containsExactly(entry(INFO, file.parts.get(INFO)), entry(TRACKS, file.parts.get(TRACKS)));
    }

    private static List<Map.Entry<Integer, Long>> seekPositions(PlainMkv file) {
        List<Map.Entry<Integer, Long>> all = new ArrayList<>();
        for (int i = 0; i < file.all(SEEK_ID).size(); i++) {
            all.add(entry(
                    (int) file.all(SEEK_ID).get(i).number(),
                    file.all(SEEK_POSITION).get(i).number()));
        }
        return all;
    }

    /** A block's time is a distance of 16 bits from its cluster's. */
    @Test
    void whatIsTooFarApartForOneClusterComesInSeveral() {
        List<Sample> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            slow.add(sample(0, i * 90_000L, i == 0, 10));
        }
        PlainMkv file = written(new StreamFormat(List.of(PICTURE)), List.of(slow));
        assertThat(file.clusters).hasSizeGreaterThan(5);
        for (int i = 0; i < 200; i++) {
            assertThat(file.blocks.get(i).timeMs()).isEqualTo(i * 1_000L);
        }
    }

    @Test
    void codecsHaveTheirNamesAndWhatADecoderNeeds() {
        StreamFormat format = new StreamFormat(List.of(
                PICTURE,
                TrackFormats.g711(Codec.PCM_ALAW, 8_000, 1),
                TrackFormats.opus(2),
                TrackFormats.onvifMetadata(90_000)));
        PlainMkv file = written(
                format, List.of(List.of(sample(0, 0, true, 10), sample(3, 0, true, 10), sample(1, 0, true, 10))));
        assertThat(file.all(0x86))
                .extracting(leaf -> StandardCharsets.US_ASCII
                        .decode(leaf.content().duplicate())
                        .toString())
                .containsExactly("V_MPEG4/ISO/AVC", "A_MS/ACM", "A_OPUS");
        assertThat(file.all(0x63A2).get(0).content()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(file.all(0x63A2).get(1).content().get(0)).as("A-law").isEqualTo((byte) 6);
        ByteBuffer opus = file.all(0x63A2).get(2).content();
        assertThat(opus.remaining()).isEqualTo(19);
        assertThat(opus.get(9)).as("channels").isEqualTo((byte) 2);
        assertThat(opus.getInt(12)).as("48 kHz, little-endian").isEqualTo(0x80BB0000);
        assertThat(file.blocks)
                .extracting(Block::track)
                .as("metadata is left out")
                .containsExactly(1, 2);
    }
}
