// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.ingest.IngestLink;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one wished stream fares, whatever its engine: what is wished, what others see of it, when the next attempt is due. Who
 * keeps the stream tells what happened, on its one thread; {@link #wish}, {@link #wished} and {@link #status} are for any.
 */
public final class StreamState {
    private static final Logger LOG = LoggerFactory.getLogger(StreamState.class);
    /** A source that breaks off sooner is tried again no faster than one that is away. */
    private static final long STEADY_NS = 10_000_000_000L;

    /** What other threads may see. */
    private record Seen(
            IngestStatus.State state,
            Optional<Failure> failure,
            Instant since,
            Optional<Instant> nextAttempt,
            int attempts,
            Optional<StreamFormat> format) {}

    private final StreamId stream;
    private volatile StreamEndpoint endpoint;
    private volatile Seen seen = new Seen(
            IngestStatus.State.CONNECTING, Optional.empty(), Instant.now(), Optional.empty(), 0, Optional.empty());
    private Backoff backoff = fresh();
    private long dueNs;
    private long streamingSinceNs;

    /** @param nowNs monotonic time, as in all calls */
    public StreamState(StreamId stream, StreamEndpoint endpoint, long nowNs) {
        this.stream = stream;
        this.endpoint = endpoint;
        this.dueNs = nowNs;
    }

    private static Backoff fresh() {
        return new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    }

    /** Any thread; the attempt in hand may still be for what was wished before. */
    public void wish(StreamEndpoint changed) {
        endpoint = changed;
    }

    public StreamEndpoint wished() {
        return endpoint;
    }

    /** Begins anew, at once: what failed so far says nothing of what is wished now. */
    public void restart(long nowNs) {
        backoff = fresh();
        dueNs = nowNs;
        show(IngestStatus.State.CONNECTING, Optional.empty(), Optional.empty(), seen.format());
    }

    /** {@return whether it is time for an attempt} */
    public boolean due(long nowNs) {
        return nowNs - dueNs >= 0;
    }

    /** An attempt begins. */
    public void connecting() {
        show(IngestStatus.State.CONNECTING, seen.failure(), Optional.empty(), seen.format());
    }

    /** Pictures come, or come in another format. */
    public void streaming(Optional<StreamFormat> format, long nowNs) {
        if (seen.state() != IngestStatus.State.STREAMING) {
            streamingSinceNs = nowNs;
            LOG.info("{} is streaming: {}", stream, format.map(Object::toString).orElse(""));
        }
        show(IngestStatus.State.STREAMING, Optional.empty(), Optional.empty(), format.or(seen::format));
    }

    /** Pictures still come; allocates nothing. */
    public void stillStreaming(long nowNs) {
        if (nowNs - streamingSinceNs > STEADY_NS) {
            backoff.succeeded();
        }
    }

    /** The attempt failed or the session ended; another is due after a wait that fits the reason. */
    public void failed(Failure why, long nowNs) {
        boolean news = seen.state() == IngestStatus.State.STREAMING
                || seen.failure().isEmpty()
                || !seen.failure().get().detail().equals(why.detail());
        long waitMs = backoff.afterMs(why.kind());
        dueNs = nowNs + waitMs * 1_000_000;
        show(
                IngestStatus.State.WAITING,
                Optional.of(why),
                Optional.of(Instant.now().plusMillis(waitMs)),
                seen.format());
        if (news) {
            LOG.warn("{} at {}: {}; next attempt in {} ms", stream, place(), why.detail(), waitMs);
        } else {
            LOG.debug("{} at {}: {}; next attempt in {} ms", stream, place(), why.detail(), waitMs);
        }
    }

    /** No attempt is made for now, for a reason that is not this stream's own and says nothing of its next one. */
    public void held(Failure why, long nowNs, long waitMs) {
        dueNs = nowNs + waitMs * 1_000_000;
        show(
                IngestStatus.State.WAITING,
                Optional.of(why),
                Optional.of(Instant.now().plusMillis(waitMs)),
                seen.format());
        LOG.debug("{} at {}: {}; looked at again in {} ms", stream, place(), why.detail(), waitMs);
    }

    /** {@return where the stream is fetched, for the log: no path, which may hold a key} */
    private String place() {
        String authority = endpoint.uri().getAuthority();
        return authority == null || authority.isEmpty() ? endpoint.uri().getScheme() : authority;
    }

    private void show(
            IngestStatus.State state,
            Optional<Failure> failure,
            Optional<Instant> nextAttempt,
            Optional<StreamFormat> format) {
        Seen before = seen;
        seen = new Seen(
                state,
                failure,
                before.state() == state ? before.since() : Instant.now(),
                nextAttempt,
                state == IngestStatus.State.STREAMING ? 0 : backoff.failures(),
                format);
    }

    /** {@return of which kind the failure is after which the stream is tried again} Any thread. */
    public Optional<DriverException.Kind> trouble() {
        return seen.failure().map(Failure::kind);
    }

    /** Any thread. */
    public IngestStatus status(long packetsLost, Optional<IngestLink> link) {
        Seen now = seen;
        return new IngestStatus(
                stream,
                endpoint,
                now.state(),
                now.failure().map(Failure::cause),
                now.failure().map(Failure::detail).orElse(""),
                now.since(),
                now.nextAttempt(),
                now.attempts(),
                now.format(),
                packetsLost,
                link);
    }
}
