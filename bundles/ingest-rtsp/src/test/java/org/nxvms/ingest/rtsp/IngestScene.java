// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.media.GapCause;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.streamhub.HeldSessions;
import org.nxvms.streamhub.StreamHubComponent;

/** The engine with the real ring behind it, for cameras on loopback that behave as a test says. */
abstract class IngestScene {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long LOOK_NS = 1_000_000;
    /** A machine that stands still for a while is no camera that does. */
    static final Map<String, Object> PATIENT = Map.of(
            "stallTimeoutMs",
            120_000,
            "firstKeyTimeoutMs",
            120_000,
            "connectTimeoutMs",
            60_000,
            "answerTimeoutMs",
            60_000);

    final StreamId stream = StreamId.main(new UUID(1, 1));
    final List<byte[]> pictures = new ArrayList<>();
    final List<byte[]> sounds = new ArrayList<>();
    final List<String> runs = new ArrayList<>();
    StreamHub hub;
    RtspIngest ingest;
    StreamReader reader;

    @BeforeEach
    void start() {
        hub = new StreamHubComponent(defaults(StreamHubComponent.Config.class, Map.of()));
        engine(Map.of());
    }

    final void engine(Map<String, Object> changes) {
        if (ingest != null) {
            ingest.close();
        }
        Map<String, Object> settings = new HashMap<>(PATIENT);
        settings.putAll(changes);
        ingest = new RtspIngest(hub, new HeldSessions(hub), defaults(RtspIngest.Config.class, settings));
        reader = hub.openReader(stream, "test", ReaderStart.NEXT);
    }

    @AfterEach
    void stop() {
        // Nobody comes in its place.
        ingest.release(stream, GapCause.NOT_SCHEDULED, "");
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

    static StreamEndpoint endpoint(FakeCamera camera, String user, String password) {
        return StreamEndpoint.rtspOverTcp(URI.create(camera.url()), Optional.of(new Credentials(user, password)));
    }

    final void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now())
                    .as(
                            "waited for %s; %d pictures, %d sounds, %s, %s",
                            what, pictures.size(), sounds.size(), runs, ingest.statuses())
                    .isBefore(end);
            drain();
            LockSupport.parkNanos(LOOK_NS);
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

    final IngestStatus status() {
        return ingest.status(stream).orElseThrow();
    }
}
