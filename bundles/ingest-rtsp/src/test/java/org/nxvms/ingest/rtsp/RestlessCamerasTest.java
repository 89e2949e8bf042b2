// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nxvms.ingest.kit.RunAllowance;
import org.nxvms.ingest.rtsp.FakeCamera.Manners;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;
import org.nxvms.platform.api.ingest.IngestStatus;

/** Cameras that change, fall silent or send noise, and faults of ours: each costs its own stream and says why. */
class RestlessCamerasTest extends IngestScene {
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
            // And one more each second, however late that is seen.
            await("a second session", () -> camera.count("PLAY") >= 2 && runs.size() > 1);
            assertThat(runs.get(1)).startsWith("end STREAM_STALLED").contains("stopped sending");
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
