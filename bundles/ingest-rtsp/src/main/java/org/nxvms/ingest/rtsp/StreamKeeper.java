// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.ConnectGate;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.ingest.kit.StreamState;
import org.nxvms.ingest.kit.WriterLease;
import org.nxvms.media.GapCause;
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

    private final IoLoop loop;
    private final OffLoop offLoop;
    private final ConnectGate gate;
    private final StreamId stream;
    private final WriterLease lease;
    private final StreamState state;
    private volatile long packetsLost;
    private final LinkGauge link = new LinkGauge();

    private Attempt.Wanted wanted;
    private Attempt attempt;
    private HubFeed feed;
    private boolean streaming;
    private int runsShown;
    private int quirksShown;
    private boolean stopped;

    StreamKeeper(IoLoop loop, OffLoop offLoop, ConnectGate gate, StreamHub hub, Wish wish) {
        this.loop = loop;
        this.offLoop = offLoop;
        this.gate = gate;
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
        state.restart(loop.nowNs());
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
        return state.status(packetsLost, link.read());
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
        } else if (state.due(nowNs)
                && gate.tryEnter(this, nowNs, loop.settings().connectsPerSecondMax())) {
            connect();
        }
        if (attempt != null && !attempt.mayWait()) {
            loop.hurry();
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
            failed(Failure.noMemory(noMemory));
            return;
        }
        state.connecting();
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
        if (streaming ? feed.runs() != runsShown : feed.started()) {
            streaming = true;
            runsShown = feed.runs();
            state.streaming(feed.format(), loop.nowNs());
        } else if (streaming) {
            state.stillStreaming(loop.nowNs());
        }
    }

    private void failed(Failure failure) {
        closeAttempt(failure.cause(), failure.detail());
        state.failed(failure, loop.nowNs());
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
}
