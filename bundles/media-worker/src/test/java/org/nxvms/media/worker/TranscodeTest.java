// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.worker.MediaWorker.CodedPicture;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.platform.api.worker.TranscodeSession;
import org.nxvms.test.kit.Awaiting;

/** Streams that real FFmpeg encodes anew in real child processes. */
class TranscodeTest {
    private static final TrackFormat MJPEG =
            new TrackFormat(Codec.MJPEG, 90_000, "mp4v.6C", 160, 120, 0, 25, new byte[0]);
    private static final TrackFormat H264 =
            new TrackFormat(Codec.H264, 90_000, "avc1.42C01E", 160, 120, 0, 25, new byte[0]);
    private static final int PICTURE = 3_600;
    private static final int STILL_MS = 30_000;

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
    void nothingIsLeft() {
        // Which waits for their end, but not for ever. What the camera sends keeps alive what nobody ends.
        worker.close();
        Awaiting.until("no process outlives the worker", () -> children().isEmpty());
        camera.close();
    }

    private static List<ProcessHandle> children() {
        try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
            return children.filter(ProcessHandle::isAlive).toList();
        }
    }

    private static TranscodeRequest request(TrackFormat picture, int heightMax, int kilobits) {
        return new TranscodeRequest("test", picture, heightMax, kilobits, 1, Optional.empty());
    }

    private List<Witness.Unit> encoded(TranscodeSession session, Witness witness, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            session.picture(true, 1_000 + (long) i * PICTURE, ByteBuffer.wrap(camera.pictures.get(i % 25)));
        }
        List<Witness.Unit> units = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            units.add(witness.next());
        }
        return units;
    }

    private BufferedImage still(byte[] picture, int width) throws Exception {
        return ImageIO.read(new ByteArrayInputStream(worker.jpeg(H264, ByteBuffer.wrap(picture), width, STILL_MS)));
    }

    /** {@return how far apart the colours of two pictures are, of 255} */
    private static double difference(BufferedImage one, BufferedImage other) {
        long sum = 0;
        for (int y = 0; y < one.getHeight(); y++) {
            for (int x = 0; x < one.getWidth(); x++) {
                int a = one.getRGB(x, y);
                int b = other.getRGB(x, y);
                for (int shift = 0; shift <= 16; shift += 8) {
                    sum += Math.abs((a >> shift & 0xFF) - (b >> shift & 0xFF));
                }
            }
        }
        return sum / 3.0 / one.getHeight() / one.getWidth();
    }

    @Test
    void eachPictureOfMotionJpegBecomesOneOfH264AtItsTimeAndShowsTheSame() throws Exception {
        Witness witness = new Witness();
        TranscodeSession session = worker.transcode(request(MJPEG, 0, 0), witness);
        List<Witness.Unit> units = encoded(session, witness, 60);
        assertThat(witness.tracks.getNow(List.of())).singleElement().satisfies(track -> {
            assertThat(track.codec()).isEqualTo("h264");
            assertThat(track.width()).isEqualTo(160);
            assertThat(track.height()).isEqualTo(120);
        });
        List<Integer> keys = new ArrayList<>();
        for (int i = 0; i < units.size(); i++) {
            assertThat(units.get(i).timestamp()).isEqualTo(1_000 + (long) i * PICTURE);
            if ((units.get(i).flags() & SourceListener.KEY) != 0) {
                keys.add(i);
            }
        }
        assertThat(keys).as("a key frame a second, at least").contains(0, 25, 50);
        BufferedImage shown = still(units.get(25).data(), 160);
        assertThat(difference(shown, image(0))).as("the same picture").isLessThan(20);
        assertThat(difference(shown, image(12))).as("another one").isGreaterThan(40);
        session.close();
        assertThat(witness.awaitEnd().kind()).isEqualTo(Kind.CLOSED);
    }

    @Test
    void aPictureBetweenKeyFramesIsDecodedFromTheOneBeforeItAndADamagedGroupCostsOnlyItself() throws Exception {
        Witness witness = new Witness();
        TranscodeSession session = worker.transcode(request(MJPEG, 0, 0), witness);
        List<CodedPicture> group = new ArrayList<>();
        for (Witness.Unit unit : encoded(session, witness, 50).subList(25, 50)) {
            group.add(new CodedPicture(unit.timestamp(), ByteBuffer.wrap(unit.data())));
        }
        session.close();
        witness.awaitEnd();
        for (int number : new int[] {0, 5, 12, 24}) {
            byte[] jpeg = worker.jpeg(
                    H264, read(group.subList(0, number + 1)), group.get(number).time(), 160, STILL_MS);
            BufferedImage shown = ImageIO.read(new ByteArrayInputStream(jpeg));
            assertThat(difference(shown, image(number)))
                    .as("picture %d", number)
                    .isLessThan(20);
            assertThat(difference(shown, image((number + 12) % 25)))
                    .as("another one")
                    .isGreaterThan(40);
        }
        List<CodedPicture> noise = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            noise.add(new CodedPicture(i, ByteBuffer.wrap(new byte[] {0, 0, 0, 2, 0x65, 1})));
        }
        assertThatThrownBy(() -> worker.jpeg(H264, noise, 9, 160, STILL_MS))
                .isInstanceOfSatisfying(
                        DriverException.class, why -> assertThat(why.kind()).isEqualTo(Kind.UNSUPPORTED));
        byte[] again =
                worker.jpeg(H264, read(group.subList(0, 13)), group.get(12).time(), 160, STILL_MS);
        assertThat(difference(ImageIO.read(new ByteArrayInputStream(again)), image(12)))
                .isLessThan(20);
    }

    /** What is given is consumed. */
    private static List<CodedPicture> read(List<CodedPicture> group) {
        return group.stream()
                .map(picture -> new CodedPicture(picture.time(), picture.data().duplicate()))
                .toList();
    }

    private BufferedImage image(int number) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(camera.pictures.get(number)));
    }

    @Test
    void higherPicturesAreScaledAndFewerBitsAreSent() throws Exception {
        Witness small = new Witness();
        Witness large = new Witness();
        int few = bytes(encoded(worker.transcode(request(MJPEG, 60, 60), small), small, 50));
        int many = bytes(encoded(worker.transcode(request(MJPEG, 480, 2_000), large), large, 50));
        assertThat(small.tracks.getNow(List.of()).get(0).height()).isEqualTo(60);
        assertThat(small.tracks.getNow(List.of()).get(0).width()).isEqualTo(80);
        assertThat(large.tracks.getNow(List.of()).get(0).height())
                .as("as high as it is")
                .isEqualTo(120);
        assertThat(few).isLessThan(many / 2);
    }

    private static int bytes(List<Witness.Unit> units) {
        return units.stream().mapToInt(unit -> unit.data().length).sum();
    }

    /** H.264 of pictures of the last half of a second, whose key frame lies before it. */
    @Test
    void anEncodingBeginsWithThePictureThatIsAskedForAndEndsWithTheLastThatIsGiven() throws Exception {
        Witness camera = new Witness();
        List<Witness.Unit> recorded = encoded(worker.transcode(request(MJPEG, 0, 0), camera), camera, 25);
        Witness witness = new Witness();
        long from = recorded.get(13).timestamp();
        TranscodeSession session =
                worker.transcode(new TranscodeRequest("test", H264, 0, 2_000, 10, Optional.empty(), from), witness);
        for (Witness.Unit unit : recorded) {
            session.picture((unit.flags() & SourceListener.KEY) != 0, unit.timestamp(), ByteBuffer.wrap(unit.data()));
        }
        session.finish();
        assertThat(witness.awaitEnd()).satisfies(end -> {
            assertThat(end.kind()).isEqualTo(Kind.CLOSED);
            assertThat(end.cause()).isEqualTo(GapCause.UNKNOWN);
        });
        assertThat(witness.units)
                .extracting(Witness.Unit::timestamp)
                .isEqualTo(recorded.subList(13, 25).stream()
                        .map(Witness.Unit::timestamp)
                        .toList());
        Witness.Unit first = witness.next();
        assertThat(first.flags() & SourceListener.KEY).isEqualTo(SourceListener.KEY);
        BufferedImage shown = still(first.data(), 160);
        assertThat(difference(shown, image(13))).as("the asked picture").isLessThan(20);
        assertThat(difference(shown, image(0))).as("the key frame").isGreaterThan(40);
    }

    @Test
    void anEncodingComesAfterEverythingElseThatRuns() throws Exception {
        Witness witness = new Witness();
        encoded(worker.transcode(request(MJPEG, 0, 0), witness), witness, 1);
        String stat = Files.readString(
                Path.of("/proc", Long.toString(children().get(0).pid()), "stat"));
        String[] behindTheName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        assertThat(behindTheName[16]).as("nice, proc(5)").isEqualTo("19");
    }

    /** A tone of A-law, 20 ms each, as telephones have it. */
    @Test
    void soundBecomesOpusAtItsTime() throws Exception {
        Witness witness = new Witness();
        TrackFormat telephone = new TrackFormat(Codec.PCM_ALAW, 8_000, "alaw", 0, 0, 1, 0, new byte[0]);
        TranscodeSession session =
                worker.transcode(new TranscodeRequest("test", MJPEG, 0, 0, 1, Optional.of(telephone)), witness);
        encoded(session, witness, 1);
        assertThat(witness.tracks.getNow(List.of())).hasSize(2);
        assertThat(witness.tracks.getNow(List.of()).get(1).codec()).isEqualTo("opus");
        byte[] tone = new byte[160];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (byte) (i / 8 % 2 == 0 ? 0xAA : 0x2A);
        }
        for (int i = 0; i < 50; i++) {
            session.sound(80_000 + i * 160L, ByteBuffer.wrap(tone));
        }
        for (int i = 0; i < 45; i++) {
            Witness.Unit sound = witness.next();
            assertThat(sound.track()).isEqualTo(1);
            assertThat(sound.timestamp()).isEqualTo(480_000 + i * 960L);
            // Configuration 16..31 of RFC 6716 3.1 is CELT, as without delay; silence has three bytes.
            assertThat(sound.data()[0] >> 3 & 0x1F).isBetween(16, 31);
            assertThat(sound.data()).hasSizeGreaterThan(20);
        }
    }

    @Test
    void aKilledProcessIsSaidAndItsFeederDoesNotWait() throws Exception {
        Witness witness = new Witness();
        TranscodeSession session = worker.transcode(request(MJPEG, 0, 0), witness);
        encoded(session, witness, 1);
        children().get(0).destroyForcibly();
        assertThat(witness.awaitEnd().cause()).isEqualTo(GapCause.WORKER_FAILED);
        assertThatThrownBy(() -> session.picture(true, 900_000, ByteBuffer.wrap(camera.pictures.get(0))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aStreamThatCannotBeDecodedIsNamed() throws Exception {
        Witness witness = new Witness();
        TranscodeSession session = worker.transcode(request(H264, 0, 0), witness);
        try {
            for (int i = 0; i < 1_000; i++) {
                session.picture(true, i, ByteBuffer.wrap(new byte[] {0, 0, 1, 0x65, 1, 2, 3}));
            }
        } catch (IOException over) {
            // It has ended already.
        }
        assertThat(witness.awaitEnd()).satisfies(end -> {
            assertThat(end.cause()).isEqualTo(GapCause.UNSUPPORTED);
            assertThat(end.detail()).contains("cannot be decoded");
        });
    }
}
