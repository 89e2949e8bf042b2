// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.WebSocketListener;
import org.eclipse.jetty.websocket.api.WriteCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket as Jetty sees it, and as the pump does. Jetty's callbacks come on its threads, the outlet's
 * methods on the pump's; sending is asynchronous, so neither waits for the network.
 */
final class ViewerSocket implements WebSocketListener, Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(ViewerSocket.class);
    /** A close frame carries at most this many bytes of reason (RFC 6455 5.5). */
    private static final int REASON_BYTES_MAX = 123;

    private final Function<ViewerSocket, Viewer> admission;
    private final Runnable notAdmitted;
    private final AtomicLong pending = new AtomicLong();
    private volatile Session session;
    private volatile Viewer viewer;
    private volatile boolean closed;

    /**
     * @param admission called once the socket is open; admits the viewer to the pump
     * @param notAdmitted called instead when the socket never opened
     */
    ViewerSocket(Function<ViewerSocket, Viewer> admission, Runnable notAdmitted) {
        this.admission = admission;
        this.notAdmitted = notAdmitted;
    }

    @Override
    public void onWebSocketConnect(Session opened) {
        session = opened;
        try {
            viewer = admission.apply(this);
        } catch (RuntimeException e) {
            LOG.warn("A viewer could not be admitted and is told to come again", e);
            close(CloseCode.TRY_AGAIN, "live viewing failed, try again");
            notAdmitted.run();
        }
    }

    @Override
    public void onWebSocketText(String message) {
        Viewer known = viewer;
        if (known == null || closed) {
            return;
        }
        try {
            Messages.apply(message, known);
        } catch (IllegalArgumentException e) {
            close(CloseCode.BAD_MESSAGE, e.getMessage());
        }
    }

    @Override
    public void onWebSocketBinary(byte[] payload, int offset, int length) {
        close(CloseCode.BAD_MESSAGE, "only JSON text messages are understood");
    }

    @Override
    public void onWebSocketClose(int code, String reason) {
        ended();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.debug("A viewer's socket failed: {}", cause.toString());
        ended();
    }

    private synchronized void ended() {
        boolean first = !closed;
        closed = true;
        if (first && session == null) {
            notAdmitted.run();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public long pendingBytes() {
        return pending.get();
    }

    @Override
    public void text(String message) {
        if (closed) {
            return;
        }
        Sent sent = new Sent(message.length());
        try {
            session.getRemote().sendString(message, sent);
        } catch (RuntimeException e) {
            failed(sent, e);
        }
    }

    @Override
    public void binary(ByteBuffer bytes) {
        if (closed) {
            return;
        }
        Sent sent = new Sent(bytes.remaining());
        try {
            session.getRemote().sendBytes(bytes, sent);
        } catch (RuntimeException e) {
            failed(sent, e);
        }
    }

    private void failed(Sent sent, RuntimeException e) {
        sent.writeFailed(e);
    }

    @Override
    public void close(int code, String reason) {
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
        }
        if (first) {
            session.close(code, shortened(reason));
        }
    }

    static String shortened(String reason) {
        String text = reason == null ? "" : reason;
        while (text.getBytes(StandardCharsets.UTF_8).length > REASON_BYTES_MAX) {
            text = text.substring(0, Math.min(text.length() - 1, REASON_BYTES_MAX));
        }
        return text;
    }

    /** Counts what is on the way. */
    private final class Sent implements WriteCallback {
        private final int bytes;

        Sent(int bytes) {
            this.bytes = bytes;
            pending.addAndGet(bytes);
        }

        @Override
        public void writeSuccess() {
            pending.addAndGet(-bytes);
        }

        @Override
        public void writeFailed(Throwable cause) {
            pending.addAndGet(-bytes);
            LOG.debug("Sending to a viewer failed: {}", cause.toString());
            ended();
        }
    }
}
