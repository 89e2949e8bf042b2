// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceRequest;
import org.nxvms.platform.api.worker.SourceSession;
import org.nxvms.test.kit.Awaiting;

/** Real child processes with the real FFmpeg, and what happens when they end in ways nobody wants. */
class FfmpegWorkerTest {
    /** A machine that stands still for a while is no child that hangs. */
    static final Limits PATIENT = new Limits(48, 256, 120_000, 60_000, 64);

    static final int PATIENCE_MS = 60_000;
    private static final int STILL_MS = 30_000;

    @TempDir
    static Path folder;

    private static Path libraries;

    private final MjpegCamera camera = new MjpegCamera();
    private FfmpegWorker worker = worker(PATIENT);

    @BeforeAll
    static void layOutTheLibrariesAsTheDistributionDoes() throws IOException {
        libraries = libraries(folder.resolve("lib"));
    }

    static Path libraries(Path lib) throws IOException {
        Files.createDirectories(lib);
        for (String entry : System.getProperty("java.class.path").split(":")) {
            if (entry.contains("/bytedeco/")) {
                Files.createSymbolicLink(lib.resolve(Path.of(entry).getFileName()), Path.of(entry));
            }
        }
        return lib;
    }

    private static FfmpegWorker worker(Limits limits) {
        return new FfmpegWorker(
                new Launcher(() -> Path.of("target/classes").toAbsolutePath(), libraries, folder.resolve("work")),
                limits);
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

    private static SourceRequest request(URI uri, Optional<Credentials> credentials) {
        return request(uri, credentials, PATIENCE_MS);
    }

    private static SourceRequest request(URI uri, Optional<Credentials> credentials, int openTimeoutMs) {
        return new SourceRequest(
                uri,
                credentials,
                List.of("http", "tcp"),
                List.of("mpjpeg", "mjpeg", "hls"),
                true,
                false,
                openTimeoutMs,
                PATIENCE_MS);
    }

    private SourceEnd endOf(URI uri) throws Exception {
        return endOf(uri, PATIENCE_MS);
    }

    private SourceEnd endOf(URI uri, int openTimeoutMs) throws Exception {
        Witness witness = new Witness();
        worker.open(request(uri, Optional.empty(), openTimeoutMs), Witness.ANYWHERE, witness);
        return witness.awaitEnd();
    }

    private static void signal(ProcessHandle process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void picturesComeAsTheCameraSentThem() throws Exception {
        Witness witness = new Witness();
        SourceSession session = worker.open(request(camera.uri("/video"), Optional.empty()), Witness.ANYWHERE, witness);
        assertThat(witness.tracks.get(60, TimeUnit.SECONDS)).singleElement().satisfies(track -> {
            assertThat(track.codec()).isEqualTo("mjpeg");
            assertThat(track.video()).isTrue();
            assertThat(track.width()).isEqualTo(160);
        });
        Witness.Unit before = witness.next();
        int at = indexOf(before.data());
        for (int i = 1; i <= 40; i++) {
            Witness.Unit unit = witness.next();
            assertThat(unit.data()).isEqualTo(camera.pictures.get((at + i) % 25));
            assertThat(unit.timestamp()).isGreaterThan(before.timestamp());
            before = unit;
        }
        session.close();
        assertThat(witness.awaitEnd().kind()).isEqualTo(Kind.CLOSED);
    }

    private int indexOf(byte[] jpeg) {
        for (int i = 0; i < camera.pictures.size(); i++) {
            if (java.util.Arrays.equals(camera.pictures.get(i), jpeg)) {
                return i;
            }
        }
        throw new AssertionError("a picture the camera never sent");
    }

    @Test
    void credentialsTravelByPipeOnly() throws Exception {
        Witness witness = new Witness();
        worker.open(
                request(camera.uri("/locked"), Optional.of(new Credentials("viewer", MjpegCamera.PASSWORD))),
                Witness.ANYWHERE,
                witness);
        witness.next();
        for (ProcessHandle child : children()) {
            Path proc = Path.of("/proc", Long.toString(child.pid()));
            assertThat(Files.readString(proc.resolve("cmdline")))
                    .contains("WorkerMain")
                    .doesNotContain("s3cret");
            assertThat(Files.readString(proc.resolve("environ"))).doesNotContain("s3cret", "PATH=");
        }
    }

    @Test
    void eachFailureSaysWhatItIs() throws Exception {
        assertThat(endOf(camera.uri("/locked"))).satisfies(end -> {
            assertThat(end.kind()).isEqualTo(Kind.AUTH);
            assertThat(end.cause()).isEqualTo(GapCause.AUTH);
        });
        assertThat(endOf(camera.uri("/nowhere")).kind()).isEqualTo(Kind.CONFIG);
        assertThat(endOf(camera.uri("/text")).kind()).isEqualTo(Kind.PROTOCOL);
        // A port that is taken, so that nobody else opens it, and at which nobody listens.
        try (Socket nobody = new Socket()) {
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String closed = "" + nobody.getLocalPort();
            assertThat(endOf(URI.create("http://127.0.0.1:" + closed + "/"))).satisfies(end -> {
                assertThat(end.kind()).isEqualTo(Kind.UNREACHABLE);
                assertThat(end.detail()).contains("cannot be opened", "refused").doesNotContain("127.0.0.1", closed);
            });
        }
        assertThat(endOf(camera.uri("/silent"), 5_000)).satisfies(end -> {
            assertThat(end.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(end.detail()).contains("nothing came within 5 s");
        });
    }

    @Test
    void whatIsNotAllowedIsNotOpened() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "s3cret");
        for (String uri : List.of("file://" + secret, "concat:" + secret, "subfile:,,start,0,end,1,,:" + secret)) {
            Witness witness = new Witness();
            worker.open(request(URI.create(uri), Optional.empty()), Witness.ANYWHERE, witness);
            assertThat(witness.awaitEnd().kind()).as(uri).isNotEqualTo(Kind.CLOSED);
            assertThat(witness.units).isEmpty();
        }
    }

    @Test
    void aKilledProcessCostsItsSourceAndNothingElse() throws Exception {
        Witness other = new Witness();
        worker.open(request(camera.uri("/video"), Optional.empty()), Witness.ANYWHERE, other);
        other.next();
        List<ProcessHandle> before = children();
        Witness victim = new Witness();
        worker.open(request(camera.uri("/video"), Optional.empty()), Witness.ANYWHERE, victim);
        victim.next();
        ProcessHandle child =
                children().stream().filter(c -> !before.contains(c)).findFirst().orElseThrow();
        signal(child, "KILL");
        assertThat(victim.awaitEnd().cause()).isEqualTo(GapCause.WORKER_FAILED);
        assertThat(other.end).isNotDone();
        other.units.clear();
        other.next();
    }

    @Test
    void aCrashedProcessLeavesItsReportAndNothingElse() throws Exception {
        Witness victim = new Witness();
        worker.open(request(camera.uri("/video"), Optional.empty()), Witness.ANYWHERE, victim);
        victim.next();
        ProcessHandle child = children().get(0);
        signal(child, "SEGV");
        assertThat(victim.awaitEnd()).satisfies(end -> {
            assertThat(end.cause()).isEqualTo(GapCause.WORKER_FAILED);
            assertThat(end.detail()).isEqualTo("the media process crashed");
        });
        assertThat(folder.resolve("work/crashes/hs_err_" + child.pid() + ".log"))
                .isNotEmptyFile();
        try (Stream<Path> left = Files.list(folder.resolve("work"))) {
            assertThat(left.map(path -> path.getFileName().toString())).isSubsetOf("natives", "crashes");
        }
    }

    @Test
    void aHangingProcessIsEnded() throws Exception {
        worker.close();
        // Longer than a machine keeps one waiting that is well.
        worker = worker(new Limits(48, 256, 120_000, 10_000, 64));
        Witness victim = new Witness();
        worker.open(request(camera.uri("/video"), Optional.empty()), Witness.ANYWHERE, victim);
        victim.next();
        signal(children().get(0), "STOP");
        assertThat(victim.awaitEnd()).satisfies(end -> {
            assertThat(end.cause()).isEqualTo(GapCause.WORKER_FAILED);
            assertThat(end.detail()).contains("no sign of life");
        });
    }

    @Test
    void aGrowingProcessIsEnded() throws Exception {
        worker.close();
        worker = worker(new Limits(48, 24, 120_000, 60_000, 64));
        Witness victim = new Witness();
        worker.open(request(camera.uri("/video"), Optional.empty()), Witness.ANYWHERE, victim);
        assertThat(victim.awaitEnd().detail()).contains("more than the 24 MiB allowed");
    }

    @Test
    void moreThanAllowedAreRefused() throws Exception {
        worker.close();
        worker = worker(new Limits(48, 256, 120_000, 60_000, 1));
        worker.open(request(camera.uri("/video"), Optional.empty()), Witness.ANYWHERE, new Witness());
        Witness second = new Witness();
        worker.open(request(camera.uri("/video"), Optional.empty()), Witness.ANYWHERE, second);
        assertThat(second.awaitEnd()).satisfies(end -> {
            assertThat(end.kind()).isEqualTo(Kind.BUSY);
            assertThat(end.detail()).contains("processesMax");
        });
    }

    @Test
    void missingLibrariesAreSaidAndNotWaitedFor() throws Exception {
        FfmpegWorker bare = new FfmpegWorker(
                new Launcher(
                        () -> Path.of("target/classes").toAbsolutePath(),
                        folder.resolve("nowhere"),
                        folder.resolve("work")),
                Limits.DEFAULTS);
        Witness witness = new Witness();
        bare.open(request(camera.uri("/video"), Optional.empty()), Witness.ANYWHERE, witness);
        assertThat(witness.awaitEnd().detail()).contains("nowhere", "missing");
        bare.close();
    }

    /** Opened from many threads while it is closed: what was begun has ended when that returns, and each source is told. */
    @Test
    void sourcesThatAreOpenedWhileTheWorkerIsClosedEndWithIt() throws Exception {
        List<Witness> witnesses = Stream.generate(Witness::new).limit(8).toList();
        CountDownLatch together = new CountDownLatch(1);
        List<Thread> askers = witnesses.stream()
                .map(witness -> new Thread(() -> {
                    try {
                        together.await();
                        worker.open(request(camera.uri("/silent"), Optional.empty()), Witness.ANYWHERE, witness);
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .toList();
        askers.forEach(Thread::start);
        together.countDown();
        worker.close();
        for (Thread asker : askers) {
            asker.join();
        }
        for (Witness witness : witnesses) {
            assertThat(witness.awaitEnd().kind()).isIn(Kind.CLOSED, Kind.BUSY);
        }
    }

    @Test
    void stillsAreScaledAndASickPictureCostsOnlyItself() throws Exception {
        TrackFormat mjpeg = new TrackFormat(Codec.MJPEG, 90_000, "mjpeg", 160, 120, 0, 25, new byte[0]);
        byte[] small = worker.jpeg(mjpeg, ByteBuffer.wrap(camera.pictures.get(3)), 80, STILL_MS);
        assertThat(ImageIO.read(new ByteArrayInputStream(small)).getWidth()).isEqualTo(80);
        assertThat(ImageIO.read(new ByteArrayInputStream(small)).getHeight()).isEqualTo(60);
        assertThat(worker.jpeg(mjpeg, ByteBuffer.wrap(camera.pictures.get(3)), 640, STILL_MS))
                .as("small enough already")
                .isEqualTo(camera.pictures.get(3));
        TrackFormat h264 = new TrackFormat(Codec.H264, 90_000, "avc1.640028", 160, 120, 0, 25, new byte[0]);
        assertThatThrownBy(() -> worker.jpeg(h264, ByteBuffer.wrap(new byte[] {0, 0, 0, 2, 0x65, 1}), 80, STILL_MS))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED));
        assertThat(worker.jpeg(mjpeg, ByteBuffer.wrap(camera.pictures.get(4)), 80, STILL_MS))
                .isNotEmpty();
    }

    @Test
    void howBrightAPictureIsIsToldCellByCellFromAProcessOfItsOwn() throws Exception {
        TrackFormat mjpeg = new TrackFormat(Codec.MJPEG, 90_000, "mjpeg", 160, 120, 0, 25, new byte[0]);
        worker.jpeg(mjpeg, ByteBuffer.wrap(camera.pictures.get(3)), 80, STILL_MS);
        byte[] luma = worker.luma(mjpeg, ByteBuffer.wrap(camera.pictures.get(3)), 16, 12, STILL_MS);
        BufferedImage seen = ImageIO.read(new ByteArrayInputStream(camera.pictures.get(3)));
        for (int cell = 0; cell < 16 * 12; cell++) {
            assertThat(luma[cell] & 0xff)
                    .as("cell %d, %d", cell % 16, cell / 16)
                    .isCloseTo(mean(seen, cell % 16 * 10, cell / 16 * 10), within(12));
        }
        assertThat(children()).as("stills wait for no comparison").hasSize(2);
        assertThatThrownBy(() -> worker.luma(mjpeg, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 16, 12, STILL_MS))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED));
        assertThatThrownBy(() -> worker.luma(mjpeg, ByteBuffer.allocate(4), 16, 1_000, STILL_MS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** {@return how bright ten pixels across and down are, as JPEG reckons it (ITU-R BT.601)} */
    private static int mean(BufferedImage picture, int left, int top) {
        double sum = 0;
        for (int y = top; y < top + 10; y++) {
            for (int x = left; x < left + 10; x++) {
                int rgb = picture.getRGB(x, y);
                sum += 0.299 * (rgb >> 16 & 0xff) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
            }
        }
        return (int) Math.round(sum / 100);
    }

    @Test
    void theProcessOfTheStillsIsReplacedWhenItIsKilled() throws Exception {
        TrackFormat mjpeg = new TrackFormat(Codec.MJPEG, 90_000, "mjpeg", 160, 120, 0, 25, new byte[0]);
        worker.jpeg(mjpeg, ByteBuffer.wrap(camera.pictures.get(3)), 80, STILL_MS);
        ProcessHandle child = children().get(0);
        signal(child, "KILL");
        child.onExit().get(30, TimeUnit.SECONDS);
        byte[] again = null;
        for (int i = 0; i < 2 && again == null; i++) {
            try {
                again = worker.jpeg(mjpeg, ByteBuffer.wrap(camera.pictures.get(3)), 80, STILL_MS);
            } catch (DriverException lostWithIt) {
                assertThat(lostWithIt.kind()).isEqualTo(Kind.BUSY);
            }
        }
        assertThat(again).isNotNull();
    }
}
