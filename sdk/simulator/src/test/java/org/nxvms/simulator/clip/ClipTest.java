// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipTest {
    private static final ClipSpec TINY =
            new ClipSpec(new ClipSpec.Rendition(320, 180, 200_000), new ClipSpec.Rendition(160, 90, 80_000), 25, 5, 1);

    @Test
    void everyDecodedFrameTellsItsNumberInBothRenditions() throws IOException {
        Clip clip = TestClips.open();
        assertThat(numbers(clip.main(), 1)).isEqualTo(allNumbers(clip, 0));
        assertThat(numbers(clip.sub(), 1)).isEqualTo(allNumbers(clip, 1));
    }

    @Test
    void aQuarterSizedPictureStillTellsItsNumber() throws IOException {
        Clip clip = TestClips.open();
        assertThat(numbers(clip.main(), 4)).isEqualTo(allNumbers(clip, 0));
    }

    @Test
    void aFullSizeClipHasTheBitRateAndKeyFramesAsked() throws IOException {
        ClipSpec spec = ClipSpec.STANDARD.withSeconds(2);
        Clip clip = new ClipStore(TestClips.FOLDER).open(spec, percent -> {});
        assertThat(clip.main().bitrateBps(spec.fps())).isBetween(3_400_000L, 4_600_000L);
        assertThat(clip.sub().bitrateBps(spec.fps())).isBetween(425_000L, 575_000L);
        for (Clip.Video video : List.of(clip.main(), clip.sub())) {
            for (int i = 0; i < spec.frameCount(); i++) {
                assertThat(video.accessUnits().get(i).key()).isEqualTo(i % spec.gopFrames() == 0);
            }
        }
        assertThat(numbers(clip.main(), 1)).isEqualTo(allNumbers(clip, 0));
        assertThat(numbers(clip.sub(), 1)).isEqualTo(allNumbers(clip, 1));
    }

    @Test
    void thePictureMoves() throws IOException {
        List<byte[]> lumas = new ArrayList<>();
        H264Decoder.decode(TestClips.open().sub(), luma -> lumas.add(luma.bytes()));
        for (int i = 1; i < lumas.size(); i++) {
            assertThat(changedBelowText(lumas.get(i - 1), lumas.get(i)))
                    .as("frame " + i)
                    .isGreaterThan(100);
        }
    }

    private static int changedBelowText(byte[] before, byte[] after) {
        int changed = 0;
        for (int i = before.length / 3; i < before.length; i++) {
            if (Math.abs((before[i] & 0xff) - (after[i] & 0xff)) > 24) {
                changed++;
            }
        }
        return changed;
    }

    @Test
    void aClipIsMadeOnceAndReadAfterwards(@TempDir Path folder) throws IOException {
        AtomicInteger calls = new AtomicInteger();
        Clip made = new ClipStore(folder).open(TINY, percent -> calls.incrementAndGet());
        int callsWhileMaking = calls.get();
        Clip read = new ClipStore(folder).open(TINY, percent -> calls.incrementAndGet());

        assertThat(callsWhileMaking).isPositive();
        assertThat(calls.get()).isEqualTo(callsWhileMaking);
        assertSame(made, read);
    }

    @Test
    void aDamagedOrShortenedFileIsMadeAnew(@TempDir Path folder) throws IOException {
        Clip made = new ClipStore(folder).open(TINY, percent -> {});
        Path file = onlyClip(folder);
        byte[] intact = Files.readAllBytes(file);

        byte[] flipped = intact.clone();
        flipped[intact.length / 2] ^= 1;
        for (byte[] damaged : List.of(flipped, java.util.Arrays.copyOf(intact, intact.length - 9), new byte[0])) {
            Files.write(file, damaged);
            assertSame(made, new ClipStore(folder).open(TINY, percent -> {}));
            assertThat(file).hasBinaryContent(intact);
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void anotherSpecIsAnotherFile(@TempDir Path folder) throws IOException {
        new ClipStore(folder).open(TINY, percent -> {});
        new ClipStore(folder).open(new ClipSpec(TINY.main(), TINY.sub(), 25, 25, 1), percent -> {});
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".bin"))).hasSize(2);
        }
    }

    @Test
    void twoThreadsAskingAtOnceMakeItOnce(@TempDir Path folder) {
        AtomicInteger finished = new AtomicInteger();
        List<CompletableFuture<Clip>> both = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return new ClipStore(folder).open(TINY, percent -> finished.addAndGet(percent / 100));
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                }))
                .toList();
        assertSame(both.get(0).join(), both.get(1).join());
        assertThat(finished).hasValue(1);
    }

    @Test
    void aSpecThatCannotLoopIsRefusedByName() {
        assertThatThrownBy(() -> new ClipSpec(TINY.main(), TINY.sub(), 25, 7, 1))
                .hasMessageContaining("multiple of gopFrames");
        assertThatThrownBy(() -> new ClipSpec.Rendition(333, 180, 100_000)).hasMessageContaining("width");
        assertThatThrownBy(() -> TINY.withSeconds(0)).hasMessageContaining("seconds");
    }

    private static void assertSame(Clip a, Clip b) {
        assertThat(a.spec()).isEqualTo(b.spec());
        for (int i = 0; i < a.main().accessUnits().size(); i++) {
            assertThat(a.main().accessUnits().get(i).annexB())
                    .isEqualTo(b.main().accessUnits().get(i).annexB());
        }
        assertThat(a.aac().specificConfig()).isEqualTo(b.aac().specificConfig());
        assertThat(a.aac().frames())
                .usingRecursiveComparison()
                .isEqualTo(b.aac().frames());
    }

    private static Path onlyClip(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".bin"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<FrameStrip.Reading> allNumbers(Clip clip, int rendition) {
        return IntStream.range(0, clip.spec().frameCount())
                .mapToObj(number -> new FrameStrip.Reading(number, rendition))
                .toList();
    }

    /** Reads the decoded pictures, of which only every {@code divisor}-th pixel of every such row is left. */
    private static List<FrameStrip.Reading> numbers(Clip.Video video, int divisor) throws IOException {
        List<FrameStrip.Reading> readings = new ArrayList<>();
        H264Decoder.decode(video, luma -> {
            FrameStrip.Luma small = (x, y) -> luma.bytes()[y * divisor * luma.stride() + x * divisor] & 0xff;
            readings.add(FrameStrip.read(small, luma.width() / divisor, luma.height() / divisor)
                    .orElse(new FrameStrip.Reading(-1, -1)));
        });
        return readings;
    }
}
