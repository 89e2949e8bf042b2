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
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.TestClip.Picture;

/** A chunk that was written fragment by fragment is read back whole, torn and sealed. */
class ChunkTest extends ChunkStory {
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
