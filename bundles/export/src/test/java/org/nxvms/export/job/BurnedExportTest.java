// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.export.job.ExportScene.GATE;
import static org.nxvms.export.job.ExportScene.SECOND_US;
import static org.nxvms.export.job.ExportScene.T0;
import static org.nxvms.export.job.ExportScene.YARD;
import static org.nxvms.export.job.ExportScene.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.export.cut.FakeEncoder;
import org.nxvms.export.job.PlainMp4.Picture;
import org.nxvms.export.verify.PackageCheck;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.worker.RealWorker;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportOrder.Cut;
import org.nxvms.platform.api.export.ExportOrder.Form;
import org.nxvms.platform.api.worker.Polygon;
import org.nxvms.platform.api.worker.Polygon.Point;

/** Packages with text and masks in their pictures, as these are decoded: of real pictures, by the real media worker. */
class BurnedExportTest {
    private static final long PICTURE_US = 40_000;
    private static final int SECONDS = 3;
    /** Pixels 80..159 x 60..119. */
    private static final Polygon AREA = new Polygon(
            List.of(new Point(0.25, 0.25), new Point(0.5, 0.25), new Point(0.5, 0.5), new Point(0.25, 0.5)));

    private static final BurnIn.Mask MASK = new BurnIn.Mask(GATE, AREA);
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    /** What the blocks of a codec smear over a border. */
    private static final int SMEARED = 8;

    private static final int DARK_MAX = 40;
    private static final int BRIGHT_MIN = 130;
    /** Text of one or two lines is on so many of the lowest rows, of which each has 12. */
    private static final int TEXT_ROWS = 12;

    @TempDir
    static Path shared;

    private static RealWorker real;
    private static RealFootage mjpeg;
    private static RealFootage h264;

    @TempDir
    Path folder;

    private ExportScene scene;

    @BeforeAll
    static void film() throws Exception {
        real = new RealWorker(shared);
        mjpeg = RealFootage.mjpeg(SECONDS * 25);
        h264 = mjpeg.asH264(real);
        assertThat(h264.pictures()).hasSize(SECONDS * 25);
    }

    @AfterAll
    static void end() {
        real.close();
    }

    @BeforeEach
    void start() {
        scene = new ExportScene(folder);
        scene.transcoder = Optional.of(real.worker);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private static String only(Path zip) throws Exception {
        List<String> names = Packages.footage(zip);
        assertThat(names).hasSize(1);
        return names.get(0);
    }

    private static List<BufferedImage> shown(byte[] file) throws Exception {
        TrackFormat track =
                InitReader.read(ByteBuffer.wrap(file)).format().tracks().get(0);
        assertThat(track.codec()).isEqualTo(Codec.H264);
        return RealFootage.shown(real, track, PlainMp4.pictures(file));
    }

    private static int brightness(BufferedImage image, int x, int y) {
        int rgb = image.getRGB(x, y);
        return ((rgb >> 16 & 0xFF) * 3 + (rgb >> 8 & 0xFF) * 6 + (rgb & 0xFF)) / 10;
    }

    private static void assertMasked(List<BufferedImage> pictures) {
        for (int i = 0; i < pictures.size(); i++) {
            int brightest = 0;
            for (int y = 60 + SMEARED; y < 120 - SMEARED; y++) {
                for (int x = 80 + SMEARED; x < 160 - SMEARED; x++) {
                    brightest = Math.max(brightest, brightness(pictures.get(i), x, y));
                }
            }
            assertThat(brightest).as("picture %d behind the mask", i).isLessThan(DARK_MAX);
            for (int[] beside : new int[][] {{30, 30}, {200, 90}, {300, 200}}) {
                assertThat(brightness(pictures.get(i), beside[0], beside[1]))
                        .as("picture %d beside the mask", i)
                        .isGreaterThan(BRIGHT_MIN);
            }
        }
    }

    /** {@return how many pixels of the lowest rows are as bright in one as in the other picture and how many are not} */
    private static int textApart(BufferedImage one, BufferedImage other) {
        int apart = 0;
        for (int y = RealFootage.HEIGHT - TEXT_ROWS; y < RealFootage.HEIGHT; y++) {
            for (int x = 0; x < RealFootage.WIDTH; x++) {
                apart += brightness(one, x, y) > BRIGHT_MIN != brightness(other, x, y) > BRIGHT_MIN ? 1 : 0;
            }
        }
        return apart;
    }

    private Path exported(Form form, Cut cut, long fromUs, long toUs, BurnIn burnIn) throws Exception {
        return scene.make(scene.start(), scene.burnedJob(form, cut, fromUs, toUs, burnIn));
    }

    @Test
    void everyPictureHasTheMaskAndItsOwnTimeAndThePackageSaysSo() throws Exception {
        scene.record(StreamId.main(GATE), h264, T0);
        BurnIn burnIn = new BurnIn("Case 4711", true, true, BERLIN, List.of(MASK));

        Path zip = exported(Form.MP4, Cut.KEY_FRAME, T0, T0 + SECONDS * SECOND_US, burnIn);

        byte[] file = Packages.content(zip, only(zip));
        assertThat(PlainMp4.pictures(file))
                .extracting(Picture::timeUs)
                .isEqualTo(LongStream.range(0, SECONDS * 25L)
                        .map(n -> n * PICTURE_US)
                        .boxed()
                        .toList());
        List<BufferedImage> pictures = shown(file);
        assertMasked(pictures);
        for (int i = 1; i < pictures.size(); i++) {
            assertThat(textApart(pictures.get(i - 1), pictures.get(i)))
                    .as("pixels of the time of picture %d that the one before has otherwise", i)
                    .isGreaterThan(8);
        }

        JsonNode manifest = Packages.manifest(zip);
        JsonNode order = manifest.get("order");
        assertThat(order.at("/overlay/text").asText()).isEqualTo("Case 4711");
        assertThat(order.at("/overlay/time").asBoolean()).isTrue();
        assertThat(order.at("/overlay/user").asBoolean()).isTrue();
        assertThat(order.at("/overlay/zone").asText()).isEqualTo("Europe/Berlin");
        assertThat(order.at("/masks/0/cameraId").asText()).isEqualTo(GATE.toString());
        assertThat(order.at("/masks/0/points").toString()).isEqualTo("[[0.25,0.25],[0.5,0.25],[0.5,0.5],[0.25,0.5]]");
        JsonNode item = Packages.item(manifest, only(zip));
        assertThat(item.get("encoded")).hasSize(1);
        assertThat(item.at("/encoded/0/from")).isEqualTo(item.get("from"));
        assertThat(item.at("/encoded/0/to")).isEqualTo(item.get("to"));
        assertThat(item.get("sources")).hasSize(1);
        assertThat(manifest.at("/cameras/0/gaps")).isEmpty();
        for (String language : List.of("README.txt", "README.de.txt")) {
            assertThat(new String(Packages.content(zip, language), StandardCharsets.UTF_8))
                    .contains("text \"Case 4711\", time (Europe/Berlin), user (anna), masks (1)")
                    .doesNotContain("@")
                    .containsAnyOf("NOT as they were recorded", "NICHT, wie sie aufgezeichnet");
        }
        PackageCheck.Report report = PackageCheck.of(
                Files.newInputStream(zip), Long.MAX_VALUE, scene.keys().keys());
        assertThat(report.faults()).isEmpty();
        assertThat(report.intact()).isTrue();
        assertThat(report.described().orElseThrow().burnedIn()).isTrue();
        assertThat(report.described().orElseThrow().encoded()).isPositive();
    }

    @Test
    void anExactRangeHasTheMaskFromItsFirstPictureToItsLast() throws Exception {
        scene.record(StreamId.main(GATE), h264, T0);
        BurnIn burnIn = new BurnIn("", false, false, BERLIN, List.of(MASK));

        Path zip = exported(Form.MP4, Cut.EXACT, T0 + 37 * PICTURE_US, T0 + 68 * PICTURE_US, burnIn);

        byte[] file = Packages.content(zip, only(zip));
        List<BufferedImage> pictures = shown(file);
        assertThat(pictures).hasSize(68 - 37);
        assertMasked(pictures);
        JsonNode camera = Packages.manifest(zip).at("/cameras/0");
        assertThat(camera.at("/footage/0/from").asText()).isEqualTo("2026-11-22T15:00:00.480Z");
        assertThat(camera.at("/footage/0/to").asText()).isEqualTo("2026-11-22T15:00:01.720Z");
        // The bar says which picture it is.
        BufferedImage first = pictures.get(0);
        assertThat(brightness(first, 37 * 3 + 6, 30)).isGreaterThan(brightness(first, 37 * 3 - 20, 30) + 40);
    }

    @Test
    void motionJpegBecomesH264WithATextThatStaysTheSame() throws Exception {
        scene.record(StreamId.main(GATE), mjpeg, T0);
        BurnIn burnIn = new BurnIn("Évidence №\u00a07", false, false, BERLIN, List.of());

        Path zip = exported(Form.MP4, Cut.KEY_FRAME, T0, T0 + 2 * SECOND_US, burnIn);

        List<BufferedImage> pictures = shown(Packages.content(zip, only(zip)));
        assertThat(pictures).hasSize(50);
        for (BufferedImage picture : pictures) {
            assertThat(textApart(pictures.get(0), picture)).isLessThan(30);
        }
        int written = 0;
        for (int x = 0; x < 100; x++) {
            for (int y = RealFootage.HEIGHT - TEXT_ROWS; y < RealFootage.HEIGHT; y++) {
                written += brightness(pictures.get(7), x, y) > BRIGHT_MIN ? 1 : 0;
            }
        }
        assertThat(written).isBetween(80, 100 * TEXT_ROWS / 2);
    }

    @Test
    void aCameraWithoutMasksIsCopiedAndMatroskaIsBurnedIntoToo() throws Exception {
        scene.record(StreamId.main(GATE), h264, T0);
        scene.record(StreamId.main(YARD), h264, T0);
        BurnIn burnIn = new BurnIn("", false, false, BERLIN, List.of(MASK));

        Path zip = scene.make(
                scene.start(),
                scene.burnedJob(Form.MKV, Cut.KEY_FRAME, T0, T0 + SECONDS * SECOND_US, burnIn, GATE, YARD));

        JsonNode manifest = Packages.manifest(zip);
        List<String> names = Packages.footage(zip);
        assertThat(names).hasSize(2).allMatch(name -> name.endsWith(".mkv"));
        assertThat(Packages.item(manifest, names.get(0)).get("encoded")).hasSize(1);
        assertThat(Packages.item(manifest, names.get(1)).get("encoded")).isEmpty();
        assertThat(Packages.item(manifest, names.get(0)).get("to"))
                .isEqualTo(Packages.item(manifest, names.get(1)).get("to"));
        byte[] copied = Packages.content(zip, names.get(1));
        byte[] burned = Packages.content(zip, names.get(0));
        for (int i = 0; i < h264.pictures().size(); i++) {
            ByteBuffer picture = h264.pictures().get(i).data();
            assertThat(contains(copied, picture)).as("picture %d", i).isTrue();
            assertThat(contains(burned, picture)).as("picture %d, masked", i).isFalse();
        }
    }

    private static boolean contains(byte[] file, ByteBuffer picture) {
        String all = new String(file, StandardCharsets.ISO_8859_1);
        byte[] bytes = new byte[picture.remaining()];
        picture.duplicate().get(bytes);
        return all.contains(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** By an encoder that encodes nothing, which is told the masks or not. */
    @Test
    void aJobThatGoesOnAfterARestartStillHasItsMasksAndItsText() throws Exception {
        FakeEncoder encoder = new FakeEncoder();
        scene.transcoder = Optional.empty();
        scene.record(StreamId.main(GATE), T0, 20);
        ExportJob job = scene.burnedJob(
                Form.MP4,
                Cut.KEY_FRAME,
                T0,
                T0 + 20 * SECOND_US,
                new BurnIn("Case 4711", true, true, BERLIN, List.of(MASK)));
        Exports before = scene.start();
        before.order(job, 1);
        await(() -> before.find(job.id()).orElseThrow().job().state() == ExportJob.State.RUNNING);
        before.close();
        assertThat(scene.stored()).extracting(ExportJob::order).containsExactly(job.order());

        scene.transcoder = Optional.of(encoder);
        Exports after = scene.start();
        await(() -> after.find(job.id()).orElseThrow().job().finished().isPresent());
        ExportJob done = after.find(job.id()).orElseThrow().job();
        assertThat(done.state()).as(done.detail()).isEqualTo(ExportJob.State.DONE);
        assertThat(encoder.sessions).isNotEmpty().allSatisfy(session -> assertThat(session.request.masks())
                .containsExactly(AREA));
        FakeEncoder.Session session = encoder.sessions.get(0);
        assertThat(session.given).hasSize(500);
        assertThat(session.captions).hasSize(500);
        assertThat(session.captions.get(3L * 3_600)).isEqualTo("Case 4711\n2026-11-22 15:59:59.120 +01:00  anna");
        Progress progress = after.find(job.id()).orElseThrow().progress();
        assertThat(progress.expectedBytes()).isBetween(progress.doneBytes(), progress.doneBytes() * 11 / 10);
    }
}
