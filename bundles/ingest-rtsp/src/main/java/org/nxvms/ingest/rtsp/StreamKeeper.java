// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.util.Optional;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.ConnectGate;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.ingest.kit.SharedLogins;
import org.nxvms.ingest.kit.StreamState;
import org.nxvms.ingest.kit.WriterLease;
import org.nxvms.media.GapCause;
import org.nxvms.media.LeftSession;
import org.nxvms.media.SessionShelf;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamStatistics;
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
    private static final String EXCHANGED = "the RTSP engine was exchanged or stopped";

    private final IoLoop loop;
    private final OffLoop offLoop;
    private final Entry entry;
    private final StreamHub hub;
    private final StreamId stream;
    private final WriterLease lease;
    private final StreamState state;
    private volatile long packetsLost;
    private final LinkGauge link = new LinkGauge();

    private SharedLogins.Login login;
    private Attempt.Wanted wanted;
    private Attempt attempt;
    private HubFeed feed;
    private boolean streaming;
    private int runsShown;
    private int quirksShown;
    private boolean stopped;
    private Optional<Leaving> leaving = Optional.empty();

    /** Under way to the shelf. */
    private record Leaving(SessionShelf shelf, Runnable done, long deadlineNs) {}

    /** What all keepers pass before they connect. */
    record Entry(ConnectGate gate, SharedLogins logins) {}

    StreamKeeper(IoLoop loop, OffLoop offLoop, Entry entry, StreamHub hub, Wish wish) {
        this.loop = loop;
        this.offLoop = offLoop;
        this.entry = entry;
        this.login = entry.logins().of(wish.endpoint());
        this.hub = hub;
        this.stream = wish.stream();
        this.state = new StreamState(wish.stream(), wish.endpoint(), System.nanoTime());
        this.wanted = Attempt.Wanted.of(wish.endpoint());
        this.lease = new WriterLease(hub, wish.stream());
    }

    /** What shall be fetched from where. */
    record Wish(StreamId stream, StreamEndpoint endpoint) {}

    void start() {
        loop.addTimed(this);
    }

    /** As {@link #start}, with the session that another engine left, if that can be. */
    void start(LeftSession left) {
        Optional<StreamStatistics> untouched =
                hub.statistics(stream).filter(now -> now.epoch() == left.run().epoch());
        try {
            StreamFormat format = untouched
                    .flatMap(StreamStatistics::format)
                    .orElseThrow(() -> new IOException("somebody else has written the stream since"));
            PlayingSession session = PlayingSession.of(left.facts())
                    .filter(known -> known.endpoint() == state.wished().hashCode())
                    .orElseThrow(() -> new IOException("it is of another kind, or of another address"));
            if (!lease.takeOver()) {
                throw new IOException("its run has ended");
            }
            feed = new HubFeed(loop, lease);
            attempt = newAttempt();
            attempt.goOn(
                    new RtspDialogue.Left(session, new Wire.Released(left.channel(), left.unread()), left.datagrams()));
            feed.goOn(session.media(), format);
            login.accepted();
            LOG.debug("{} goes on with the session that was left", stream);
        } catch (IOException | RuntimeException cannot) {
            giveUp(left, untouched.isPresent(), cannot);
        } finally {
            loop.addTimed(this);
        }
    }

    /** @param ours whether nobody else has written the stream since */
    private void giveUp(LeftSession left, boolean ours, Exception why) {
        LOG.warn(
                "{}: the session that was left cannot be gone on with ({}); the camera is called anew",
                stream,
                why.getMessage());
        attempt = null;
        feed = null;
        try {
            left.close();
        } catch (IOException alreadyGone) {
            LOG.debug("{}: {}", stream, alreadyGone.toString());
        }
        if (ours && lease.takeOver()) {
            lease.writer().endRun(left.run().endUs(), GapCause.MAINTENANCE, EXCHANGED);
        }
        // The next attempt opens the stream with a budget of its own.
        lease.close();
    }

    /**
     * Leaves the stream to the engine that comes in this one's place: the session goes on the shelf at the end of a picture, or
     * is ended when it cannot be left.
     *
     * @param pictureNs how long that end is waited for
     * @param done told when that has happened
     */
    void leave(SessionShelf shelf, long pictureNs, Runnable done) {
        if (stopped || attempt == null || !attempt.pause()) {
            stop(GapCause.MAINTENANCE, EXCHANGED);
            done.run();
            return;
        }
        leaving = Optional.of(new Leaving(shelf, done, loop.nowNs() + pictureNs));
        loop.hurry();
        leaveIfPaused(loop.nowNs());
    }

    private void leaveIfPaused(long nowNs) {
        Leaving now = leaving.orElseThrow();
        boolean paused = attempt != null && attempt.paused();
        Optional<PlayingSession.Media> media = paused ? feed.mark() : Optional.empty();
        if (media.isPresent()) {
            shelve(now, media.get());
        } else if (attempt == null || paused || nowNs - now.deadlineNs() > 0) {
            stop(GapCause.MAINTENANCE, EXCHANGED);
            now.done().run();
        }
    }

    private void shelve(Leaving now, PlayingSession.Media media) {
        stopped = true;
        login.close();
        loop.removeTimed(this);
        RtspDialogue.Left left = attempt.leave(media);
        try {
            now.shelf()
                    .leave(new LeftSession(
                            stream,
                            new LeftSession.OpenRun(feed.epoch(), feed.endUs()),
                            left.session().facts(),
                            left.socket().channel(),
                            left.socket().unread(),
                            left.datagrams()));
        } finally {
            lease.leave();
            now.done().run();
        }
    }

    StreamEndpoint wished() {
        return state.wished();
    }

    /** Any thread; {@link #move} must follow on the loop's thread. */
    void wish(StreamEndpoint changed) {
        state.wish(changed);
    }

    /** Fetches from elsewhere, or with other credentials, from now on. */
    void move() {
        if (stopped) {
            return;
        }
        closeAttempt(GapCause.CAMERA_UNREACHABLE, "the camera's address or credentials were changed");
        wanted = Attempt.Wanted.of(state.wished());
        login.close();
        login = entry.logins().of(state.wished());
        state.restart(loop.nowNs());
    }

    void stop(GapCause cause, String detail) {
        if (stopped) {
            return;
        }
        stopped = true;
        loop.removeTimed(this);
        closeAttempt(cause, detail);
        login.close();
        lease.close();
    }

    IngestStatus status() {
        return state.status(packetsLost, link.read());
    }

    Optional<DriverException.Kind> trouble() {
        return state.trouble();
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
        } else if (leaving.isEmpty() && state.due(nowNs)) {
            connectWhenItMay(nowNs);
        }
        if (attempt != null && !attempt.mayWait()) {
            loop.hurry();
        }
        if (leaving.isPresent()) {
            leaveIfPaused(nowNs);
        }
    }

    @Override
    public void broke(Throwable fault) {
        failed(Failure.internal(fault));
    }

    private void connectWhenItMay(long nowNs) {
        long restNs = login.restNs(nowNs);
        if (restNs > 0) {
            state.held(SharedLogins.OTHERS_REFUSED, nowNs, restNs / 1_000_000 + 1);
        } else if (login.mayTry(nowNs)
                && entry.gate().tryEnter(this, nowNs, loop.settings().connectsPerSecondMax())) {
            login.tried();
            connect();
        }
    }

    private void connect() {
        try {
            lease.writer();
        } catch (IllegalStateException noMemory) {
            failed(Failure.noMemory(noMemory));
            return;
        }
        state.connecting();
        feed = new HubFeed(loop, lease);
        quirksShown = 0;
        attempt = newAttempt();
        attempt.start();
    }

    private Attempt newAttempt() {
        return new Attempt(loop, offLoop, wanted, feed, new Attempt.Outcome() {
            @Override
            public void playing() {
                LOG.debug("{} agreed to send", stream);
                login.accepted();
            }

            @Override
            public void failed(Failure failure) {
                StreamKeeper.this.failed(failure);
            }
        });
    }

    /** Allocates nothing as long as nothing changes. */
    private void noticePictures() {
        if (feed.quirks() != quirksShown) {
            quirksShown = feed.quirks();
            LOG.info("{}: the camera {}", stream, PayloadQuirk.describe(quirksShown));
        }
        if (streaming ? feed.runs() != runsShown : feed.started()) {
            streaming = true;
            runsShown = feed.runs();
            state.streaming(feed.format(), loop.nowNs());
        } else if (streaming) {
            state.stillStreaming(loop.nowNs());
        }
    }

    private void failed(Failure failure) {
        if (failure.wrongLogin()) {
            login.refused(loop.nowNs());
        }
        closeAttempt(failure.cause(), failure.detail());
        state.failed(failure, loop.nowNs());
    }

    private void closeAttempt(GapCause cause, String detail) {
        streaming = false;
        login.ended();
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
}
