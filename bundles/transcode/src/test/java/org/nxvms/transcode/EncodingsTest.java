// SPDX-License-Identifier: Apache-2.0
package org.nxvms.transcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.rendition.RenditionRefusedException;
import org.nxvms.platform.api.rendition.RenditionStatus.State;
import org.nxvms.platform.api.worker.EncoderPlaces;
import org.nxvms.streamhub.StreamHubComponent;

/** Renditions in the real hub, made by a media worker that encodes nothing. */
class EncodingsTest {
    private static final UUID CAMERA = new UUID(1, 2);
    private static final StreamId MAIN = StreamId.main(CAMERA);
    private static final StreamId SMALL = StreamId.of(CAMERA, "main~480p-500k");
    private static final StreamId OTHER = StreamId.of(CAMERA, "main~h264");
    private static final TrackFormat HEVC =
            new TrackFormat(Codec.HEVC, 90_000, "hvc1.1.6.L93.90", 1280, 720, 0, 25, new byte[] {1});
    private static final TrackFormat SOUND = TrackFormats.g711(Codec.PCM_ALAW, 8_000, 1);
    private static final int LINGER_MS = 5_000;
    private static final int USER_MAX = 2;
    private static final Optional<UUID> NOBODY = Optional.empty();
    private static final Optional<UUID> VERA = Optional.of(new UUID(3, 1));
    private static final Optional<UUID> OTTO = Optional.of(new UUID(3, 2));

    private final StreamHub hub = new StreamHubComponent(defaults(StreamHubComponent.Config.class));
    private final FakeTranscoder worker = new FakeTranscoder();
    private final AtomicLong nowMs = new AtomicLong();
    private final StreamWriter camera = hub.openWriter(MAIN, StreamBudget.forBitrate(4_000_000));
    private Encodings encodings = encodings(1, 1);
    private int sent;

    private static <T> T defaults(Class<T> config) {
        return config.cast(Proxy.newProxyInstance(
                config.getClassLoader(), new Class<?>[] {config}, (p, method, a) -> method.getDefaultValue()));
    }

    private Encodings encodings(int running, int waiting) {
        Encodings made = new Encodings(
                () -> hub, () -> worker, new Limits(running, waiting, USER_MAX, LINGER_MS, 2), nowMs::get);
        made.tick();
        return made;
    }

    @AfterEach
    void close() {
        encodings.close();
        // A thread that does not come to run in time ends its process itself.
        until("no process is left", () -> worker.running.get() == 0);
    }

    private static void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("waiting until " + what).isNegative();
            LockSupport.parkNanos(2_000_000);
        }
    }

    private void run() {
        camera.startRun(new StreamFormat(List.of(HEVC, SOUND)), wallUs(sent), ClockSource.ARRIVAL);
    }

    private static long wallUs(int picture) {
        return 1_700_000_000_000_000L + picture * 40_000L;
    }

    /** Never zero, so that a number never looks like a start code. */
    private static byte high(int number) {
        return (byte) (1 + number / 200);
    }

    private static byte low(int number) {
        return (byte) (1 + number % 200);
    }

    private void pictures(int count) {
        for (int i = 0; i < count; i++) {
            camera.begin();
            camera.append(ByteBuffer.wrap(new byte[] {0, 0, 0, 4, 0x26, 1, high(sent + 1), low(sent + 1)}));
            camera.commit(0, sent % 10 == 0 ? StreamWriter.KEY : 0, sent * 3_600L, wallUs(sent));
            camera.begin();
            camera.append(ByteBuffer.wrap(new byte[] {high(sent + 1), low(sent + 1)}));
            camera.commit(1, StreamWriter.KEY, sent * 320L, wallUs(sent));
            sent++;
        }
    }

    /** What a viewer sees. */
    private final class Viewer implements AutoCloseable {
        final List<Integer> pictures = new ArrayList<>();
        final List<Integer> sounds = new ArrayList<>();
        final List<GapCause> ends = new ArrayList<>();
        final List<Long> late = new ArrayList<>();
        private final StreamReader reader;

        Viewer(StreamId stream) {
            reader = hub.openReader(stream, "viewer", ReaderStart.OLDEST_KEY);
        }

        Viewer read() {
            int state = reader.poll();
            while (state != StreamReader.EMPTY && state != StreamReader.CLOSED) {
                if (state == StreamReader.ACCESS_UNIT) {
                    ByteBuffer data = reader.data();
                    int number =
                            ((data.get(data.limit() - 2) & 0xFF) - 1) * 200 + (data.get(data.limit() - 1) & 0xFF) - 1;
                    (reader.track() == 0 ? pictures : sounds).add(number);
                    late.add(reader.wallUs() - wallUs(number - 1));
                } else if (state == StreamReader.RUN_END) {
                    ends.add(reader.gapCause());
                }
                state = reader.poll();
            }
            return this;
        }

        boolean sees(int number) {
            return read().pictures.contains(number);
        }

        /** {@return whether it sees something that was sent after that} */
        boolean seesBeyond(int number) {
            return read().pictures.stream().anyMatch(seen -> seen > number);
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    @Test
    void oneEncodingServesAllItsViewersWithThePicturesAtTheirTimesAndTheSoundBeside() throws Exception {
        run();
        encodings.open(SMALL, NOBODY);
        encodings.open(SMALL, NOBODY);
        try (Viewer one = new Viewer(SMALL);
                Viewer two = new Viewer(SMALL)) {
            pictures(100);
            until("one sees all from a key frame on", () -> one.sees(100));
            until("the other sees the same", () -> two.sees(100));
            assertThat(two.pictures).isEqualTo(one.pictures);
            assertThat(worker.processes).singleElement().satisfies(process -> {
                assertThat(process.request.heightMax()).isEqualTo(480);
                assertThat(process.request.kilobits()).isEqualTo(500);
                assertThat(process.request.picture()).isEqualTo(HEVC);
            });
            assertThat(one.late).as("by the clock").containsOnly(0L);
            assertThat(one.sounds).isNotEmpty();
            assertThat(worker.processes.get(0).request.sound()).contains(SOUND);
            StreamFormat format = hub.statistics(SMALL).orElseThrow().format().orElseThrow();
            assertThat(format.tracks().get(0).codec()).isEqualTo(Codec.H264);
            assertThat(format.tracks().get(1)).isEqualTo(TrackFormats.opus(1));
        }
    }

    @Test
    void itEndsSomeSecondsAfterItsLastViewerAndLeavesNothing() throws Exception {
        run();
        encodings.open(SMALL, NOBODY);
        try (Viewer viewer = new Viewer(SMALL)) {
            pictures(10);
            until("it is seen", () -> viewer.sees(10));
            nowMs.addAndGet(10 * LINGER_MS);
            encodings.tick();
            assertThat(worker.running).as("somebody watches").hasValue(1);
        }
        nowMs.addAndGet(LINGER_MS - 1);
        encodings.tick();
        assertThat(worker.running).as("it lingers").hasValue(1);
        nowMs.addAndGet(1);
        encodings.tick();
        assertThat(worker.running).hasValue(0);
        assertThat(encodings.statuses()).isEmpty();
        assertThat(hub.statistics(SMALL)).isEmpty();
        until(
                "the camera's stream is not read any more",
                () -> hub.statistics(MAIN).orElseThrow().readers().isEmpty());
    }

    @Test
    void whatIsBeyondTheBudgetWaitsAndWhatIsBeyondTheQueueIsRefusedWithAWayOut() throws Exception {
        run();
        encodings.open(SMALL, NOBODY);
        encodings.open(OTHER, NOBODY);
        assertThat(encodings.statuses()).extracting("state").containsExactly(State.STARTING, State.WAITING);
        assertThat(encodings.statuses().get(1).detail()).contains("begins when one of them ends");
        assertThatThrownBy(() -> encodings.open(StreamId.of(CAMERA, "sub~h264"), NOBODY))
                .isInstanceOfSatisfying(
                        RenditionRefusedException.class,
                        refused -> assertThat(refused.retryAfterSeconds()).isPositive())
                .hasMessageContaining("1 may run, 1 wait")
                .hasMessageContaining("encodingsMax");
        encodings.open(SMALL, NOBODY);
        try (Viewer viewer = new Viewer(OTHER)) {
            nowMs.addAndGet(LINGER_MS);
            encodings.tick();
            assertThat(encodings.statuses()).extracting("stream").containsExactly(OTHER);
            int before = sent;
            until("it is its turn", () -> {
                pictures(10);
                return viewer.seesBeyond(before);
            });
        }
    }

    @Test
    void oneUserDoesNotHaveAllOfItAndMayWatchWhatOthersHaveBegun() throws Exception {
        encodings = encodings(2, 2);
        run();
        StreamId third = StreamId.of(CAMERA, "main~360p");
        encodings.open(SMALL, VERA);
        encodings.open(OTHER, VERA);
        encodings.open(OTHER, VERA);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> encodings.open(third, VERA))
                    .isInstanceOfSatisfying(
                            RenditionRefusedException.class,
                            refused -> assertThat(refused.retryAfterSeconds()).isPositive())
                    .hasMessageContaining("one user may (2)")
                    .hasMessageContaining("encodingsPerUserMax");
        }
        encodings.open(third, OTTO);
        encodings.open(third, VERA);
        encodings.open(SMALL, OTTO);
        assertThat(encodings.statuses()).extracting("stream").containsExactly(SMALL, OTHER, third);
        try (Viewer viewer = new Viewer(third)) {
            nowMs.addAndGet(LINGER_MS);
            encodings.tick();
            assertThat(encodings.statuses()).extracting("stream").containsExactly(third);
            assertThat(viewer.read().ends).isEmpty();
        }
        encodings.open(SMALL, VERA);
        encodings.open(OTHER, VERA);
    }

    @Test
    void whatOneUserHasIsThreeQuartersOfAllWhereNothingElseIsSaid() {
        TranscodeService.Config config = defaults(TranscodeService.Config.class);
        Limits limits = Limits.of(config);
        assertThat(limits.waitingMax()).isEqualTo(4);
        assertThat(limits.perUserMax())
                .isEqualTo((limits.encodingsMax() + 4) * 3 / 4)
                .isLessThan(limits.encodingsMax() + 4);
    }

    /** One encoding may run. */
    @Test
    void whatLiveStreamsLeaveOfTheBudgetOthersHaveAndGiveBackWhenAViewerComes() throws Exception {
        run();
        EncoderPlaces.Place first = encodings.places().ask();
        EncoderPlaces.Place second = encodings.places().ask();
        assertThat(first.isGiven()).as("before anybody looked").isFalse();
        encodings.tick();
        assertThat(first.isGiven()).isTrue();
        assertThat(first.isWanted()).isFalse();
        assertThat(second.isGiven()).isFalse();

        encodings.open(SMALL, NOBODY);
        assertThat(encodings.statuses()).extracting("state").containsExactly(State.WAITING);
        assertThat(first.isWanted()).as("a viewer waits").isTrue();
        first.close();
        first.close();
        encodings.tick();
        assertThat(encodings.statuses()).extracting("state").containsExactly(State.STARTING);
        assertThat(second.isGiven()).as("the viewer came first").isFalse();
        assertThat(second.isWanted()).isFalse();

        nowMs.addAndGet(LINGER_MS);
        encodings.tick();
        assertThat(encodings.statuses()).isEmpty();
        assertThat(second.isGiven()).as("nobody watches any more").isTrue();
        second.close();
        EncoderPlaces.Place third = encodings.places().ask();
        encodings.close();
        assertThat(third.isGiven()).as("nobody encodes live any more").isTrue();
    }

    /** Who waits for one that has ended meanwhile is nobody to the next of its name. */
    @Test
    void whoWaitedForAnEncodingThatEndedDoesNotKeepTheNextOne() throws Exception {
        AtomicReference<StreamHub> hubs = new AtomicReference<>(hub);
        encodings.close();
        encodings = new Encodings(hubs::get, () -> worker, new Limits(1, 1, USER_MAX, LINGER_MS, 2), nowMs::get);
        encodings.tick();
        Encodings.Joined early = encodings.join(SMALL, NOBODY);

        hubs.set(new StreamHubComponent(defaults(StreamHubComponent.Config.class)));
        encodings.tick();
        assertThat(encodings.statuses()).as("its hub has gone").isEmpty();
        encodings.open(SMALL, NOBODY);
        try (Encodings.Joined late = encodings.join(SMALL, NOBODY)) {
            early.close();
            nowMs.addAndGet(LINGER_MS);
            encodings.tick();
            assertThat(late.format()).isNotDone();
            assertThat(encodings.statuses()).as("somebody waits for it").hasSize(1);
        }
        nowMs.addAndGet(LINGER_MS);
        encodings.tick();
        assertThat(encodings.statuses()).as("nobody wants it any more").isEmpty();
    }

    /** Who ends it finds no process yet; who starts that one must not keep it. */
    @Test
    void anEncodingThatIsEndedWhileItsProcessIsStartedLeavesNone() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        worker.onStart = () -> {
            starting.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException ended) {
                // Who ends the encoding has looked for a process before.
                Thread.currentThread().interrupt();
            }
        };
        run();
        encodings.open(SMALL, NOBODY);
        pictures(10);
        until("it is being started", () -> starting.getCount() == 0);
        encodings.close();
        until("it was started", () -> !worker.processes.isEmpty());
        until("it is ended", () -> worker.running.get() == 0);
    }

    @Test
    void aFormThatIsNoneIsNeverMade() {
        for (String name :
                List.of("main~vp9", "main~481p", "main~99p", "main~4000p", "main~480p-5k", "main~480p-0500k")) {
            assertThatThrownBy(() -> encodings.open(StreamId.of(CAMERA, name), NOBODY))
                    .as(name)
                    .isInstanceOfSatisfying(
                            RenditionRefusedException.class,
                            refused -> assertThat(refused.retryAfterSeconds()).isZero())
                    .hasMessageContaining("480p-500k");
        }
        assertThat(encodings.statuses()).isEmpty();
    }

    @Test
    void aProcessThatIsLostIsSaidToItsViewersAndStartedAgain() throws Exception {
        run();
        encodings.open(SMALL, NOBODY);
        try (Viewer viewer = new Viewer(SMALL);
                Viewer beside = new Viewer(MAIN)) {
            pictures(10);
            until("it is seen", () -> viewer.sees(10));
            worker.processes.get(0).crash();
            until("it is said", () -> viewer.read().ends.contains(GapCause.WORKER_FAILED));
            assertThat(encodings.statuses().get(0)).satisfies(status -> {
                assertThat(status.losses()).isEqualTo(1);
                assertThat(status.detail()).contains("crashed");
            });
            int before = sent;
            until("another one goes on", () -> {
                pictures(10);
                return viewer.seesBeyond(before);
            });
            assertThat(worker.processes).hasSize(2);
            beside.read();
            assertThat(beside.ends).isEmpty();
        }
    }

    @Test
    void whereTheCameraEndsItEndsWithTheSameCauseAndGoesOnWithIt() throws Exception {
        run();
        encodings.open(SMALL, NOBODY);
        try (Viewer viewer = new Viewer(SMALL)) {
            pictures(10);
            until("it is seen", () -> viewer.sees(10));
            camera.endRun(wallUs(sent), GapCause.CAMERA_UNREACHABLE, "it is gone");
            until("it is said", () -> viewer.read().ends.contains(GapCause.CAMERA_UNREACHABLE));
            run();
            int before = sent;
            until("it goes on", () -> {
                pictures(10);
                return viewer.seesBeyond(before);
            });
        }
    }

    @Test
    void whoReadsIsServedByTheNextVersionOfThisPart() throws Exception {
        run();
        encodings.open(SMALL, NOBODY);
        try (Viewer viewer = new Viewer(SMALL)) {
            pictures(10);
            until("it is seen", () -> viewer.sees(10));
            encodings.close();
            until("it is said", () -> viewer.read().ends.contains(GapCause.MAINTENANCE));
            encodings = encodings(1, 0);
            int before = sent;
            until("it goes on", () -> {
                pictures(10);
                return viewer.seesBeyond(before);
            });
        }
    }
}
