// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.util.Optional;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.ingest.kit.SharedLogins;
import org.nxvms.ingest.kit.StreamState;
import org.nxvms.ingest.kit.WriterLease;
import org.nxvms.media.GapCause;
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
    /** One source, from the look at its address to the end of its process. */
    private static final class Attempt {
        private final long beganNs = System.nanoTime();
        private HubFeed feed;
        private SourceSession session;
        private int runsShown;
        /** Why we end it, when it is us. */
        private Failure given;
    }

    private final Control control;
    private final StreamId stream;
    private final WriterLease lease;
    private final StreamState state;
    private final SharedLogins logins;
    private SharedLogins.Login login;
    private Attempt attempt;
    private boolean moved;
    private boolean stopped;
    private Runnable whenOver = () -> {};

    StreamKeeper(Control control, SharedLogins logins, StreamHub hub, StreamId stream, StreamEndpoint endpoint) {
        this.control = control;
        this.logins = logins;
        this.login = logins.of(endpoint);
        this.stream = stream;
        this.state = new StreamState(stream, endpoint, System.nanoTime());
        this.lease = new WriterLease(hub, stream);
    }

    StreamEndpoint wished() {
        return state.wished();
    }

    /** Any thread; {@link #move} must follow on the control thread. */
    void wish(StreamEndpoint changed) {
        state.wish(changed);
    }

    /** Fetches from elsewhere, or with other credentials, from now on. */
    void move() {
        if (stopped) {
            return;
        }
        moved = attempt != null;
        give(new Failure(
                DriverException.Kind.CLOSED,
                GapCause.CAMERA_UNREACHABLE,
                "the camera's address or credentials were changed"));
        login.close();
        login = logins.of(state.wished());
        state.restart(System.nanoTime());
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
        login.close();
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
        return state.status(0, Optional.empty());
    }

    Optional<DriverException.Kind> trouble() {
        return state.trouble();
    }

    void tick(long nowNs) {
        if (stopped) {
            return;
        }
        if (attempt != null) {
            watch(nowNs);
        } else if (state.due(nowNs)) {
            connectWhenItMay(nowNs);
        }
    }

    private void connectWhenItMay(long nowNs) {
        long restNs = login.restNs(nowNs);
        if (restNs > 0) {
            state.held(SharedLogins.OTHERS_REFUSED, nowNs, restNs / 1_000_000 + 1);
        } else if (login.mayTry(nowNs) && control.mayConnect(this, nowNs)) {
            login.tried();
            connect();
        }
    }

    private void connect() {
        Attempt fresh = new Attempt();
        attempt = fresh;
        state.connecting();
        control.clearance().ask(state.wished(), control.settings().openTimeoutMs(), new Clearance.Asker() {
            @Override
            public void granted(SourceRequest request) {
                open(fresh, request);
            }

            @Override
            public void refused(DriverException why) {
                ended(fresh, Losses.of(why));
            }
        });
    }

    private void open(Attempt fresh, SourceRequest request) {
        if (fresh.given != null) {
            ended(fresh, fresh.given);
            return;
        }
        try {
            fresh.feed = new HubFeed(lease.writer(), lease.runs(), why -> control.execute(() -> ended(fresh, why)));
        } catch (IllegalStateException noMemory) {
            ended(fresh, Failure.noMemory(noMemory));
            return;
        }
        Optional<SourceSession> session;
        try {
            session = control.open(request, fresh.feed);
        } catch (RuntimeException | Error fault) {
            LOG.error("{}: the media worker failed to open the source", stream, fault);
            ended(fresh, Losses.ofWorker("the media worker failed to open the source: " + fault));
            return;
        }
        if (session.isPresent()) {
            fresh.session = session.get();
        } else {
            ended(fresh, Losses.ofWorker("the media worker does not run on this server at the moment"));
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
        if (attempt.runsShown != feed.runs()) {
            attempt.runsShown = feed.runs();
            login.accepted();
            state.streaming(feed.format(), nowNs);
        } else {
            state.stillStreaming(nowNs);
        }
    }

    private void ended(Attempt old, Failure told) {
        if (attempt != old) {
            // A worker that failed may still tell the end of what it began.
            return;
        }
        Failure why = old.given != null ? old.given : told;
        if (why.kind() == DriverException.Kind.CLOSED && old.given == null) {
            why = Losses.ofWorker("the media worker was stopped");
        }
        if (old.feed != null) {
            old.feed.end(why.cause(), why.detail());
        }
        attempt = null;
        if (why.wrongLogin()) {
            login.refused(System.nanoTime());
        }
        login.ended();
        if (stopped) {
            finish();
        } else if (moved) {
            moved = false;
        } else {
            state.failed(why, System.nanoTime());
        }
    }
}
