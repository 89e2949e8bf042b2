// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    /** Every call that changes a running session, in order. */
    public final List<String> disturbances = new CopyOnWriteArrayList<>();
    /** Every ensure, equal ones included. */
    public final List<StreamId> ensured = new CopyOnWriteArrayList<>();

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
            set(stream, endpoint, IngestStatus.State.STREAMING, Optional.empty(), "");
        }
    }

    @Override
    public void release(StreamId stream, GapCause cause, String detail) {
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
        DriverException failure = probeFailures.get(endpoint.uri().getPath());
        if (failure != null) {
            throw failure;
        }
        return new StreamProbe(FORMAT, 120);
    }
}
