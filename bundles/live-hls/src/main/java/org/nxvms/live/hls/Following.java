// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A segment that is sent while it grows, part by part as they come (chunked transfer, RFC 9112 7.1): what DASH players call low
 * latency. A client that is slow gets it as fast as it takes it, and holds no thread. The pump's thread and the container's take
 * turns.
 */
final class Following implements Waiting, WriteListener, AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    private static final long TIME_MS_MAX = 120_000;
    private static final int CHUNK_BYTES = 64 << 10;
    /** Jetty's way to say by the servlet API that a connection is to be aborted. */
    private static final int JETTY_ABORT = -1;

    /** What of which segment is sent to whom. */
    record Wanted(Feed feed, Track track, long number, Places.Place place, StandingAccess access, long deadlineMs) {}

    private final Wanted wanted;
    private final AsyncContext async;
    private final ServletOutputStream out;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private ByteBuffer body = ByteBuffer.allocate(0);
    private int sent;
    private boolean writable;
    private boolean flushed = true;
    private boolean begun;
    private volatile boolean over;

    /** @param async begun; headers were set */
    Following(AsyncContext async, Wanted wanted) throws IOException {
        this.async = async;
        this.wanted = wanted;
        async.setTimeout(TIME_MS_MAX);
        async.addListener(this);
        this.out = async.getResponse().getOutputStream();
    }

    /** Begins to send; the pump knows of it. */
    void start() {
        out.setWriteListener(this);
    }

    @Override
    public Feed feed() {
        return wanted.feed();
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void look(long nowMs) {
        try {
            wanted.access().check();
            turn();
            if (nowMs >= wanted.deadlineMs()) {
                breakOff("the segment does not go on");
            } else if (wanted.feed().isOver()) {
                breakOff("the stream ended");
            }
        } catch (AccessDeniedException e) {
            breakOff("the player may not watch any more: " + e.getMessage());
        }
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            writable = true;
        }
        turn();
    }

    /** Sends what there is, as much as the client takes. */
    private synchronized void turn() {
        try {
            while (writable && !over) {
                if (!next() && !end()) {
                    return;
                }
                // Where it answers no, the container calls when it is possible again.
                writable = out.isReady();
            }
        } catch (IOException | IllegalStateException e) {
            breakOff("the player went away: " + e);
        }
    }

    /** {@return whether something of a part was written} */
    private boolean next() throws IOException {
        Optional<Segment> segment = wanted.feed().timeline().segment(wanted.number());
        if (segment.isPresent() && !wanted.track().isIn(segment.get().format())) {
            breakOff("there are not both pictures and sound any more");
            return true;
        }
        // Not in each part there is something of each track.
        while (!body.hasRemaining()
                && segment.isPresent()
                && sent < segment.get().parts().size()) {
            body = segment.get().parts().get(sent++).of(wanted.track());
        }
        if (!body.hasRemaining()) {
            return false;
        }
        begun = true;
        int length = Math.min(chunk.length, body.remaining());
        body.get(chunk, 0, length);
        out.write(chunk, 0, length);
        flushed = false;
        return true;
    }

    /** All that there is was written: {@return whether it was flushed, or ended, just now} */
    private boolean end() throws IOException {
        Timeline timeline = wanted.feed().timeline();
        boolean whole = timeline.nextNumber() > wanted.number();
        Optional<Segment> segment = timeline.segment(wanted.number());
        if (whole && segment.isEmpty()) {
            breakOff("the segment is not kept any more");
            return true;
        }
        if (whole && sent == segment.orElseThrow().parts().size()) {
            if (!begun) {
                body = segment.get().silence();
                return next();
            }
            complete();
            return true;
        }
        if (flushed) {
            return false;
        }
        flushed = true;
        out.flush();
        return true;
    }

    @Override
    public void stop() {
        breakOff("live streams are being stopped or replaced");
    }

    private synchronized void complete() {
        if (!over) {
            over();
            try {
                async.complete();
            } catch (IllegalStateException e) {
                LOG.debug("A player was gone before its answer ended: {}", e.toString());
            }
        }
    }

    /**
     * What was sent is not the whole segment, so its end must not look like that of one: the connection is cut, or the HTTP/2 stream
     * reset.
     */
    private synchronized void breakOff(String why) {
        if (over) {
            return;
        }
        LOG.debug("A segment that was sent while it grew is broken off: {}", why);
        try {
            ((HttpServletResponse) async.getResponse()).sendError(JETTY_ABORT);
        } catch (IOException | IllegalStateException e) {
            LOG.debug("A player was gone before its answer was broken off: {}", e.toString());
        }
        complete();
    }

    @Override
    public void onError(Throwable e) {
        breakOff(e.toString());
    }

    /** Not left to the container alone: where a connection breaks in the moment its answer ends, Jetty tells nobody. */
    private void over() {
        over = true;
        wanted.place().close();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        over();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        breakOff("it took too long");
    }

    @Override
    public void onError(AsyncEvent event) {
        breakOff("the container gave it up");
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Not started twice.
    }
}
