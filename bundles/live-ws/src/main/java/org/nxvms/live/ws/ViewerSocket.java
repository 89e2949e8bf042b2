// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.WebSocketListener;
import org.eclipse.jetty.websocket.api.WebSocketPingPongListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One WebSocket that shows one camera. Jetty's callbacks come on its threads, the outlet's methods on the pump's. */
final class ViewerSocket implements WebSocketListener, WebSocketPingPongListener, Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(ViewerSocket.class);

    private final Function<ViewerSocket, Viewer> admission;
    private final Runnable notAdmitted;
    private final SocketSender sender = new SocketSender();
    private final AtomicLong pending = new AtomicLong();
    private volatile Viewer viewer;

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
        sender.opened(opened);
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
        if (known == null || !isOpen()) {
            return;
        }
        try {
            Messages.apply(Messages.read(message), known);
        } catch (IllegalArgumentException e) {
            close(CloseCode.BAD_MESSAGE, e.getMessage());
        }
    }

    @Override
    public void onWebSocketBinary(byte[] payload, int offset, int length) {
        close(CloseCode.BAD_MESSAGE, "only JSON text messages are understood");
    }

    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        // Jetty answers.
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        sender.pong();
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

    private void ended() {
        if (sender.ended() && !sender.wasOpened()) {
            notAdmitted.run();
        }
    }

    @Override
    public boolean isOpen() {
        return sender.isOpen();
    }

    @Override
    public long pendingBytes() {
        return pending.get();
    }

    @Override
    public void say(ObjectNode message) {
        sender.text(message.toString(), pending);
    }

    @Override
    public void ping() {
        if (sender.ping()) {
            Outlet.super.ping();
        } else {
            close(CloseCode.TRY_AGAIN, SocketSender.SILENT);
        }
    }

    @Override
    public void media(Media media) {
        sender.binary(media.bytes(), pending);
    }

    @Override
    public void close(int code, String reason) {
        sender.close(code, reason);
    }
}
