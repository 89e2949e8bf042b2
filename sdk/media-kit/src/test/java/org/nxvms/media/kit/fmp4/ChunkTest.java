// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.TestClip;
import org.nxvms.media.kit.TestClip.Picture;
import org.nxvms.media.kit.nal.TrackFormats;

/** A chunk of real H.264 with B-frames and AAC, written fragment by fragment, read back whole, torn and sealed. */
class ChunkTest {
    private static final long START_US = 1_763_800_000_123_457L;
    private static final RunInfo RUN = new RunInfo(
            StreamId.main(UUID.fromString("00000000-0000-4000-8000-000000000001")),
            UUID.fromString("00000000-0000-4000-8000-000000000002"),
            UUID.fromString("00000000-0000-4000-8000-000000000003"),
            7,
            START_US,
            ClockSource.ARRIVAL);

    @TempDir
    Path folder;

    private final List<Picture> pictures = TestClip.pictures();
    private final List<byte[]> tone = TestClip.tone();
    private Path file;
    private StreamFormat format;

    @BeforeEach
    void writeChunk() throws Exception {
        format = new StreamFormat(
                List.of(TestClip.format().tracks().get(0), TrackFormats.aac(TestClip.toneConfig(), 48_000)));
        file = folder.resolve("chunk.mp4");
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(InitSegment.build(format, Optional.of(RUN))));
            writeFragments(out);
        }
        // Kept for a look with ffprobe; nothing reads it.
        Files.createDirectories(Path.of("target"));
        Files.copy(file, Path.of("target/chunk.mp4"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private void writeFragments(FileChannel out) throws IOException {
        FragmentBuilder builder = new FragmentBuilder(2, 100);
        DecodeTimes video =
                new DecodeTimes(TrackFormats.reorderDepth(format.tracks().get(0)));
        ByteBuffer header = ByteBuffer.allocateDirect(8192);
        List<ByteBuffer> payload = new ArrayList<>();
        int audio = 0;
        int sequence = 1;
        for (int i = 0; i < pictures.size(); i++) {
            Picture picture = pictures.get(i);
            long dts = video.next(picture.pts() + 90_000);
            if (picture.key()) {
                if (i > 0) {
                    builder.endAt(0, dts);
                    flush(out, builder, header, payload);
                }
                builder.begin(sequence++);
                builder.wallClock(START_US + picture.pts() * 100 / 9);
            }
            byte[] sample = picture.sample();
            assertThat(builder.add(0, dts, picture.pts() + 90_000, sample.length, picture.key()))
                    .isTrue();
            payload.add(ByteBuffer.wrap(sample));
            for (int n = 0; n < 2 && audio < tone.size(); n++, audio++) {
                long time = 48_000 + 1024L * audio;
                builder.add(1, time, time, tone.get(audio).length, true);
                payload.add(ByteBuffer.wrap(tone.get(audio)));
            }
        }
        flush(out, builder, header, payload);
    }

    private static void flush(FileChannel out, FragmentBuilder builder, ByteBuffer header, List<ByteBuffer> payload)
            throws IOException {
        header.clear();
        int promised = builder.headerBytes();
        builder.writeHeader(header);
        header.flip();
        assertThat(header.remaining()).isEqualTo(promised);
        payload.add(0, header);
        out.write(payload.toArray(ByteBuffer[]::new));
        payload.clear();
    }

    private ChunkScan scan() throws IOException, Mp4Exception {
        try (FileChannel in = FileChannel.open(file)) {
            return ChunkScan.of(in);
        }
    }

    @Test
    void everythingComesBackAsItWentIn() throws Exception {
        ChunkScan scan = scan();

        assertThat(scan.problem()).isEmpty();
        assertThat(scan.wholeBytes()).isEqualTo(Files.size(file));
        assertThat(scan.init().run()).contains(RUN);
        assertThat(scan.init().format()).isEqualTo(format);
        assertThat(scan.fragments()).hasSize(3).allMatch(ChunkScan.Fragment::startsWithKey);
        assertThat(scan.fragments().get(0).wallUs()).isEqualTo(START_US);

        byte[] bytes = Files.readAllBytes(file);
        List<byte[]> videoSamples = new ArrayList<>();
        List<byte[]> audioSamples = new ArrayList<>();
        List<Long> videoPts = new ArrayList<>();
        for (ChunkScan.Fragment fragment : scan.fragments()) {
            for (SampleTable table : fragment.header().tracks()) {
                for (int i = 0; i < table.count(); i++) {
                    int from = (int) (fragment.moofOffset() + table.offset()[i]);
                    byte[] sample = Arrays.copyOfRange(bytes, from, from + table.size()[i]);
                    (table.trackId() == 1 ? videoSamples : audioSamples).add(sample);
                    if (table.trackId() == 1) {
                        videoPts.add(table.presentationTime()[i]);
                    }
                }
            }
        }
        assertThat(videoSamples)
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(
                        pictures.stream().map(Picture::sample).toList());
        assertThat(videoPts)
                .containsExactlyElementsOf(
                        pictures.stream().map(picture -> picture.pts() + 90_000).toList());
        assertThat(audioSamples).usingElementComparator(Arrays::compare).containsExactlyElementsOf(tone);
    }

    @Test
    void decodeTimesGrowAndDurationsAreExactAcrossFragments() throws Exception {
        long expected = -1;
        for (ChunkScan.Fragment fragment : scan().fragments()) {
            SampleTable video = fragment.header().track(0).orElseThrow();
            if (expected >= 0) {
                assertThat(video.decodeTime()[0]).isEqualTo(expected);
            }
            for (int i = 1; i < video.count(); i++) {
                assertThat(video.decodeTime()[i]).isGreaterThan(video.decodeTime()[i - 1]);
            }
            expected = video.endDecodeTime();
        }
    }

    @Test
    void aTornChunkKeepsItsWholeFragments() throws Exception {
        ChunkScan whole = scan();
        byte[] bytes = Files.readAllBytes(file);
        for (int cut = whole.init().bytes(); cut < bytes.length; cut += 11) {
            try (RandomAccessFile torn = new RandomAccessFile(file.toFile(), "rw")) {
                torn.setLength(0);
                torn.write(bytes, 0, cut);
            }
            long limit = cut;
            List<ChunkScan.Fragment> expected = whole.fragments().stream()
                    .filter(fragment -> fragment.offset() + fragment.bytes() <= limit)
                    .toList();
            ChunkScan scan = scan();
            assertThat(scan.fragments()).hasSameSizeAs(expected);
            assertThat(scan.wholeBytes())
                    .isEqualTo(
                            expected.isEmpty()
                                    ? whole.init().bytes()
                                    : expected.get(expected.size() - 1).offset()
                                            + expected.get(expected.size() - 1).bytes());
            assertThat(scan.problem().isPresent()).isEqualTo(scan.wholeBytes() < cut);
        }
    }

    private ChunkScan scanPast() throws IOException, Mp4Exception {
        try (FileChannel in = FileChannel.open(file)) {
            return ChunkScan.past(in, () -> {});
        }
    }

    @Test
    void whoReadsPastWhatIsDamagedFindsAllThatIsWhole() throws Exception {
        List<ChunkScan.Fragment> all = scan().fragments();
        byte[] bytes = Files.readAllBytes(file);
        for (int at : boxHeaders(bytes, all.get(1))) {
            for (int bit = 1; bit <= 0x80; bit <<= 1) {
                byte[] damaged = bytes.clone();
                damaged[at] ^= (byte) bit;
                Files.write(file, damaged);
                List<Long> found = scanPast().fragments().stream()
                        .map(ChunkScan.Fragment::offset)
                        .toList();
                assertThat(found)
                        .as("bit " + bit + " of byte " + (at - all.get(1).offset()))
                        .startsWith(all.get(0).offset())
                        .endsWith(all.get(2).offset())
                        .hasSizeLessThanOrEqualTo(3);
            }
        }
    }

    private static List<Integer> boxHeaders(byte[] bytes, ChunkScan.Fragment fragment) {
        List<Integer> places = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long end = fragment.offset() + fragment.bytes();
        for (int box = (int) fragment.offset(); box < end; box += in.getInt(box)) {
            for (int at = box; at < box + 8; at++) {
                places.add(at);
            }
        }
        return places;
    }

    @Test
    @Timeout(120)
    void placesThatOnlyLookLikeFragmentsAreNotTriedWithoutEnd() throws Exception {
        int whole = (int) scan().wholeBytes();
        byte[] bytes = Files.readAllBytes(file);
        for (int[] bait : new int[][] {
            {FragmentHeader.MOOF_BYTES_MAX, Boxes.MOOF, -1, -1},
            {8, Boxes.MOOF},
            {8, Boxes.MOOF, 24, Boxes.PRFT, 0, 0, 0, 0},
            {8, Boxes.UUID_BOX},
            {8, Boxes.MOOF, 8, Boxes.FREE}
        }) {
            ByteBuffer much = ByteBuffer.allocate(whole + (16 << 20));
            much.put(bytes, 0, whole);
            while (much.remaining() >= 4 * bait.length) {
                for (int word : bait) {
                    much.putInt(word);
                }
            }
            Files.write(file, much.array());
            assertThatThrownBy(this::scanPast).isInstanceOf(Mp4Exception.class).hasMessageContaining("too much");
        }
    }

    @Test
    void soMuchIsLookedThroughAndNoMoreHoweverLongTheFileIs() throws Exception {
        List<ChunkScan.Fragment> all = scan().fragments();
        int at = (int) all.get(1).offset();
        byte[] bytes = Files.readAllBytes(file);
        int zeros = 1 << 20;
        ByteBuffer torn = ByteBuffer.allocate(bytes.length + zeros);
        torn.put(bytes, 0, at).position(at + zeros).put(bytes, at, bytes.length - at);
        Files.write(file, torn.array());
        int[] beats = new int[1];
        try (FileChannel in = FileChannel.open(file)) {
            assertThat(ChunkScan.past(in, () -> beats[0]++, zeros + 4096).fragments())
                    .extracting(ChunkScan.Fragment::offset)
                    .containsExactly(
                            all.get(0).offset(),
                            all.get(1).offset() + zeros,
                            all.get(2).offset() + zeros);
            assertThat(beats[0]).isGreaterThan(zeros / (64 << 10));
            assertThatThrownBy(() -> ChunkScan.past(in, () -> {}, zeros - 4096))
                    .isInstanceOf(Mp4Exception.class)
                    .hasMessageContaining("too much");
        }
    }

    @Test
    void aDamagedTimeOfTheFirstFragmentCostsNoPicture() throws Exception {
        List<ChunkScan.Fragment> all = scan().fragments();
        byte[] bytes = Files.readAllBytes(file);
        // The archive's own box lies between.
        ByteBuffer chunk = ByteBuffer.allocate(bytes.length + 64);
        int head = (int) all.get(0).offset();
        chunk.put(bytes, 0, head).putInt(64).putInt(Boxes.UUID_BOX).position(head + 64);
        chunk.put(bytes, head, bytes.length - head).array()[head + 64 + 5] ^= 1;
        Files.write(file, chunk.array());
        assertThat(scanPast().fragments()).hasSize(3);
    }

    @Test
    void fewBytesThatClaimManySamplesAreRefused() {
        ByteBuffer moof = ByteBuffer.allocate(1024);
        int box = Boxes.begin(moof, Boxes.MOOF);
        for (int track = 1; track <= 16; track++) {
            int traf = Boxes.begin(moof, Boxes.TRAF);
            int tfhd = Boxes.beginFull(moof, Boxes.TFHD, 0, 0);
            moof.putInt(track);
            Boxes.end(moof, tfhd);
            int trun = Boxes.beginFull(moof, Boxes.TRUN, 0, 0);
            moof.putInt(1 << 17);
            Boxes.end(moof, trun);
            Boxes.end(moof, traf);
        }
        Boxes.end(moof, box);
        moof.flip();
        assertThatThrownBy(() -> FragmentHeader.parse(moof))
                .isInstanceOf(Mp4Exception.class)
                .hasMessageContaining("samples");
    }

    /** As after every kill: its head is there, its payload is not all there, and that holds a fragment of its own. */
    @Test
    void whatACameraPutsIntoItsPicturesIsNoFragmentOfTheChunk() throws Exception {
        int whole = (int) scan().wholeBytes();
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer inner = fragmentAround(ByteBuffer.allocate(40), 1_000_000, 9_000_000);
        ByteBuffer outer = fragmentAround(inner.duplicate(), 4, 90_000L * 4);
        int innerEnd = outer.remaining();
        ByteBuffer all = ByteBuffer.allocate(whole + outer.remaining() + 500)
                .put(bytes, 0, whole)
                .put(outer);
        for (int cut = whole; cut < whole + innerEnd + 500; cut++) {
            byte[] torn = Arrays.copyOf(all.array(), cut);
            Files.write(file, torn);
            assertThat(scanPast().fragments()).as("cut at " + cut).hasSize(3);
        }
    }

    /** A fragment whose one picture is that and five hundred bytes more, which are yet to come. */
    private static ByteBuffer fragmentAround(ByteBuffer picture, int sequence, long time) {
        FragmentBuilder builder = new FragmentBuilder(2, 4);
        builder.begin(sequence);
        builder.wallClock(START_US + time * 100 / 9);
        boolean isInner = sequence > 4;
        builder.add(0, time, time, picture.remaining() + (isInner ? 0 : 500), true);
        ByteBuffer out = ByteBuffer.allocate(builder.headerBytes() + picture.remaining());
        builder.writeHeader(out);
        return out.put(picture).flip();
    }

    @Test
    void behindDamageAForgedFragmentIsPassedByAndTheRunGoesOnBehindIt() throws Exception {
        List<ChunkScan.Fragment> all = scan().fragments();
        byte[] bytes = Files.readAllBytes(file);
        int second = (int) all.get(1).offset();
        bytes[second + 36] ^= 1;
        ByteBuffer forged = fragmentAround(ByteBuffer.allocate(40), 1_000_000, 9_000_000_000L);
        int at = (int) (all.get(2).offset() - forged.remaining() - 10);
        forged.get(bytes, at, forged.remaining());
        Files.write(file, bytes);
        assertThat(scanPast().fragments().stream().map(ChunkScan.Fragment::offset))
                .containsExactly(all.get(0).offset(), all.get(2).offset());
    }

    @Test
    void aCipherBoxBelongsToTheFragmentBehindIt() throws Exception {
        byte[] clear = Files.readAllBytes(file);
        List<ChunkScan.Fragment> before = scan().fragments();
        ByteBuffer with = ByteBuffer.allocate(clear.length + before.size() * CipherBox.BYTES);
        with.put(clear, 0, (int) before.get(0).offset());
        for (ChunkScan.Fragment fragment : before) {
            CipherBox.write(with, new byte[CipherBox.NONCE_BYTES]);
            with.put(clear, (int) fragment.offset(), (int) fragment.bytes());
        }
        Files.write(file, with.array());

        ChunkScan scan = scan();
        assertThat(scan.problem()).isEmpty();
        assertThat(scan.wholeBytes()).isEqualTo(with.capacity());
        assertThat(scan.fragments()).hasSize(before.size());
        for (int i = 0; i < before.size(); i++) {
            ChunkScan.Fragment fragment = scan.fragments().get(i);
            assertThat(CipherBox.isWholeAt(with, (int) fragment.offset())).isTrue();
            assertThat(fragment.bytes()).isEqualTo(before.get(i).bytes() + CipherBox.BYTES);
            assertThat(fragment.moofOffset() - fragment.offset())
                    .isEqualTo(before.get(i).moofOffset() - before.get(i).offset() + CipherBox.BYTES);
            assertThat(fragment.wallUs()).isEqualTo(before.get(i).wallUs());
        }
        long last = scan.fragments().get(2).offset();
        for (int torn : new int[] {1, 30, CipherBox.BYTES, CipherBox.BYTES + 40}) {
            Files.write(file, Arrays.copyOf(with.array(), (int) last + torn));
            assertThat(scan().wholeBytes()).as("torn after " + torn).isEqualTo(last);
            assertThat(scan().problem()).isPresent();
        }
    }

    @Test
    void aSealedChunkIsFoundByItsIndexAndStillScans() throws Exception {
        List<FragmentIndex.Entry> entries = new ArrayList<>();
        for (ChunkScan.Fragment fragment : scan().fragments()) {
            SampleTable video = fragment.header().track(0).orElseThrow();
            byte[] hash = new byte[FragmentIndex.HASH_BYTES];
            hash[0] = (byte) entries.size();
            entries.add(new FragmentIndex.Entry(
                    fragment.offset(),
                    (int) fragment.bytes(),
                    fragment.moofOffset(),
                    fragment.wallUs(),
                    480_000,
                    video.presentationTime()[0],
                    true,
                    hash));
        }
        assertThat(readIndex()).isEmpty();
        Files.write(file, FragmentIndex.build(entries), StandardOpenOption.APPEND);
        Files.copy(file, Path.of("target/sealed.mp4"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(readIndex().orElseThrow())
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(entries);
        ChunkScan scan = scan();
        assertThat(scan.problem()).isEmpty();
        assertThat(scan.wholeBytes()).isEqualTo(Files.size(file));
        assertThat(scan.fragments()).hasSize(3);
    }

    private Optional<List<FragmentIndex.Entry>> readIndex() throws IOException, Mp4Exception {
        try (FileChannel in = FileChannel.open(file)) {
            return FragmentIndex.read(in);
        }
    }

    @Test
    void aFileThatIsNoChunkIsRefusedByName() throws Exception {
        Files.write(file, "this is not video at all, sorry".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThatThrownBy(this::scan).isInstanceOf(Mp4Exception.class).hasMessageContaining("moov");
    }

    @Test
    void aFullFragmentSaysSoInsteadOfGrowing() {
        FragmentBuilder builder = new FragmentBuilder(1, 2);
        builder.begin(1);

        assertThat(builder.add(0, 0, 0, 10, true)).isTrue();
        assertThat(builder.add(0, 1, 1, 10, false)).isTrue();
        assertThat(builder.add(0, 2, 2, 10, false)).isFalse();
        assertThat(builder.sampleCount()).isEqualTo(2);
        assertThatThrownBy(() -> {
                    builder.begin(2);
                    builder.add(0, 5, 5, 1, true);
                    builder.add(0, 5, 6, 1, true);
                })
                .hasMessageContaining("decode time 5 after 5");
    }
}
