// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.export.job.ExportScene.GATE;
import static org.nxvms.export.job.ExportScene.SECOND_US;
import static org.nxvms.export.job.ExportScene.T0;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.export.cut.FakeEncoder;
import org.nxvms.export.cut.Fragments;
import org.nxvms.export.cut.Sample;
import org.nxvms.export.job.PlainMp4.Picture;
import org.nxvms.export.mkv.PlainMkv;
import org.nxvms.export.verify.PackageCheck;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.platform.api.export.ExportOrder;
import org.nxvms.platform.api.export.ExportOrder.Cut;
import org.nxvms.platform.api.export.ExportOrder.Form;

/** Packages of footage with sound, without it. A fragment begins with sound, 200 ms before its first picture. */
class SilentExportTest {
    private static final int SECONDS = 8;
    private static final int FRAMES = 25;
    private static final int PICTURE_90K = 2_880;
    private static final int LATE_90K = 18_000;
    private static final int UNITS = 10;
    private static final int UNIT_8K = 800;

    @TempDir
    Path folder;

    private final FakeEncoder encoder = new FakeEncoder();
    private ExportScene scene;

    @BeforeEach
    void footage() throws Exception {
        scene = new ExportScene(folder);
        scene.transcoder = Optional.of(encoder);
        StreamFormat format = new StreamFormat(
                List.of(ExportScene.FORMAT.tracks().get(0), TrackFormats.g711(Codec.PCM_ALAW, 8_000, 1)));
        scene.record(StreamId.main(GATE), format, T0, SECONDS, SECOND_US, second ->
                new ByteBuffer[] {Fragments.fragment(format, second(second))});
    }

    @AfterEach
    void close() {
        scene.close();
    }

    /** {@return a second of sound and pictures, which lie behind its first tenth} */
    private static List<Sample> second(int number) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < UNITS; i++) {
            long time = (long) number * 8_000 + i * UNIT_8K;
            samples.add(new Sample(1, time, time, UNIT_8K, true, ByteBuffer.allocate(UNIT_8K)));
        }
        for (int i = 0; i < FRAMES; i++) {
            long time = (long) number * 90_000 + LATE_90K + i * PICTURE_90K;
            boolean key = number % 2 == 0 && i == 0;
            samples.add(new Sample(0, time, time, PICTURE_90K, key, recorded(number * FRAMES + i)));
        }
        return samples;
    }

    private static ByteBuffer recorded(int picture) {
        ByteBuffer payload = ExportScene.payload(T0, picture / FRAMES);
        int bytes = payload.capacity() / FRAMES;
        return payload.slice(picture % FRAMES * bytes, bytes);
    }

    private static ExportOrder order(Form form, Cut cut, long fromUs, long toUs, boolean sound) {
        return new ExportOrder(List.of(GATE), StreamRole.MAIN, fromUs, toUs, form, cut, "", BurnIn.NONE, sound);
    }

    private byte[] exported(Form form, Cut cut, long fromUs, long toUs, boolean sound) throws Exception {
        Path zip = scene.make(scene.start(), scene.job(new UUID(1, 1), order(form, cut, fromUs, toUs, sound)));
        JsonNode manifest = Packages.manifest(zip);
        assertThat(manifest.at("/order/sound").isBoolean()).isTrue();
        assertThat(manifest.at("/order/sound").asBoolean()).isEqualTo(sound);
        assertThat(manifest.at("/cameras/0/gaps")).isEmpty();
        assertThat(manifest.at("/files/3/times/0/at").asText())
                .as("a picture keeps its time")
                .isEqualTo(sound ? "2026-11-22T14:59:59.000Z" : "2026-11-22T14:59:59.200Z");
        PackageCheck.Report report = PackageCheck.of(
                Files.newInputStream(zip), Long.MAX_VALUE, scene.keys().keys());
        assertThat(report.intact()).isTrue();
        assertThat(report.described().orElseThrow().sound()).isEqualTo(sound);
        return Packages.content(zip, Packages.footage(zip).get(0));
    }

    private static List<TrackFormat> tracks(byte[] mp4) throws Exception {
        return InitReader.read(ByteBuffer.wrap(mp4)).format().tracks();
    }

    private static void assertPictures(List<Picture> pictures, int count) {
        assertThat(pictures).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(pictures.get(i).payload()).as("picture %d", i).isEqualTo(recorded(i));
            assertThat(pictures.get(i).timeUs()).isEqualTo(i / FRAMES * SECOND_US + i % FRAMES * 32_000L);
        }
    }

    @Test
    void soundIsTakenAlongWhereNobodySaysOtherwise() throws Exception {
        assertThat(tracks(exported(Form.MP4, Cut.KEY_FRAME, T0, T0 + 4 * SECOND_US, true)))
                .extracting(TrackFormat::codec)
                .containsExactly(Codec.H264, Codec.PCM_ALAW);
    }

    @Test
    void aCopyHasThePicturesAsTheyWereRecordedAndNoTrackOfSound() throws Exception {
        byte[] file = exported(Form.MP4, Cut.KEY_FRAME, T0, T0 + 4 * SECOND_US, false);

        assertThat(tracks(file)).extracting(TrackFormat::codec).containsExactly(Codec.H264);
        assertPictures(PlainMp4.pictures(file), 4 * FRAMES);
    }

    @Test
    void matroskaHasNoTrackOfSoundEither() throws Exception {
        PlainMkv file = new PlainMkv(exported(Form.MKV, Cut.KEY_FRAME, T0, T0 + 4 * SECOND_US, false));

        assertThat(file.all(0x83)).as("types of its tracks").hasSize(1);
        assertThat(file.all(0x83).get(0).number()).isEqualTo(1);
        assertThat(file.blocks).hasSize(4 * FRAMES).allMatch(block -> block.track() == 1);
    }

    @Test
    void anExactCutHasThePicturesOfItsRangeAndNoSoundOfIt() throws Exception {
        // The last picture that is in it was taken 4 x 32 ms after the fourth second's first.
        byte[] file = exported(Form.MP4, Cut.EXACT, T0, T0 + 4 * SECOND_US + 200_000 + 5 * 32_000, false);

        assertThat(tracks(file)).extracting(TrackFormat::codec).containsExactly(Codec.H264);
        assertPictures(PlainMp4.pictures(file), 4 * FRAMES + 5);
    }

    @Test
    void noRightToListenIsAskedForWhereNothingIsHeard() {
        assertThat(Estimate.of(scene.archive(), order(Form.MP4, Cut.KEY_FRAME, T0, T0 + SECOND_US, true))
                        .heard())
                .containsExactly(GATE);
        assertThat(Estimate.of(scene.archive(), order(Form.MP4, Cut.KEY_FRAME, T0, T0 + SECOND_US, false))
                        .heard())
                .isEmpty();
    }

    @Test
    void theArchivesOwnFilesHaveTheSoundTheyWereRecordedWith() {
        assertThatThrownBy(() -> order(Form.CHUNKS, Cut.KEY_FRAME, T0, T0 + SECOND_US, false))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
