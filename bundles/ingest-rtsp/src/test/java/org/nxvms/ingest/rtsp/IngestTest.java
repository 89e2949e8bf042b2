// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.RunAllowance;
import org.nxvms.ingest.rtsp.FakeCamera.Manners;
import org.nxvms.media.GapCause;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.streamhub.StreamHubComponent;

/** The engine against a real camera on loopback and with the real ring behind it. */
class IngestTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final StreamId stream = StreamId.main(new UUID(1, 1));
    private final List<byte[]> pictures = new ArrayList<>();
    private final List<byte[]> sounds = new ArrayList<>();
    private final List<String> runs = new ArrayList<>();
    private StreamHub hub;
    private RtspIngest ingest;
    private StreamReader reader;

    @BeforeEach
    void start() {
        hub = new StreamHubComponent(defaults(StreamHubComponent.Config.class, Map.of()));
        engine(Map.of());
    }

    private void engine(Map<String, Object> changes) {
        if (ingest != null) {
            ingest.close();
        }
        ingest = new RtspIngest(hub, defaults(RtspIngest.Config.class, changes));
        reader = hub.openReader(stream, "test", ReaderStart.NEXT);
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    static <T> T defaults(Class<T> config, Map<String, Object> changes) {
        return config.cast(Proxy.newProxyInstance(
                config.getClassLoader(),
                new Class<?>[] {config},
                (proxy, method, arguments) -> changes.getOrDefault(method.getName(), method.getDefaultValue())));
    }

    static StreamEndpoint endpoint(String url) {
        return StreamEndpoint.rtspOverTcp(URI.create(url), Optional.empty());
    }

    private static StreamEndpoint endpoint(FakeCamera camera, String user, String password) {
        return StreamEndpoint.rtspOverTcp(URI.create(camera.url()), Optional.of(new Credentials(user, password)));
    }

    private void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now())
                    .as(
                            "waited for %s; %d pictures, %d sounds, %s, %s",
                            what, pictures.size(), sounds.size(), runs, ingest.statuses())
                    .isBefore(end);
            drain();
            Thread.onSpinWait();
        }
        drain();
    }

    private void drain() {
        for (int found = reader.poll(); found != StreamReader.EMPTY; found = reader.poll()) {
            switch (found) {
                case StreamReader.RUN_START ->
                    runs.add("start " + reader.format().codecs());
                case StreamReader.RUN_END -> runs.add("end " + reader.gapCause() + " " + reader.gapDetail());
                case StreamReader.ACCESS_UNIT -> {
                    byte[] bytes = new byte[reader.length()];
                    reader.data().get(bytes);
                    (reader.track() == 0 ? pictures : sounds).add(bytes);
                }
                default -> throw new IllegalStateException("poll answered " + found);
            }
        }
    }

    private IngestStatus status() {
        return ingest.status(stream).orElseThrow();
    }

    @Test
    void everyPictureAndSoundArrivesInTheRing() throws Exception {
        try (FakeCamera camera = new FakeCamera(new Manners())) {
            ingest.ensure(stream, endpoint(camera.url()));
            await(
                    "the clip",
                    () -> pictures.size() == Clip.pictures().size()
                            && sounds.size() == Clip.tone().size());

            assertThat(pictures)
                    .usingElementComparator(Arrays::compare)
                    .containsExactlyElementsOf(
                            Clip.pictures().stream().map(Clip.Picture::sample).toList());
            assertThat(sounds).usingElementComparator(Arrays::compare).containsExactlyElementsOf(Clip.tone());
            assertThat(runs).hasSize(1);
            assertThat(runs.get(0)).startsWith("start avc1.64").endsWith(",mp4a.40.2");
            await("the status", () -> status().state() == IngestStatus.State.STREAMING);
            assertThat(status().cause()).isEmpty();
            assertThat(status().format().orElseThrow().video().orElseThrow().width())
                    .isEqualTo(64);
        }
    }

    @Test
    void theSameWishAgainLeavesTheSessionAlone() throws Exception {
        try (FakeCamera camera = new FakeCamera(new Manners())) {
            for (int i = 0; i < 3; i++) {
                ingest.ensure(stream, endpoint(camera.url()));
            }
            await("pictures", () -> !pictures.isEmpty());
            ingest.ensure(stream, endpoint(camera.url()));
            await("the status", () -> status().state() == IngestStatus.State.STREAMING);
            assertThat(camera.connections).hasSize(1);
            assertThat(camera.count("PLAY")).isEqualTo(1);
        }
    }

    @Test
    void aCameraThatHangsUpIsCalledAgainAndTheGapHasItsCause() throws Exception {
        try (FakeCamera camera = new FakeCamera(new Manners())) {
            ingest.ensure(stream, endpoint(camera.url()));
            await("pictures", () -> pictures.size() == Clip.pictures().size());
            camera.hangUp();
            await("pictures again", () -> pictures.size() == 2 * Clip.pictures().size());

            assertThat(runs).hasSize(3);
            assertThat(runs.get(1)).startsWith("end CAMERA_UNREACHABLE").contains("closed the connection");
        }
    }

    @Test
    void releaseSaysGoodbyeAndEndsTheRunWithItsCause() throws Exception {
        try (FakeCamera camera = new FakeCamera(new Manners())) {
            ingest.ensure(stream, endpoint(camera.url()));
            await("pictures", () -> !pictures.isEmpty());
            ingest.release(stream, GapCause.NOT_SCHEDULED, "switched off");
            await("the end", () -> runs.size() == 2);

            assertThat(runs.get(1)).isEqualTo("end NOT_SCHEDULED switched off");
            assertThat(ingest.statuses()).isEmpty();
            await("goodbye", () -> camera.count("TEARDOWN") == 1);
        }
    }

    @Test
    void digestLoginWorks() throws Exception {
        Manners locked = new Manners() {
            @Override
            Optional<RtspResponse> instead(RtspRequest request) {
                return login(request, "admin", "s3cret");
            }
        };
        try (FakeCamera camera = new FakeCamera(locked)) {
            ingest.ensure(stream, endpoint(camera, "admin", "s3cret"));
            await("pictures", () -> !pictures.isEmpty());
        }
    }

    @Test
    void aWrongPasswordIsTriedTwiceAndThenHardlyEverUntilItChanges() throws Exception {
        Manners locked = new Manners() {
            @Override
            Optional<RtspResponse> instead(RtspRequest request) {
                return login(request, "admin", "s3cret");
            }
        };
        try (FakeCamera camera = new FakeCamera(locked)) {
            ingest.ensure(stream, endpoint(camera, "admin", "wrong"));
            await("two attempts", () -> status().attempts() == 2);

            assertThat(status().state()).isEqualTo(IngestStatus.State.WAITING);
            assertThat(status().cause()).contains(GapCause.AUTH);
            assertThat(status().detail())
                    .contains("refuses the user name or password")
                    .doesNotContain("wrong");
            assertThat(status().nextAttempt().orElseThrow())
                    .isAfter(Instant.now().plusSeconds(180));
            assertThat(camera.connections).hasSize(2);

            ingest.ensure(stream, endpoint(camera, "admin", "s3cret"));
            await("pictures", () -> !pictures.isEmpty());
        }
    }

    @Test
    void aRedirectIsFollowedWithoutHandingThePasswordToAnotherHost() throws Exception {
        try (FakeCamera target = new FakeCamera(new Manners())) {
            Manners moved = new Manners() {
                @Override
                Optional<RtspResponse> instead(RtspRequest request) {
                    return Optional.of(new RtspResponse(
                            302,
                            "Moved",
                            RtspHeaders.of("Location", target.url().replace("127.0.0.1", "localhost"))));
                }
            };
            try (FakeCamera camera = new FakeCamera(moved)) {
                ingest.ensure(stream, endpoint(camera, "admin", "s3cret"));
                await("pictures", () -> !pictures.isEmpty());
                assertThat(target.requests)
                        .noneMatch(request ->
                                request.headers().first("Authorization").isPresent());
            }
        }
    }

    @Test
    void aChangedResolutionStartsANewRunWithTheNewFormat() throws Exception {
        Manners changing = new Manners() {
            @Override
            void play(FakeCamera camera, OutputStream out) throws IOException {
                camera.sendClip(out, 0);
                Clip.Picture first = Clip.pictures().get(0);
                List<byte[]> nals = new ArrayList<>();
                for (byte[] nal : first.nals()) {
                    byte[] copy = nal.clone();
                    if ((copy[0] & 0x1F) == 7) {
                        copy[3]++; // another level
                    }
                    nals.add(copy);
                }
                camera.picture(out, new Clip.Picture(nals, 0, true), 200_000, new byte[0]);
            }
        };
        try (FakeCamera camera = new FakeCamera(changing)) {
            ingest.ensure(stream, endpoint(camera.url()));
            await(
                    "the new run",
                    () -> runs.size() == 2 && pictures.size() == Clip.pictures().size() + 1);
            assertThat(runs.get(1)).startsWith("start avc1").isNotEqualTo(runs.get(0));
        }
    }

    /** Each run is a file: without a limit such a camera would make 25 of them a second. */
    @Test
    void aCameraThatChangesItsFormatWithEachPictureMakesFewRunsAndAGapWithItsCause() throws Exception {
        int changes = 60;
        Manners restless = new Manners() {
            @Override
            void play(FakeCamera camera, OutputStream out) throws IOException {
                Clip.Picture first = Clip.pictures().get(0);
                for (int i = 0; i < changes; i++) {
                    List<byte[]> nals = new ArrayList<>();
                    for (byte[] nal : first.nals()) {
                        byte[] copy = nal.clone();
                        if ((copy[0] & 0x1F) == 7) {
                            copy[3] = (byte) (30 + i % 10); // level
                        }
                        nals.add(copy);
                    }
                    camera.picture(out, new Clip.Picture(nals, 0, true), i * 3600L, new byte[0]);
                }
                camera.go();
            }
        };
        try (FakeCamera camera = new FakeCamera(restless)) {
            ingest.ensure(stream, endpoint(camera.url()));
            await("the gap", () -> runs.stream().anyMatch(run -> run.startsWith("end UNSUPPORTED")));
            camera.awaitGo();
            await("the last picture", () -> hub.statistics(stream).orElseThrow().refused() >= changes - 20);

            assertThat(runs.stream().filter(run -> run.startsWith("start")).count())
                    .as("runs begun, of %d changes", changes)
                    .isLessThanOrEqualTo(RunAllowance.BURST_MAX + 1);
            assertThat(runs.get(runs.size() - 1)).contains("changes its picture format all the time");
            assertThat(camera.connections).as("the session goes on").hasSize(1);
        }
    }

    /** An Error is one stream's trouble, like any other: the memory one ring lacks is there for all others. */
    @Test
    void anErrorCostsOneStreamAGapAndNobodyElseAnything() throws Exception {
        StreamId struck = StreamId.main(new UUID(2, 2));
        AtomicInteger strikes = new AtomicInteger(1);
        StreamHub real = hub;
        hub = (StreamHub) Proxy.newProxyInstance(
                StreamHub.class.getClassLoader(), new Class<?>[] {StreamHub.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(real, arguments);
                    return result instanceof StreamWriter writer && struck.equals(arguments[0])
                            ? striking(writer, strikes)
                            : result;
                });
        engine(Map.of());
        StreamReader other = reader;
        reader = real.openReader(struck, "struck", ReaderStart.NEXT);
        try (FakeCamera healthy = new FakeCamera(new Manners());
                FakeCamera sick = new FakeCamera(new Manners())) {
            ingest.ensure(stream, endpoint(healthy.url()));
            ingest.ensure(struck, endpoint(sick.url()));
            await("the struck stream to come back", () -> runs.size() == 3 && sick.connections.size() == 2);

            assertThat(runs.get(1)).isEqualTo("end UNKNOWN internal fault: java.lang.OutOfMemoryError: struck");
            reader = other;
            pictures.clear();
            await(
                    "the other's pictures",
                    () -> pictures.size() == Clip.pictures().size());
            assertThat(healthy.connections).hasSize(1);
        }
    }

    /** A writer that runs out of memory when it commits its tenth picture, so many times. */
    private static StreamWriter striking(StreamWriter real, AtomicInteger strikes) {
        AtomicInteger commits = new AtomicInteger();
        return (StreamWriter) Proxy.newProxyInstance(
                StreamWriter.class.getClassLoader(),
                new Class<?>[] {StreamWriter.class},
                (proxy, method, arguments) -> {
                    if ("commit".equals(method.getName())
                            && commits.incrementAndGet() == 10
                            && strikes.getAndDecrement() > 0) {
                        throw new OutOfMemoryError("struck");
                    }
                    return method.invoke(real, arguments);
                });
    }

    @Test
    void aSilentCameraIsCalledAgainWithCauseStalled() throws Exception {
        engine(Map.of("stallTimeoutMs", 1000));
        try (FakeCamera camera = new FakeCamera(new Manners())) {
            ingest.ensure(stream, endpoint(camera.url()));
            await("a second session", () -> camera.count("PLAY") == 2);
            assertThat(runs.get(1)).startsWith("end STREAM_STALLED").contains("stopped sending");
        }
    }

    @Test
    void theSessionIsKeptAliveWithinHalfItsTimeout() throws Exception {
        Manners shortLived = new Manners() {
            @Override
            int sessionTimeoutS() {
                return 1;
            }
        };
        try (FakeCamera camera = new FakeCamera(shortLived)) {
            ingest.ensure(stream, endpoint(camera.url()));
            await("keep-alives", () -> camera.count("GET_PARAMETER") >= 2);
            assertThat(camera.connections).hasSize(1);
        }
    }

    @Test
    void aSickCameraBesideAHealthyOneHarmsNobody() throws Exception {
        Manners garbage = new Manners() {
            @Override
            void play(FakeCamera camera, OutputStream out) throws IOException {
                byte[] noise = new byte[1 << 16];
                new java.util.Random(7).nextBytes(noise);
                for (int i = 0; i < 50; i++) {
                    out.write(noise);
                }
            }
        };
        Manners slow = new Manners() {
            @Override
            void play(FakeCamera camera, OutputStream out) throws IOException {
                camera.awaitGo();
                camera.sendClip(out, 0);
            }
        };
        try (FakeCamera sick = new FakeCamera(garbage);
                FakeCamera healthy = new FakeCamera(slow)) {
            StreamId other = StreamId.main(new UUID(2, 2));
            ingest.ensure(stream, endpoint(healthy.url()));
            ingest.ensure(other, endpoint(sick.url()));
            await(
                    "the sick one to be noticed",
                    () -> ingest.status(other).orElseThrow().state() == IngestStatus.State.WAITING);
            healthy.go();
            await("the healthy one", () -> pictures.size() == Clip.pictures().size());
            assertThat(healthy.connections).hasSize(1);
        }
    }
}
