// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.Backoff;
import org.nxvms.ingest.kit.WriterLease;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.worker.SourceRequest;
import org.nxvms.platform.api.worker.SourceSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one wished stream coming: source after source, with a back-off that fits the failure, until it is told to stop. One
 * source at a time: the next is opened when the last one's process is gone. Everything but {@link #status} and {@link #wish}
 * runs on the control thread.
 */
final class StreamKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(StreamKeeper.class);
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

    /** One source, from the look at its address to the end of its process. */
    private static final class Attempt {
        private final long beganNs = System.nanoTime();
        private HubFeed feed;
        private SourceSession session;
        private boolean streaming;
        private int runsShown;
        /** Why we end it, when it is us. */
        private Failure given;
    }

    private final Control control;
    private final StreamId stream;
    private final WriterLease lease;
    private Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private volatile StreamEndpoint endpoint;
    private volatile Seen seen = new Seen(
            IngestStatus.State.CONNECTING, Optional.empty(), Instant.now(), Optional.empty(), 0, Optional.empty());
    private Attempt attempt;
    private long dueNs = System.nanoTime();
    private boolean moved;
    private boolean stopped;
    private Runnable whenOver = () -> {};

    StreamKeeper(Control control, StreamHub hub, StreamId stream, StreamEndpoint endpoint) {
        this.control = control;
        this.stream = stream;
        this.endpoint = endpoint;
        this.lease = new WriterLease(hub, stream);
    }

    StreamEndpoint wished() {
        return endpoint;
    }

    /** Any thread; {@link #move} must follow on the control thread. */
    void wish(StreamEndpoint changed) {
        endpoint = changed;
    }

    /** Fetches from elsewhere, or with other credentials, from now on. */
    void move() {
        if (stopped) {
            return;
        }
        backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
        dueNs = System.nanoTime();
        moved = attempt != null;
        give(new Failure(
                DriverException.Kind.CLOSED,
                GapCause.CAMERA_UNREACHABLE,
                "the camera's address or credentials were changed"));
        show(IngestStatus.State.CONNECTING, Optional.empty(), Optional.empty());
    }

    /** @param over called when nothing of this stream is left */
    void stop(GapCause cause, String detail, Runnable over) {
        stopped = true;
        whenOver = over;
        if (attempt == null) {
            finish();
        } else {
            give(new Failure(DriverException.Kind.CLOSED, cause, detail));
        }
    }

    private void finish() {
        lease.close();
        whenOver.run();
    }

    /** Ends the attempt in hand for a reason of ours; the first reason counts. */
    private void give(Failure why) {
        if (attempt != null && attempt.given == null) {
            attempt.given = why;
            if (attempt.session != null) {
                attempt.session.close();
            }
        }
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
                0);
    }

    void tick(long nowNs) {
        if (stopped) {
            return;
        }
        if (attempt != null) {
            watch(nowNs);
        } else if (nowNs - dueNs >= 0 && control.mayConnect(nowNs)) {
            connect();
        }
    }

    private void connect() {
        Attempt fresh = new Attempt();
        attempt = fresh;
        show(IngestStatus.State.CONNECTING, seen.failure(), Optional.empty());
        StreamEndpoint from = endpoint;
        control.resolve(from, request -> open(fresh, request), refused -> ended(fresh, Failure.of(refused)));
    }

    private void open(Attempt fresh, SourceRequest request) {
        if (fresh.given != null) {
            ended(fresh, fresh.given);
            return;
        }
        try {
            fresh.feed = new HubFeed(lease.writer(), lease.runs(), why -> control.execute(() -> ended(fresh, why)));
        } catch (IllegalStateException noMemory) {
            ended(fresh, new Failure(DriverException.Kind.UNSUPPORTED, GapCause.UNKNOWN, noMemory.getMessage()));
            return;
        }
        Optional<SourceSession> session = control.open(request, fresh.feed);
        if (session.isPresent()) {
            fresh.session = session.get();
        } else {
            ended(fresh, Failure.worker("the media worker does not run on this server at the moment"));
        }
    }

    private void watch(long nowNs) {
        HubFeed feed = attempt.feed;
        if (feed == null || attempt.given != null) {
            return;
        }
        if (feed.refused().isPresent()) {
            give(feed.refused().get());
        } else if (feed.started()) {
            noticePictures(feed, nowNs);
            if (nowNs - feed.lastUnitNs() > control.settings().stallTimeoutMs() * 1_000_000L) {
                give(Failure.stalled("no picture came for " + control.settings().stallTimeoutMs() / 1000 + " s"));
            }
        } else if (nowNs - attempt.beganNs
                > (control.settings().openTimeoutMs() + control.settings().firstKeyTimeoutMs()) * 1_000_000L) {
            give(Failure.stalled("the source is open but sent no key frame within "
                    + control.settings().firstKeyTimeoutMs() / 1000 + " s"));
        }
    }

    private void noticePictures(HubFeed feed, long nowNs) {
        if (!attempt.streaming) {
            attempt.streaming = true;
            LOG.info(
                    "{} is streaming: {}",
                    stream,
                    feed.format().map(Object::toString).orElse(""));
        } else if (nowNs - attempt.beganNs > STEADY_NS) {
            backoff.succeeded();
        }
        if (attempt.runsShown != feed.runs()) {
            attempt.runsShown = feed.runs();
            show(IngestStatus.State.STREAMING, Optional.empty(), Optional.empty());
        }
    }

    private void ended(Attempt old, Failure told) {
        Failure why = old.given != null ? old.given : told;
        if (why.kind() == DriverException.Kind.CLOSED && old.given == null) {
            why = Failure.worker("the media worker was stopped");
        }
        boolean wasStreaming = old.streaming;
        if (old.feed != null) {
            old.feed.end(why.cause(), why.detail());
        }
        attempt = null;
        if (stopped) {
            finish();
        } else if (moved) {
            moved = false;
        } else {
            waitAfter(why, wasStreaming);
        }
    }

    private void waitAfter(Failure why, boolean wasStreaming) {
        boolean news = wasStreaming
                || seen.failure().isEmpty()
                || !seen.failure().get().detail().equals(why.detail());
        long waitMs = backoff.afterMs(why.kind());
        dueNs = System.nanoTime() + waitMs * 1_000_000;
        show(
                IngestStatus.State.WAITING,
                Optional.of(why),
                Optional.of(Instant.now().plusMillis(waitMs)));
        if (news) {
            LOG.warn("{}: {}; next attempt in {} ms", stream, why.detail(), waitMs);
        } else {
            LOG.debug("{}: {}; next attempt in {} ms", stream, why.detail(), waitMs);
        }
    }

    private void show(IngestStatus.State state, Optional<Failure> failure, Optional<Instant> nextAttempt) {
        Seen before = seen;
        boolean same = before.state() == state;
        Optional<StreamFormat> format = attempt == null || attempt.feed == null
                ? before.format()
                : attempt.feed.format().or(before::format);
        seen = new Seen(
                state,
                failure,
                same ? before.since() : Instant.now(),
                nextAttempt,
                state == IngestStatus.State.STREAMING ? 0 : backoff.failures(),
                format);
    }
}
