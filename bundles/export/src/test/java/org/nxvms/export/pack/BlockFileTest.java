// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is put is in the file, by whatever way it came there. */
class BlockFileTest {
    private static final int PAGE = 4_096;
    private static final int BLOCK = 4 << 20;

    @TempDir
    Path folder;

    /** Ways past the page cache. */
    enum Way {
        /** As the system of this folder has it, which every usual one does. */
        PAST,
        /** It has none. */
        NONE,
        /** It refuses what is written, though it was opened. */
        REFUSED;

        Optional<FileChannel> of(Path path) throws IOException {
            return switch (this) {
                case PAST -> BlockFile.pastCache(path);
                case NONE -> Optional.empty();
                case REFUSED -> Optional.of(FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE));
            };
        }
    }

    private Path path() {
        return folder.resolve("package");
    }

    private BlockFile open(Way way) throws IOException {
        FileChannel file =
                FileChannel.open(path(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new BlockFile(file, way.of(path()));
    }

    private static byte[] random(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    @Test
    void whatHasNoWayPastThePageCacheIsKnown() throws Exception {
        Files.createFile(path());
        try (FileChannel past = BlockFile.pastCache(path()).orElseThrow()) {
            assertThat(past.write(ByteBuffer.allocateDirect(2 * PAGE)
                            .alignedSlice(PAGE)
                            .limit(PAGE)))
                    .isEqualTo(PAGE);
        }
        assertThat(BlockFile.pastCache(Path.of("/dev/null"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsPutStandsThereWhereverItEnds(Way way) throws Exception {
        List<Integer> parts = List.of(
                1, PAGE - 2, 1, PAGE, PAGE + 1, 77, BLOCK - PAGE, BLOCK, BLOCK - 1, 1, 3 * BLOCK + 5, PAGE - 5, 0, 9);
        byte[] content = random(parts.stream().mapToInt(part -> part).sum());
        for (boolean synced : new boolean[] {false, true}) {
            try (BlockFile file = open(way)) {
                file.startAt(0);
                ByteBuffer rest = ByteBuffer.wrap(content);
                for (int part : parts) {
                    file.put(rest.slice(rest.position(), part));
                    rest.position(rest.position() + part);
                    if (synced) {
                        file.sync();
                    }
                }
                assertThat(file.at()).isEqualTo(content.length);
                file.finish();
            }
            assertThat(Files.readAllBytes(path())).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReplacedIsAnotherWhetherItIsWrittenOrNot(Way way) throws Exception {
        byte[] content = random(3 * BLOCK);
        // In a block that was written, across its end, in what was synced of the next one, across that, and behind.
        List<Integer> places = List.of(0, PAGE - 9, BLOCK - 7, BLOCK + 11, BLOCK + 2 * PAGE - 10, BLOCK + 5 * PAGE);
        try (BlockFile file = open(way)) {
            file.startAt(0);
            file.put(ByteBuffer.wrap(content, 0, BLOCK + 2 * PAGE + 500));
            file.sync();
            file.put(ByteBuffer.wrap(content, BLOCK + 2 * PAGE + 500, BLOCK / 2));
            for (int place : places) {
                byte[] other = random(20 + place % 7);
                file.replace(place, ByteBuffer.wrap(other));
                System.arraycopy(other, 0, content, place, other.length);
            }
            int put = (int) file.at();
            file.put(ByteBuffer.wrap(content, put, content.length - put));
            file.finish();
        }
        assertThat(Files.readAllBytes(path())).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource
    void itGoesOnWhereItWasCutOff(Way way) throws Exception {
        byte[] content = random(2 * BLOCK);
        for (int cut : new int[] {0, 1, PAGE, PAGE + 1, BLOCK - 1, BLOCK, BLOCK + PAGE + 3}) {
            try (BlockFile file = open(way)) {
                file.startAt(0);
                file.put(ByteBuffer.wrap(content, 0, cut));
                file.put(ByteBuffer.allocate(BLOCK + 99));
                file.startAt(cut);
                file.put(ByteBuffer.allocate(50));
                // As who is killed, and comes again.
            }
            assertThat(Files.size(path())).isEqualTo(cut);
            try (BlockFile file = open(way)) {
                file.startAt(cut);
                assertThat(file.at()).isEqualTo(cut);
                file.put(ByteBuffer.wrap(content, cut, content.length - cut));
                file.finish();
            }
            assertThat(Files.readAllBytes(path())).as("cut at %d", cut).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasFlushedCanBeReadBack(Way way) throws Exception {
        byte[] content = random(BLOCK + 3 * PAGE + 17);
        try (BlockFile file = open(way)) {
            file.startAt(0);
            file.put(ByteBuffer.wrap(content));
            file.flush();
            ByteBuffer back = ByteBuffer.allocate(content.length - 5);
            file.read(back, 5);
            assertThat(back.array()).isEqualTo(Arrays.copyOfRange(content, 5, content.length));
            assertThatThrownBy(() -> file.read(ByteBuffer.allocate(2), content.length - 1))
                    .isInstanceOf(IOException.class);
        }
    }

    /** The page cache is the recorder's. */
    @Test
    void pastItOnlyWhatFillsNoPageGoesThroughThePageCache() throws Exception {
        CountingFile through = new CountingFile();
        CountingFile past = new CountingFile();
        try (BlockFile file = new BlockFile(through, Optional.of(past))) {
            file.startAt(0);
            for (int i = 0; i < 10; i++) {
                file.put(ByteBuffer.allocate(10_000_001));
                file.sync();
            }
            file.finish();
        }
        assertThat(past.unforced()).isEqualTo(100_000_010L / PAGE * PAGE);
        assertThat(through.unforcedMax()).isLessThan(2 * PAGE);
    }

    @Test
    void whatIsNotWrittenIsNotSaidToBeDurableThoughWhatCameBehindItIs() throws Exception {
        CountingFile full = new CountingFile();
        List<String> durable = new CopyOnWriteArrayList<>();
        try (BlockFile file = new BlockFile(full, Way.REFUSED.of(path()))) {
            file.startAt(0);
            full.full = true;
            file.put(ByteBuffer.allocate(BLOCK + 1));
            assertThatThrownBy(file::flush).isInstanceOf(IOException.class);
            full.full = false;
            file.put(ByteBuffer.allocate(1));
            file.sync();
            file.whenDurable(() -> durable.add("first"));
            assertThatThrownBy(file::finish).isInstanceOf(IOException.class).hasMessage("No space left on device");
        }
        assertThat(durable).isEmpty();
    }
}
