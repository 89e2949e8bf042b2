// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.rest.kit.servlet.ByteRange;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer's body: sends part of a package without holding a thread while the client is slow, and only as long as the
 * client may have it. Called by the container, by one thread at a time.
 */
final class Sending implements WriteListener, AsyncListener, Pace.Download {
    private static final Logger LOG = LoggerFactory.getLogger(Sending.class);
    private static final int BUFFER_BYTES = 128 << 10;
    /** Jetty's way to say by the servlet API that a connection is to be aborted. */
    static final int JETTY_ABORT = -1;

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final FileChannel file;
    private final List<StandingAccess> access;
    private final Runnable after;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteBuffer view = ByteBuffer.wrap(buffer);
    private final AtomicBoolean ended = new AtomicBoolean();
    private long at;
    private long left;
    private volatile long sent;
    private volatile boolean waits;

    private Sending(
            AsyncContext async,
            ServletOutputStream out,
            FileChannel file,
            ByteRange part,
            List<StandingAccess> access,
            Runnable after) {
        this.async = async;
        this.out = out;
        this.file = file;
        this.access = access;
        this.after = after;
        at = part.first();
        left = part.length();
    }

    /**
     * {@return what begins to be sent}
     *
     * @param file closed when it ends, however it ends
     * @param after run then
     */
    static Sending start(
            HttpServletRequest request,
            HttpServletResponse response,
            FileChannel file,
            ByteRange part,
            List<StandingAccess> access,
            long timeMsMax,
            Runnable after)
            throws IOException {
        ServletOutputStream out = response.getOutputStream();
        AsyncContext async = request.startAsync();
        async.setTimeout(timeMsMax);
        Sending sending = new Sending(async, out, file, part, access, after);
        async.addListener(sending);
        out.setWriteListener(sending);
        return sending;
    }

    @Override
    public long sent() {
        return sent;
    }

    @Override
    public boolean waitsForClient() {
        return waits;
    }

    @Override
    public boolean isOver() {
        return ended.get();
    }

    @Override
    public void breakOff() {
        LOG.info("A download is hardly taken and broken off after {} bytes", sent);
        abort(async);
    }

    /** Ends an answer so that its client sees that it is torn. Any thread. */
    static void abort(AsyncContext async) {
        try {
            ((HttpServletResponse) async.getResponse()).sendError(JETTY_ABORT);
        } catch (IOException | IllegalStateException e) {
            LOG.debug("A client was gone before its download ended: {}", e.toString());
        }
    }

    @Override
    public void onWritePossible() throws IOException {
        waits = false;
        while (out.isReady()) {
            if (left == 0) {
                complete();
                return;
            }
            check();
            view.clear().limit((int) Math.min(left, buffer.length));
            int read = file.read(view, at);
            if (read <= 0) {
                throw new IOException("the package ends " + left + " bytes early");
            }
            at += read;
            left -= read;
            sent += read;
            out.write(buffer, 0, read);
        }
        waits = true;
    }

    /** Nothing is read any more. Not left to the container alone: where a connection breaks just then, Jetty tells nobody. */
    private void complete() {
        end();
        async.complete();
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            after.run();
            try {
                file.close();
            } catch (IOException e) {
                LOG.warn("A package that was sent cannot be closed", e);
            }
        }
    }

    private void check() throws IOException {
        try {
            for (StandingAccess one : access) {
                one.check();
            }
        } catch (AccessDeniedException e) {
            throw new IOException("the package is not for this user any more: " + e.getMessage(), e);
        }
    }

    @Override
    public void onError(Throwable e) {
        LOG.debug("A download ended {} bytes early: {}", left, e.toString());
        complete();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        LOG.debug("A download took too long, {} bytes left", left);
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
