// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of one answer: bytes that others are sent too, as fast as the client takes them and without a thread that waits, as
 * long as it may see them. A client that takes nothing is cut by the connector's idle time. Called by the container, by one
 * thread at a time.
 */
final class Sending implements WriteListener, AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(Sending.class);
    /** A client that takes a part or segment drop by drop has lost the stream anyway; meanwhile its bytes are held for it. */
    private static final long TIME_MS_MAX = 30_000;
    /** Written at a time. */
    private static final int CHUNK_BYTES = 64 << 10;

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final List<ByteBuffer> bodies;
    private final StandingAccess access;
    private final Runnable after;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int at;

    private Sending(
            AsyncContext async,
            ServletOutputStream out,
            List<ByteBuffer> bodies,
            StandingAccess access,
            Runnable after) {
        this.async = async;
        this.out = out;
        this.access = access;
        this.after = after;
        this.bodies = bodies.stream().map(ByteBuffer::duplicate).toList();
    }

    /**
     * Begins to send; headers were set.
     *
     * @param after run when nothing is sent any more; perhaps more than once
     */
    static void start(AsyncContext async, List<ByteBuffer> bodies, StandingAccess access, Runnable after)
            throws IOException {
        async.setTimeout(TIME_MS_MAX);
        ServletOutputStream out = async.getResponse().getOutputStream();
        Sending sending = new Sending(async, out, bodies, access, after);
        async.addListener(sending);
        out.setWriteListener(sending);
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            while (at < bodies.size() && !bodies.get(at).hasRemaining()) {
                at++;
            }
            if (at == bodies.size()) {
                complete();
                return;
            }
            check();
            ByteBuffer body = bodies.get(at);
            int length = Math.min(chunk.length, body.remaining());
            body.get(chunk, 0, length);
            out.write(chunk, 0, length);
        }
    }

    private void complete() {
        after.run();
        async.complete();
    }

    private void check() throws IOException {
        try {
            access.check();
        } catch (AccessDeniedException e) {
            throw new IOException("the stream is not for this user any more: " + e.getMessage(), e);
        }
    }

    @Override
    public void onError(Throwable e) {
        LOG.debug("A live answer ended early: {}", e.toString());
        complete();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // Nothing is held.
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        complete();
    }

    @Override
    public void onError(AsyncEvent event) {
        complete();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Not started twice.
    }
}
