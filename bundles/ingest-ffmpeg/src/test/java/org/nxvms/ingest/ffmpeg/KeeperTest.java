// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.Names;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.platform.api.worker.SourceDoor;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceRequest;
import org.nxvms.platform.api.worker.SourceSession;
import org.nxvms.streamhub.StreamHubComponent;

/** The engine when name servers, file systems and the media worker do not do what they should. */
class KeeperTest {
    private static final Path CLIPS = Path.of("/srv/clips");

    private final CountDownLatch alive = new CountDownLatch(1);
    private final DeadSources worker = new DeadSources();
    private FfmpegIngest ingest;

    private FfmpegIngest engine(int connectsPerSecondMax) {
        Settings settings = new Settings(
                1_000, 15_000, 20_000, connectsPerSecondMax, List.of(CLIPS), AddressRanges.parse(new String[0]));
        Control control = new Control(
                settings,
                () -> Optional.of(worker),
                new Names("test-names", this::lookUp),
                new Names("test-door", this::lookUp),
                this::checkFile);
        ingest = new FfmpegIngest(
                new StreamHubComponent(HubFeedTest.defaults(StreamHubComponent.Config.class)), control);
        return ingest;
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        hang();
        return InetAddress.getAllByName("127.0.0.1");
    }

    private void checkFile(URI uri, List<Path> folders) {
        if (uri.getPath().contains("gone")) {
            hang();
        }
    }

    /** As a call does that waits for a server which is gone. */
    private void hang() {
        boolean hangs = true;
        while (hangs) {
            try {
                alive.await();
                hangs = false;
            } catch (InterruptedException notHeard) {
                // Such a call does not listen.
            }
        }
    }

    @AfterEach
    void stop() {
        alive.countDown();
        ingest.close();
    }

    private static StreamId id(int number) {
        return StreamId.main(new UUID(9, number));
    }

    private void ensure(int number, String uri) {
        ingest.ensure(id(number), StreamEndpoint.rtspOverTcp(URI.create(uri), Optional.empty()));
    }

    private IngestStatus status(int number) {
        return ingest.status(id(number)).orElseThrow();
    }

    private void await(String what, BooleanSupplier condition) {
        long endNs = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - endNs)
                    .as("waited for %s: %s", what, ingest.statuses())
                    .isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Sources that are gone, refused at once: each asks again and again, and none is tried twice before all were once. */
    @Test
    void manyDeadSourcesDoNotKeepOthersFromTheirTurn() throws Exception {
        int count = 30;
        engine(10);
        worker.mayOpen = new CountDownLatch(1);
        for (int number = 1; number <= count; number++) {
            ensure(number, "http://127.0.0.1/" + number);
        }
        worker.mayOpen.countDown();
        List<String> tried = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tried.add(worker.opened.poll(30, TimeUnit.SECONDS).getPath());
        }
        assertThat(tried).doesNotHaveDuplicates();
    }

    @Test
    void deadNameServersStopNoSourceWithAnAddress() throws Exception {
        engine(100);
        for (int number = 1; number <= 20; number++) {
            ensure(number, "http://source" + number + ".test/video");
        }
        await(
                "the named ones to wait",
                () -> status(1).cause().equals(Optional.of(GapCause.CAMERA_UNREACHABLE))
                        && status(1).detail().contains("name server does not answer"));
        ensure(21, "http://127.0.0.1/video");
        assertThat(worker.opened.poll(30, TimeUnit.SECONDS).getHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void aFileSystemThatHangsStopsNoOtherFile() throws Exception {
        engine(100);
        for (int number = 1; number <= 10; number++) {
            ensure(number, "file://" + CLIPS.resolve("gone/" + number + ".mp4"));
        }
        // Who looks late sees the words of a later try.
        await(
                "the lost ones to wait",
                () -> status(1).detail().contains("file system did not answer within 1 s")
                        || status(1).detail().contains("still does not answer"));
        await("a second try", () -> status(1).detail().contains("still does not answer"));
        ensure(11, "file://" + CLIPS.resolve("here.mp4"));
        assertThat(worker.opened.poll(30, TimeUnit.SECONDS).getPath()).endsWith("here.mp4");

        long beganNs = System.nanoTime();
        assertThatThrownBy(() -> ingest.probe(
                        StreamEndpoint.rtspOverTcp(
                                URI.create("file://" + CLIPS.resolve("gone/11.mp4")), Optional.empty()),
                        2_500))
                .isInstanceOf(DriverException.class)
                .hasMessageContaining("file system did not answer");
        assertThat((System.nanoTime() - beganNs) / 1e9)
                .as("seconds of the probe of a file that never answers")
                .isLessThan(20);
    }

    @Test
    void aWorkerThatFailsIsAskedAgain() throws Exception {
        engine(100);
        worker.broken = true;
        ensure(1, "http://127.0.0.1/video");
        await("the failure", () -> {
            IngestStatus now = status(1);
            return now.state() == IngestStatus.State.WAITING
                    && now.cause().equals(Optional.of(GapCause.WORKER_FAILED))
                    && now.detail().contains("media worker failed to open the source");
        });
        worker.broken = false;
        worker.opened.clear();
        assertThat(worker.opened.poll(30, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void theStreamsOfACameraTryAWrongPasswordTogetherNotEachForItself() {
        engine(100);
        worker.end = new SourceEnd(DriverException.Kind.AUTH, GapCause.AUTH, "the user name or password is wrong");
        for (int number = 1; number <= 2; number++) {
            ingest.ensure(
                    id(number),
                    StreamEndpoint.rtspOverTcp(
                            URI.create("http://127.0.0.1/" + number), Optional.of(new Credentials("admin", "wrong"))));
        }
        await("both to rest for minutes", () -> ingest.statuses().stream().allMatch(status -> status.nextAttempt()
                .filter(next -> next.isAfter(Instant.now().plusSeconds(60)))
                .isPresent()));
        assertThat(ingest.statuses())
                .allSatisfy(status -> assertThat(status.cause()).contains(GapCause.AUTH));
        assertThat(worker.opened).as("tries; each for itself makes four").hasSizeBetween(2, 3);
    }

    /** A media worker none of whose sources is there. */
    private static final class DeadSources implements MediaWorker {
        private final BlockingQueue<URI> opened = new LinkedBlockingQueue<>();
        private volatile boolean broken;
        private volatile SourceEnd end = new SourceEnd(
                DriverException.Kind.UNREACHABLE, GapCause.CAMERA_UNREACHABLE, "the connection was refused");
        /** Until all are there, the first is not tried twice. */
        private volatile CountDownLatch mayOpen = new CountDownLatch(0);

        @Override
        public SourceSession open(SourceRequest request, SourceDoor door, SourceListener listener) {
            try {
                mayOpen.await();
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
            opened.add(request.uri());
            if (broken) {
                throw new IllegalStateException("no more threads");
            }
            listener.ended(end);
            return () -> {};
        }

        @Override
        public byte[] jpeg(TrackFormat track, ByteBuffer picture, int widthMax, int timeoutMs) {
            throw new UnsupportedOperationException("no story asks for a still");
        }

        @Override
        public byte[] jpeg(TrackFormat track, List<CodedPicture> pictures, long wanted, int widthMax, int timeoutMs) {
            throw new UnsupportedOperationException("no story asks for a still");
        }
    }
}
