// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.worker.MediaWorker.CodedPicture;
import org.nxvms.platform.api.worker.Polygon;
import org.nxvms.platform.api.worker.Polygon.Point;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.platform.api.worker.TranscodeSession;

/** Masks and text in pictures of 160 x 120 that real FFmpeg encodes anew in a real child process, as they are decoded again. */
class BurnTest {
    private static final TrackFormat MJPEG =
            new TrackFormat(Codec.MJPEG, 90_000, "mp4v.6C", 160, 120, 0, 25, new byte[0]);
    private static final TrackFormat H264 =
            new TrackFormat(Codec.H264, 90_000, "avc1.42C01E", 160, 120, 0, 25, new byte[0]);
    private static final int PICTURE = 3_600;
    private static final int STILL_MS = 30_000;
    /** Pixels 40..79 x 30..59. */
    private static final Polygon MASK = new Polygon(
            List.of(new Point(0.25, 0.25), new Point(0.5, 0.25), new Point(0.5, 0.5), new Point(0.25, 0.5)));
    /** What the blocks of a codec smear over a border. */
    private static final int SMEARED = 4;

    private static final int DARK_MAX = 40;
    private static final int BRIGHT_MIN = 120;

    @TempDir
    static Path folder;

    private static Path libraries;

    private final MjpegCamera camera = new MjpegCamera();
    private final FfmpegWorker worker = new FfmpegWorker(
            new Launcher(() -> Path.of("target/classes").toAbsolutePath(), libraries, folder.resolve("work")),
            FfmpegWorkerTest.PATIENT);

    @BeforeAll
    static void layOutTheLibraries() throws IOException {
        libraries = FfmpegWorkerTest.libraries(folder.resolve("lib"));
    }

    @AfterEach
    void close() {
        worker.close();
        camera.close();
    }

    /** What is given to an encoding. */
    private record Source(boolean key, long timestamp, byte[] data, String caption) {}

    private List<Source> recorded(int count, List<String> captions) {
        List<Source> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Source(
                    true, 1_000 + (long) i * PICTURE, camera.pictures.get(i % 25), captions.get(i % captions.size())));
        }
        return all;
    }

    private List<Witness.Unit> encoded(TrackFormat format, List<Polygon> masks, long from, List<Source> pictures)
            throws Exception {
        Witness witness = new Witness();
        TranscodeSession session = worker.transcode(
                new TranscodeRequest("test", format, 0, 2_000, 1, Optional.empty(), from, masks), witness);
        for (Source picture : pictures) {
            if (!picture.caption().isEmpty()) {
                session.caption(picture.timestamp(), picture.caption());
            }
            session.picture(picture.key(), picture.timestamp(), ByteBuffer.wrap(picture.data()));
        }
        session.finish();
        assertThat(witness.awaitEnd())
                .satisfies(end -> assertThat(end.cause()).as(end.detail()).isEqualTo(GapCause.UNKNOWN));
        return List.copyOf(witness.units);
    }

    /** {@return each picture, decoded from its key frame on} */
    private List<BufferedImage> shown(List<Witness.Unit> units) throws Exception {
        List<BufferedImage> shown = new ArrayList<>();
        int key = 0;
        for (int i = 0; i < units.size(); i++) {
            key = (units.get(i).flags() & SourceListener.KEY) != 0 ? i : key;
            List<CodedPicture> group = units.subList(key, i + 1).stream()
                    .map(unit -> new CodedPicture(unit.timestamp(), ByteBuffer.wrap(unit.data())))
                    .toList();
            byte[] jpeg = worker.jpeg(H264, group, units.get(i).timestamp(), 160, STILL_MS);
            shown.add(ImageIO.read(new ByteArrayInputStream(jpeg)));
        }
        return shown;
    }

    private static int brightness(BufferedImage image, int x, int y) {
        int rgb = image.getRGB(x, y);
        return ((rgb >> 16 & 0xFF) * 3 + (rgb >> 8 & 0xFF) * 6 + (rgb & 0xFF)) / 10;
    }

    private static void assertMasked(BufferedImage image, String what) {
        int brightest = 0;
        for (int y = image.getHeight() / 4 + SMEARED; y < image.getHeight() / 2 - SMEARED; y++) {
            for (int x = image.getWidth() / 4 + SMEARED; x < image.getWidth() / 2 - SMEARED; x++) {
                for (int shift = 0; shift <= 16; shift += 8) {
                    brightest = Math.max(brightest, image.getRGB(x, y) >> shift & 0xFF);
                }
            }
        }
        assertThat(brightest).as(what).isLessThan(DARK_MAX);
    }

    /** {@return which pixels of some lowest rows are written on} */
    private static BitSet written(BufferedImage image, int rows) {
        BitSet written = new BitSet();
        for (int i = 0; i < rows * 160; i++) {
            written.set(i, brightness(image, i % 160, 120 - rows + i / 160) > BRIGHT_MIN);
        }
        return written;
    }

    private static int apart(BitSet one, BitSet other) {
        BitSet difference = (BitSet) one.clone();
        difference.xor(other);
        return difference.cardinality();
    }

    @Test
    void whatAMaskHidesIsBlackInEveryPictureAndWhatIsBesideItIsNot() throws Exception {
        List<Witness.Unit> units = encoded(MJPEG, List.of(MASK), Long.MIN_VALUE, recorded(40, List.of("")));
        assertThat(units).hasSize(40);
        List<BufferedImage> all = shown(units);
        for (int i = 0; i < all.size(); i++) {
            assertMasked(all.get(i), "picture " + i);
            BufferedImage was = ImageIO.read(new ByteArrayInputStream(camera.pictures.get(i % 25)));
            for (int[] beside : new int[][] {{20, 10}, {100, 10}, {140, 110}, {60, 110}}) {
                assertThat(brightness(all.get(i), beside[0], beside[1]))
                        .as("picture %d at %d, %d", i, beside[0], beside[1])
                        .isCloseTo(brightness(was, beside[0], beside[1]), org.assertj.core.data.Offset.offset(30));
            }
        }
    }

    /** A range that begins amid a group: pictures before it are decoded, and none of them shines through. */
    @Test
    void aMaskIsInTheFirstPictureOfARangeToo() throws Exception {
        List<Source> film = encoded(MJPEG, List.of(), Long.MIN_VALUE, recorded(25, List.of(""))).stream()
                .map(unit -> new Source(
                        (unit.flags() & SourceListener.KEY) != 0, unit.timestamp(), unit.data(), "amid amid!"))
                .toList();
        List<Witness.Unit> units = encoded(H264, List.of(MASK), film.get(13).timestamp(), film);
        assertThat(units)
                .extracting(Witness.Unit::timestamp)
                .isEqualTo(film.subList(13, 25).stream().map(Source::timestamp).toList());
        List<BufferedImage> all = shown(units);
        for (int i = 0; i < all.size(); i++) {
            assertMasked(all.get(i), "picture " + i);
            assertThat(cut(written(all.get(i), 12)).cardinality())
                    .as("pixels of the text of picture %d", i)
                    .isBetween(40, 62 * 12 / 2);
        }
    }

    @Test
    void theTextOfEachPictureIsWrittenIntoItAndChangesWithIt() throws Exception {
        List<String> captions = List.of("1111-11-11", "8888-88-88");
        List<BufferedImage> all = shown(encoded(MJPEG, List.of(), Long.MIN_VALUE, recorded(30, captions)));
        BitSet ones = cut(written(all.get(0), 12));
        BitSet eights = cut(written(all.get(1), 12));
        assertThat(ones.cardinality()).isGreaterThan(50);
        assertThat(apart(ones, eights)).isGreaterThan(60);
        for (int i = 0; i < all.size(); i++) {
            BitSet here = cut(written(all.get(i), 12));
            int like = apart(here, i % 2 == 0 ? ones : eights);
            int unlike = apart(here, i % 2 == 0 ? eights : ones);
            assertThat(like).as("pixels of picture %d", i).isLessThan(unlike / 2);
        }
    }

    /** Of 12 megapixels, of which the encoder takes nine. */
    @Test
    void aPictureLargerThanTheEncoderTakesIsMaskedInTheSizeThatItTakes() throws Exception {
        BufferedImage large = new BufferedImage(4_000, 3_000, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = large.createGraphics();
        pen.setColor(Color.LIGHT_GRAY);
        pen.fillRect(0, 0, 4_000, 3_000);
        pen.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(large, "jpeg", jpeg);
        TrackFormat format = new TrackFormat(Codec.MJPEG, 90_000, "mp4v.6C", 4_000, 3_000, 0, 25, new byte[0]);
        Witness witness = new Witness();
        TranscodeSession session = worker.transcode(
                new TranscodeRequest("test", format, 2_624, 2_000, 1, Optional.empty(), Long.MIN_VALUE, List.of(MASK)),
                witness);
        session.picture(true, 0, ByteBuffer.wrap(jpeg.toByteArray()));
        session.finish();
        assertThat(witness.awaitEnd())
                .satisfies(end -> assertThat(end.cause()).as(end.detail()).isEqualTo(GapCause.UNKNOWN));
        assertThat(witness.tracks.getNow(List.of()).get(0).height()).isEqualTo(2_624);
        assertMasked(shown(List.copyOf(witness.units)).get(0), "the only one");
    }

    /** {@return the left of the rows, on which a text of ten characters is} What is beside it may be bright. */
    private static BitSet cut(BitSet written) {
        BitSet left = new BitSet();
        written.stream().filter(i -> i % 160 < 62).forEach(left::set);
        return left;
    }

    @Test
    void aLongTextIsBrokenIntoLinesAndCoversHalfOfThePictureAtMost() throws Exception {
        String text = "word ".repeat(100).strip();
        BufferedImage image = shown(encoded(MJPEG, List.of(), Long.MIN_VALUE, recorded(1, List.of(text))))
                .get(0);
        BitSet lines = written(image, 60);
        for (int line = 0; line < 5; line++) {
            assertThat(lines.get(line * 12 * 160, (line + 1) * 12 * 160).cardinality())
                    .as("line %d", line)
                    .isBetween(50, 160 * 12 / 2);
        }
        BufferedImage was = ImageIO.read(new ByteArrayInputStream(camera.pictures.get(0)));
        for (int x = 20; x < 160; x += 10) {
            assertThat(brightness(image, x, 50))
                    .isCloseTo(brightness(was, x, 50), org.assertj.core.data.Offset.offset(30));
        }
    }
}
