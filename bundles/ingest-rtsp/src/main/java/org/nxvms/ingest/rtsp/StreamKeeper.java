// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.Backoff;
import org.nxvms.ingest.kit.ConnectGate;
import org.nxvms.ingest.kit.WriterLease;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.rtp.PayloadQuirk;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one wished stream coming: attempt after attempt, with a back-off that fits the failure, until it is told to stop.
 * Everything but {@link #status()} runs on the loop's thread.
 */
final class StreamKeeper implements IoLoop.Timed {
    private static final Logger LOG = LoggerFactory.getLogger(StreamKeeper.class);

    /** A camera that breaks off sooner is tried again no faster than one that is away. */
    private static final long STEADY_NS = 10_000_000_000L;

    /** What other threads may see. */
    private record Seen(
            IngestStatus.State state,
            Optional<Failure> failure,
            Instant since,
            Optional<Instant> nextAttempt,
            int attempts,
            Optional<StreamFormat> format) {}

    private final IoLoop loop;
    private final OffLoop offLoop;
    private final ConnectGate gate;
    private final StreamId stream;
    private final WriterLease lease;
    private Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());

    /** What is wished; the attempt in hand may still be for what was wished before. */
    private volatile StreamEndpoint endpoint;

    private volatile Seen seen = new Seen(
            IngestStatus.State.CONNECTING, Optional.empty(), Instant.now(), Optional.empty(), 0, Optional.empty());
    private volatile long packetsLost;
    private final LinkGauge link = new LinkGauge();

    private Attempt.Wanted wanted;
    private Attempt attempt;
    private HubFeed feed;
    private boolean streaming;
    private long streamingSinceNs;
    private int runsShown;
    private int quirksShown;
    private boolean stopped;
    private long dueNs;

    StreamKeeper(IoLoop loop, OffLoop offLoop, ConnectGate gate, StreamHub hub, Wish wish) {
        this.loop = loop;
        this.offLoop = offLoop;
        this.gate = gate;
        this.stream = wish.stream();
        this.endpoint = wish.endpoint();
        this.wanted = Attempt.Wanted.of(wish.endpoint());
        this.lease = new WriterLease(hub, wish.stream());
    }

    /** What shall be fetched from where. */
    record Wish(StreamId stream, StreamEndpoint endpoint) {}

    void start() {
        dueNs = loop.nowNs();
        loop.addTimed(this);
    }

    StreamEndpoint wished() {
        return endpoint;
    }

    /** Any thread; {@link #move} must follow on the loop's thread. */
    void wish(StreamEndpoint changed) {
        endpoint = changed;
    }

    /** Fetches from elsewhere, or with other credentials, from now on. */
    void move() {
        if (stopped) {
            return;
        }
        backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
        closeAttempt(GapCause.CAMERA_UNREACHABLE, "the camera's address or credentials were changed");
        wanted = Attempt.Wanted.of(endpoint);
        dueNs = loop.nowNs();
        show(IngestStatus.State.CONNECTING, Optional.empty(), Optional.empty());
    }

    void stop(GapCause cause, String detail) {
        if (stopped) {
            return;
        }
        stopped = true;
        loop.removeTimed(this);
        closeAttempt(cause, detail);
        lease.close();
    }

    IngestStatus status() {
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
                link.read());
    }

    @Override
    public void tick(long nowNs) {
        if (attempt != null) {
            attempt.tick(nowNs);
            if (attempt != null) {
                packetsLost = attempt.packetsLost();
                noticePictures();
                attempt.tell(link);
                link.skew(feed.skewPpm());
            }
        } else if (nowNs - dueNs >= 0
                && gate.tryEnter(this, nowNs, loop.settings().connectsPerSecondMax())) {
            connect();
        }
    }

    @Override
    public void broke(Throwable fault) {
        failed(Failure.internal(fault));
    }

    private void connect() {
        try {
            lease.writer();
        } catch (IllegalStateException noMemory) {
            failed(new Failure(DriverException.Kind.UNSUPPORTED, GapCause.UNKNOWN, noMemory.getMessage()));
            return;
        }
        show(IngestStatus.State.CONNECTING, seen.failure(), Optional.empty());
        feed = new HubFeed(loop, lease);
        quirksShown = 0;
        attempt = new Attempt(loop, offLoop, wanted, feed, new Attempt.Outcome() {
            @Override
            public void playing() {
                LOG.debug("{} agreed to send", stream);
            }

            @Override
            public void failed(Failure failure) {
                StreamKeeper.this.failed(failure);
            }
        });
        attempt.start();
    }

    /** Allocates nothing as long as nothing changes. */
    private void noticePictures() {
        if (feed.quirks() != quirksShown) {
            quirksShown = feed.quirks();
            LOG.info("{}: the camera {}", stream, PayloadQuirk.describe(quirksShown));
        }
        if (!streaming && feed.started()) {
            streaming = true;
            runsShown = feed.runs();
            streamingSinceNs = loop.nowNs();
            show(IngestStatus.State.STREAMING, Optional.empty(), Optional.empty());
            LOG.info(
                    "{} is streaming: {}",
                    stream,
                    feed.format().map(Object::toString).orElse(""));
        } else if (streaming && loop.nowNs() - streamingSinceNs > STEADY_NS) {
            backoff.succeeded();
        }
        if (streaming && feed.runs() != runsShown) {
            runsShown = feed.runs();
            show(IngestStatus.State.STREAMING, Optional.empty(), Optional.empty());
        }
    }

    private void failed(Failure failure) {
        boolean first = streaming || seen.failure().isEmpty();
        boolean changed = first || !seen.failure().get().detail().equals(failure.detail());
        long waitMs = backoff.afterMs(failure.kind());
        dueNs = loop.nowNs() + waitMs * 1_000_000;
        closeAttempt(failure.cause(), failure.detail());
        show(
                IngestStatus.State.WAITING,
                Optional.of(failure),
                Optional.of(Instant.now().plusMillis(waitMs)));
        if (changed) {
            LOG.warn("{}: {}; next attempt in {} ms", stream, failure.detail(), waitMs);
        } else {
            LOG.debug("{}: {}; next attempt in {} ms", stream, failure.detail(), waitMs);
        }
    }

    private void closeAttempt(GapCause cause, String detail) {
        streaming = false;
        link.clear();
        // Forgotten first: whatever ending them throws, the next attempt is due.
        Attempt ended = attempt;
        HubFeed ending = feed;
        attempt = null;
        feed = null;
        try {
            if (ended != null) {
                ended.close();
            }
        } finally {
            if (ending != null) {
                ending.end(cause, detail);
            }
        }
    }

    private void show(IngestStatus.State state, Optional<Failure> failure, Optional<Instant> nextAttempt) {
        Seen before = seen;
        boolean same = before.state() == state;
        Optional<StreamFormat> format =
                feed == null ? before.format() : feed.format().or(before::format);
        seen = new Seen(
                state,
                failure,
                same ? before.since() : Instant.now(),
                nextAttempt,
                state == IngestStatus.State.STREAMING ? 0 : backoff.failures(),
                format);
    }
}
