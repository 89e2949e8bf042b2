// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.ingest.kit.Names;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.streamhub.HeldSessions;
import org.nxvms.streamhub.StreamHubComponent;

/** The engine with the real hub behind it and a farm of simulated cameras before it. */
final class Stage implements AutoCloseable {
    static final Path DATA = Path.of("target", "simulator-data");
    /** Short pictures, many key frames: no test waits long for one. */
    static final ClipSpec CLIP = new ClipSpec(
            new ClipSpec.Rendition(640, 360, 1_000_000), new ClipSpec.Rendition(320, 180, 250_000), 25, 10, 2);

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final RtspIngest.Departure UNHURRIED = new RtspIngest.Departure(20_000_000_000L, 25_000);
    private static final long LOOK_NS = 2_000_000;

    final CameraFarm farm;
    final StreamHub hub;
    final HeldSessions shelf;
    RtspIngest ingest;
    private final Map<ByteBuffer, Integer> frames;
    private final Map<StreamId, Watch> watches = new HashMap<>();

    Stage(int cameras, Map<String, Object> settings) throws IOException {
        this(cameras, settings, CameraSettings.DEFAULT);
    }

    Stage(int cameras, Map<String, Object> settings, CameraSettings each) throws IOException {
        this(cameras, settings, each, new Names("test-names"));
    }

    Stage(int cameras, Map<String, Object> settings, Names names) throws IOException {
        this(cameras, settings, CameraSettings.DEFAULT, names);
    }

    private Stage(int cameras, Map<String, Object> settings, CameraSettings each, Names names) throws IOException {
        farm = farm(cameras, each);
        frames = Watch.frames(farm.camera(1).video(Camera.Role.MAIN));
        hub = new StreamHubComponent(IngestTest.defaults(StreamHubComponent.Config.class, Map.of()));
        shelf = new HeldSessions(hub);
        ingest = engine(settings, names);
    }

    /** One that leaves its sessions however slowly the simulator gets on beside it. */
    private RtspIngest engine(Map<String, Object> settings, Names names) {
        return new RtspIngest(hub, shelf, IngestTest.defaults(RtspIngest.Config.class, settings), names, UNHURRIED);
    }

    /** Cameras that show the same, on a thread of their own: those of one farm share what their simulator can do. */
    static CameraFarm farm(int cameras, CameraSettings each) throws IOException {
        return CameraFarm.builder()
                .cameras(cameras)
                .clip(CLIP)
                .data(DATA)
                .settings(number -> each)
                .start();
    }

    static StreamId id(int number) {
        return StreamId.main(new UUID(7, number));
    }

    String url(int number) {
        return farm.camera(number).uri(Camera.Role.MAIN);
    }

    /** Fetches a camera of the farm over these transports. */
    Watch fetch(int number, Transport... transports) {
        return fetch(number, url(number), Map.of(), transports);
    }

    /** Fetches a camera that asks for a login, over TCP. */
    Watch fetch(int number, Credentials credentials) {
        Watch watch = new Watch(hub, id(number), frames);
        watches.put(id(number), watch);
        ingest.ensure(id(number), StreamEndpoint.rtspOverTcp(URI.create(url(number)), Optional.of(credentials)));
        return watch;
    }

    Watch fetch(int number, String url, Map<String, String> quirks, Transport... transports) {
        Watch watch = new Watch(hub, id(number), frames);
        watches.put(id(number), watch);
        ingest.ensure(id(number), new StreamEndpoint(URI.create(url), Optional.empty(), List.of(transports), quirks));
        return watch;
    }

    /** Another engine takes the place of this one, as when the bundle is exchanged; the wishes come anew. */
    void exchange() {
        List<IngestStatus> wished = ingest.statuses();
        ingest.close();
        ingest = engine(Map.of(), new Names("test-names"));
        wished.forEach(status -> ingest.ensure(status.stream(), status.endpoint()));
    }

    IngestStatus status(int number) {
        return ingest.status(id(number)).orElseThrow();
    }

    void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now())
                    .as("waited for %s; %s; %s", what, describe(), ingest.statuses())
                    .isBefore(end);
            drain();
            LockSupport.parkNanos(LOOK_NS);
        }
        drain();
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        watches.forEach((stream, watch) -> text.append(stream)
                .append(": ")
                .append(watch.pictures.size())
                .append(" pictures, ")
                .append(watch.runs)
                .append(' '));
        return text.toString();
    }

    private void drain() {
        watches.values().forEach(Watch::drain);
    }

    /** Waits for so many pictures more. */
    void awaitPictures(Watch watch, int more) {
        int target = watch.pictures.size() + more;
        await(target + " pictures", () -> watch.pictures.size() >= target);
    }

    @Override
    public void close() {
        // Nobody comes in its place.
        ingest.statuses().forEach(status -> ingest.release(status.stream(), GapCause.NOT_SCHEDULED, ""));
        ingest.close();
        farm.close();
    }
}
