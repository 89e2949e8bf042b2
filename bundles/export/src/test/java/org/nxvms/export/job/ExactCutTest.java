// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.export.job.ExportScene.GATE;
import static org.nxvms.export.job.ExportScene.SECOND_US;
import static org.nxvms.export.job.ExportScene.T0;
import static org.nxvms.export.job.ExportScene.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.export.cut.FakeEncoder;
import org.nxvms.export.job.PlainMp4.Picture;
import org.nxvms.export.verify.Described;
import org.nxvms.export.verify.PackageCheck;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.H264Sps;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.worker.SourceEnd;

/** Packages whose footage begins and ends with the asked picture. Key frames stand at even seconds, a picture each 40 ms. */
class ExactCutTest {
    private static final long PICTURE_US = 40_000;
    private static final int PICTURE_90K = 3_600;

    @TempDir
    Path folder;

    private final FakeEncoder encoder = new FakeEncoder();
    private ExportScene scene;

    @BeforeEach
    void footage() throws Exception {
        scene = new ExportScene(folder);
        scene.transcoder = Optional.of(encoder);
        scene.record(StreamId.main(GATE), T0, 30);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private Path exported(long fromUs, long toUs) throws Exception {
        return scene.make(scene.start(), scene.exactJob(fromUs, toUs, GATE));
    }

    private static byte[] only(Path zip) throws Exception {
        List<String> names = Packages.footage(zip);
        assertThat(names).hasSize(1);
        return Packages.content(zip, names.get(0));
    }

    /** {@return the bytes of the n-th picture, as recorded} */
    private static ByteBuffer recorded(int number) {
        ByteBuffer second = ExportScene.payload(T0, number / 25);
        int bytes = second.capacity() / 25;
        return second.slice(number % 25 * bytes, bytes);
    }

    @Test
    void itBeginsAndEndsWithTheAskedPicturesAndOnlyThoseUpToTheNextKeyFrameAreEncodedAnew() throws Exception {
        Path zip = exported(T0 + 137 * PICTURE_US, T0 + 505 * PICTURE_US);

        assertThat(Packages.footage(zip)).containsExactly("01-Gate_North/20261122T150004.480Z.mp4");
        List<Picture> pictures = PlainMp4.pictures(only(zip));
        assertThat(pictures)
                .extracting(Picture::timeUs)
                .isEqualTo(LongStream.range(0, 505 - 137)
                        .map(n -> n * PICTURE_US)
                        .boxed()
                        .toList());
        for (int i = 150; i < 505; i++) {
            assertThat(pictures.get(i - 137).payload()).as("picture %d", i).isEqualTo(recorded(i));
        }
        assertThat(pictures.get(0).key()).isTrue();
        assertThat(pictures.get(150 - 137).key()).isTrue();
        // What the encoder was given: the group from its key frame on; of it what is asked for.
        assertThat(encoder.sessions).hasSize(1);
        FakeEncoder.Session session = encoder.sessions.get(0);
        assertThat(session.given).hasSize(50);
        assertThat(session.given.get(0).key()).isTrue();
        assertThat(session.request.fromTimestamp()).isEqualTo(137L * PICTURE_90K);
        assertThat(ByteBuffer.wrap(session.given.get(0).data())).isEqualTo(recorded(100));

        JsonNode manifest = Packages.manifest(zip);
        assertThat(manifest.at("/order/cut").asText()).isEqualTo("exact");
        JsonNode camera = manifest.at("/cameras/0");
        assertThat(camera.get("gaps")).isEmpty();
        assertThat(camera.get("footage")).hasSize(1);
        assertThat(camera.at("/footage/0/from").asText()).isEqualTo("2026-11-22T15:00:04.480Z");
        assertThat(camera.at("/footage/0/to").asText()).isEqualTo("2026-11-22T15:00:19.200Z");
        JsonNode file = Packages.item(manifest, Packages.footage(zip).get(0));
        assertThat(file.get("encoded")).hasSize(1);
        assertThat(file.at("/encoded/0/from").asText()).isEqualTo("2026-11-22T15:00:04.480Z");
        assertThat(file.at("/encoded/0/to").asText()).isEqualTo("2026-11-22T15:00:05.000Z");
        assertThat(file.at("/times/0/at").asText()).isEqualTo("2026-11-22T15:00:04.480Z");
        PackageCheck.Report report = PackageCheck.of(
                Files.newInputStream(zip), Long.MAX_VALUE, scene.keys().keys());
        assertThat(report.faults()).isEmpty();
        assertThat(report.intact()).isTrue();
        Described told = report.described().orElseThrow();
        assertThat(told.exact()).isTrue();
        assertThat(told.encoded()).isEqualTo(1);
        assertThat(told.burnedIn()).isFalse();
    }

    /** A player needs no second description: the pictures of both encoders name sets of the one. */
    @Test
    void oneDescriptionHasTheParameterSetsOfBothEncoders() throws Exception {
        byte[] file = only(exported(T0 + 137 * PICTURE_US, T0 + 505 * PICTURE_US));

        AvcConfig config = AvcConfig.parse(InitReader.read(ByteBuffer.wrap(file))
                .format()
                .video()
                .orElseThrow()
                .configuration());
        assertThat(config.sps()).hasSize(2);
        assertThat(config.pps()).hasSize(2);
        assertThat(H264Sps.parse(config.sps().get(0)).id()).isZero();
        assertThat(H264Sps.parse(config.sps().get(1)).id()).isEqualTo(1);
        ByteBuffer first = PlainMp4.pictures(file).get(0).payload();
        assertThat(first.getInt(0)).as("one slice").isEqualTo(first.remaining() - 4);
        assertThat(first.get(4)).as("an IDR slice").isEqualTo((byte) 0x65);
        // 1, 0001000, 010: first_mb_in_slice 0, slice_type 7, the second picture parameter set.
        assertThat(first.get(5)).isEqualTo((byte) 0b1000_1000);
        assertThat(first.get(6) >> 5 & 7).isEqualTo(0b010);
    }

    @Test
    void fromAKeyFrameOnNothingIsEncodedAnew() throws Exception {
        Path zip = exported(T0 + 4 * SECOND_US, T0 + 5 * SECOND_US + 1);

        assertThat(PlainMp4.pictures(only(zip)))
                .extracting(Picture::takenUs)
                .hasSize(26)
                .endsWith(T0 + 5 * SECOND_US);
        assertThat(encoder.sessions).isEmpty();
        JsonNode manifest = Packages.manifest(zip);
        assertThat(Packages.item(manifest, Packages.footage(zip).get(0)).get("encoded"))
                .isEmpty();
        assertThat(manifest.at("/cameras/0/gaps")).isEmpty();
    }

    @Test
    void aRangeBetweenTwoKeyFramesIsEncodedAnewAsAWhole() throws Exception {
        List<Picture> pictures = PlainMp4.pictures(only(exported(T0 + 110 * PICTURE_US, T0 + 130 * PICTURE_US)));

        assertThat(pictures).hasSize(20);
        assertThat(pictures).extracting(Picture::key).startsWith(true, false);
        assertThat(pictures.get(19).timeUs()).isEqualTo(19 * PICTURE_US);
    }

    @Test
    void aProcessThatIsLostIsReplacedAndFootageThatCannotBeDecodedIsSaid() throws Exception {
        SourceEnd lost = new SourceEnd(DriverException.Kind.UNREACHABLE, GapCause.WORKER_FAILED, "it crashed");
        encoder.losses.add(lost);
        assertThat(PlainMp4.pictures(only(exported(T0 + 110 * PICTURE_US, T0 + 130 * PICTURE_US))))
                .hasSize(20);

        encoder.losses.add(
                new SourceEnd(DriverException.Kind.UNSUPPORTED, GapCause.UNSUPPORTED, "no decoder knows it"));
        ExportJob job = scene.exactJob(T0 + 110 * PICTURE_US, T0 + 130 * PICTURE_US, GATE);
        Exports exports = scene.start();
        exports.order(job, 1);
        await(() -> exports.find(job.id()).orElseThrow().job().finished().isPresent());
        ExportJob failed = exports.find(job.id()).orElseThrow().job();
        assertThat(failed.state()).isEqualTo(ExportJob.State.FAILED);
        assertThat(failed.detail()).contains("no decoder knows it").contains("\"cut\": \"key_frame\"");
        assertThat(scene.packages()).allMatch(name -> !name.contains(job.id().toString()));
    }

    @Test
    void whoTakesAnOrderBackWhileTheMediaWorkerIsAwayDoesNotWaitForIt() throws Exception {
        scene.transcoder = Optional.empty();
        ExportJob job = scene.exactJob(T0 + 110 * PICTURE_US, T0 + 130 * PICTURE_US, GATE);
        Exports exports = scene.start();
        exports.order(job, 1);
        await(() -> exports.find(job.id()).orElseThrow().job().state() == ExportJob.State.RUNNING);
        exports.remove(job.id());
        await(() -> scene.packages().isEmpty());
        assertThat(scene.stored()).isEmpty();
    }
}
