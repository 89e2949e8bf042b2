// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceRequest;
import org.nxvms.platform.api.worker.SourceSession;

/**
 * A camera at USB, by FFmpeg's real demuxer for Video4Linux in a real child; the device is {@code src/test/c/video.c} between
 * FFmpeg and the system, in a JVM for children that is the tests' own but for that library.
 */
class VideoDeviceTest {
    private static final String JAVA_HOME = "java.home";

    @TempDir
    static Path folder;

    private static final String JAVA = System.getProperty(JAVA_HOME);
    private static Path images;
    private static Path gone;
    private static Path libraries;
    private static List<byte[]> pictures;

    private FfmpegWorker worker;

    @BeforeAll
    static void buildTheCamera() throws Exception {
        assumeTrue(
                succeeds("command -v cc && test -e /usr/include/linux/videodev2.h"),
                "there is no C compiler here (gcc, libc6-dev)");
        assumeTrue(
                succeeds("for library in libxcb.so.1 libxcb-shm.so.0 libdrm.so.2 libasound.so.2 libpulse.so.0; do"
                        + " /sbin/ldconfig -p | grep -q \"$library\" || exit 1; done"),
                "FFmpeg's library for devices lacks others here; Debian's package ffmpeg brings them");
        Path library = folder.resolve("video.so");
        run(
                "cc",
                "-shared",
                "-fPIC",
                "-O2",
                "-o",
                library.toString(),
                Path.of("src/test/c/video.c").toAbsolutePath().toString(),
                "-ldl");
        images = folder.resolve("images");
        gone = folder.resolve("gone");
        libraries = FfmpegWorkerTest.libraries(folder.resolve("lib"));
        try (MjpegCamera camera = new MjpegCamera()) {
            pictures = List.copyOf(camera.pictures);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] picture : pictures) {
            all.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.nativeOrder())
                    .putInt(picture.length)
                    .array());
            all.writeBytes(picture);
        }
        Files.write(images, all.toByteArray());
        System.setProperty(JAVA_HOME, jvm(library).toString());
    }

    private static boolean succeeds(String command) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }

    /** {@return a JVM that is this one, but loads the library first} */
    private static Path jvm(Path library) throws IOException {
        Path home = Files.createDirectories(folder.resolve("jvm"));
        try (Stream<Path> parts = Files.list(Path.of(JAVA))) {
            for (Path part : parts.filter(each -> !each.endsWith("bin")).toList()) {
                Files.createSymbolicLink(home.resolve(part.getFileName()), part);
            }
        }
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(
                java,
                "#!/bin/sh\nexport LD_PRELOAD=" + library + " NXVMS_VIDEO=" + images + " NXVMS_VIDEO_GONE=" + gone
                        + "\nexec " + JAVA + "/bin/java \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return home;
    }

    @AfterAll
    static void theTestsOwnJvmAgain() {
        System.setProperty(JAVA_HOME, JAVA);
    }

    @AfterEach
    void close() throws IOException {
        worker.close();
        Files.deleteIfExists(gone);
    }

    private SourceSession open(String address, Witness witness) {
        worker = new FfmpegWorker(
                new Launcher(() -> Path.of("target/classes").toAbsolutePath(), libraries, folder.resolve("work")),
                FfmpegWorkerTest.PATIENT);
        return worker.open(
                new SourceRequest(
                        URI.create(address),
                        Optional.empty(),
                        List.of("v4l2"),
                        List.of("v4l2"),
                        true,
                        false,
                        FfmpegWorkerTest.PATIENCE_MS,
                        FfmpegWorkerTest.PATIENCE_MS),
                Witness.ANYWHERE,
                witness);
    }

    private static int indexOf(byte[] picture) {
        for (int i = 0; i < pictures.size(); i++) {
            if (Arrays.equals(pictures.get(i), picture)) {
                return i;
            }
        }
        throw new AssertionError("a picture that the camera did not give");
    }

    @Test
    void itsPicturesComeByteForByteInTheirOrderAndTime() throws Exception {
        Witness witness = new Witness();
        open("v4l2:///dev/video42", witness);
        assertThat(witness.tracks.get(60, TimeUnit.SECONDS)).singleElement().satisfies(track -> {
            assertThat(track.codec()).isEqualTo("mjpeg");
            assertThat(track.width()).isEqualTo(160);
        });
        Witness.Unit before = witness.next();
        for (int i = 0; i < 40; i++) {
            Witness.Unit unit = witness.next();
            assertThat(indexOf(unit.data())).isEqualTo((indexOf(before.data()) + 1) % pictures.size());
            assertThat(unit.timestamp() - before.timestamp())
                    .as("ticks of 90 kHz by the device's clock")
                    .isBetween(3_599L, 3_601L);
            before = unit;
        }
    }

    @Test
    void oneThatIsUnpluggedEndsWithThatReason() throws Exception {
        Witness witness = new Witness();
        open("v4l2:///dev/video42", witness);
        witness.next();
        Files.createFile(gone);
        SourceEnd end = witness.awaitEnd();
        assertThat(end.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(end.cause()).isEqualTo(GapCause.CAMERA_UNREACHABLE);
        assertThat(end.detail()).contains("the device is gone");
    }

    @Test
    void oneThatIsNotPluggedInIsNamed() throws Exception {
        Files.createFile(gone);
        Witness witness = new Witness();
        open("v4l2:///dev/video42", witness);
        SourceEnd end = witness.awaitEnd();
        assertThat(end.kind()).isEqualTo(Kind.CONFIG);
        assertThat(end.detail()).contains("the device cannot be opened").doesNotContain("/dev/video42");
    }

    @Test
    void picturesThatItDoesNotOfferAreRefusedByName() throws Exception {
        Witness witness = new Witness();
        open("v4l2:///dev/video42?format=h264&size=160x120&rate=25", witness);
        SourceEnd end = witness.awaitEnd();
        assertThat(end.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(end.detail()).contains("no compressed pictures (H.264 or Motion JPEG)");
    }
}
