// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.ingest.StreamProbe;

/** An ingest whose streams stream at once; counts the sessions that a real one would have begun. */
public final class FakeIngest implements StreamIngest {
    public static final StreamFormat FORMAT = new StreamFormat(
            List.of(new TrackFormat(Codec.H264, 90_000, "avc1.640028", 1920, 1080, 0, 25, new byte[0])));

    private final Map<StreamId, IngestStatus> wishes = new ConcurrentHashMap<>();
    private final Set<StreamId> placeless = ConcurrentHashMap.newKeySet();
    /** Every call that changes a running session, in order. */
    public final List<String> disturbances = new CopyOnWriteArrayList<>();
    /** Every ensure, equal ones included. */
    public final List<StreamId> ensured = new CopyOnWriteArrayList<>();

    /** How many streams of all the device serves; a stream that is one more finds no place. */
    public volatile int placesMax = Integer.MAX_VALUE;

    /** What a device does when one of its streams is probed. */
    public interface Probing {
        void of(StreamEndpoint endpoint) throws DriverException;
    }

    public volatile Probing probing = endpoint -> {};

    /** What a probe answers, by path of the URI; a stream with this format when missing. */
    public final Map<String, DriverException> probeFailures = new ConcurrentHashMap<>();

    /** What a probe does before it answers. */
    public volatile Runnable onProbe = () -> {};

    @Override
    public void ensure(StreamId stream, StreamEndpoint endpoint) {
        ensured.add(stream);
        IngestStatus before = wishes.get(stream);
        if (before == null || !before.endpoint().equals(endpoint)) {
            disturbances.add(
                    (before == null ? "start " : "replace ") + stream.role().id() + " " + endpoint.uri());
            connect(stream, endpoint);
        }
    }

    /** What a real one does by itself after a while. */
    public void tryAgain(StreamId stream) {
        connect(stream, wishes.get(stream).endpoint());
    }

    private void connect(StreamId stream, StreamEndpoint endpoint) {
        long others = wishes.values().stream()
                .filter(one -> one.state() == IngestStatus.State.STREAMING
                        && !one.stream().equals(stream))
                .count();
        if (others < placesMax) {
            set(stream, endpoint, IngestStatus.State.STREAMING, Optional.empty(), "");
        } else {
            set(
                    stream,
                    endpoint,
                    IngestStatus.State.WAITING,
                    Optional.of(GapCause.CAMERA_UNREACHABLE),
                    "too many sessions are open");
            placeless.add(stream);
        }
    }

    @Override
    public Optional<DriverException.Kind> trouble(StreamId stream) {
        return placeless.contains(stream) ? Optional.of(DriverException.Kind.BUSY) : Optional.empty();
    }

    @Override
    public void release(StreamId stream, GapCause cause, String detail) {
        placeless.remove(stream);
        if (wishes.remove(stream) != null) {
            disturbances.add("release " + stream.role().id() + " " + cause + " " + detail);
        }
    }

    /** Lets a wished stream fail. */
    public void fail(StreamId stream, IngestStatus.State state, GapCause cause, String detail) {
        set(stream, wishes.get(stream).endpoint(), state, Optional.of(cause), detail);
    }

    private void set(
            StreamId stream,
            StreamEndpoint endpoint,
            IngestStatus.State state,
            Optional<GapCause> cause,
            String detail) {
        placeless.remove(stream);
        wishes.put(
                stream,
                new IngestStatus(
                        stream,
                        endpoint,
                        state,
                        cause,
                        detail,
                        Instant.EPOCH,
                        Optional.empty(),
                        cause.isPresent() ? 1 : 0,
                        cause.isPresent() ? Optional.empty() : Optional.of(FORMAT),
                        0));
    }

    @Override
    public Optional<IngestStatus> status(StreamId stream) {
        return Optional.ofNullable(wishes.get(stream));
    }

    @Override
    public List<IngestStatus> statuses() {
        return new ArrayList<>(wishes.values());
    }

    @Override
    public StreamProbe probe(StreamEndpoint endpoint, int timeoutMs) throws DriverException {
        onProbe.run();
        probing.of(endpoint);
        DriverException failure = probeFailures.get(endpoint.uri().getPath());
        if (failure != null) {
            throw failure;
        }
        return new StreamProbe(FORMAT, 120);
    }
}
