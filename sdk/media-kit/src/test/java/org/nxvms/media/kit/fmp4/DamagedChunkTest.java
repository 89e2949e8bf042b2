// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is damaged in a chunk hides nothing behind it, and what only looks like a fragment is none. */
class DamagedChunkTest extends ChunkStory {
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
}
