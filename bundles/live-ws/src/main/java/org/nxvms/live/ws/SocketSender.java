// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.WriteCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sending side of a WebSocket: asynchronous, so that nobody waits for the network; what is on the way is counted. Any thread. */
final class SocketSender {
    private static final Logger LOG = LoggerFactory.getLogger(SocketSender.class);
    /** A close frame carries at most this many bytes of reason (RFC 6455 5.5). */
    private static final int REASON_BYTES_MAX = 123;

    /**
     * Pings in a row that may stay without answer. They come every {@link LivePump#PING_MS}, of a wall up to twice as often: who is
     * silent is gone after 30 to 65 s. Counted, not timed, so that a server that stood still blames nobody.
     */
    static final int UNANSWERED_MAX = 12;

    static final String SILENT = "no answer to a ping for a while, connect again";

    private static final String ELLIPSIS = "\u2026";
    private static final int ELLIPSIS_BYTES = 3;

    private volatile Session session;
    private volatile boolean closed;
    private final AtomicInteger unanswered = new AtomicInteger();

    void opened(Session by) {
        session = by;
    }

    /** {@return whether the socket was ever open} */
    boolean wasOpened() {
        return session != null;
    }

    boolean isOpen() {
        return !closed;
    }

    /** {@return whether it had not ended before} */
    synchronized boolean ended() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    /** @param onTheWay counts the bytes that are handed over and not yet taken by the operating system */
    void text(String message, AtomicLong onTheWay) {
        if (closed) {
            return;
        }
        Sent sent = new Sent(message.length(), onTheWay);
        try {
            session.getRemote().sendString(message, sent);
        } catch (RuntimeException e) {
            sent.writeFailed(e);
        }
    }

    /** As {@link #text}. */
    void binary(ByteBuffer bytes, AtomicLong onTheWay) {
        if (closed) {
            return;
        }
        Sent sent = new Sent(bytes.remaining(), onTheWay);
        try {
            session.getRemote().sendBytes(bytes, sent);
        } catch (RuntimeException e) {
            sent.writeFailed(e);
        }
    }

    /**
     * Asks the peer's end of the socket whether it is there (RFC 6455 5.5.2): what the operating system takes of what is sent says
     * nothing of a machine that has vanished, as long as it is little. Browsers and libraries answer by themselves.
     *
     * @return false when it has not answered for so long that it is gone; then nothing is sent
     */
    boolean ping() {
        if (closed) {
            return true;
        }
        if (unanswered.incrementAndGet() > UNANSWERED_MAX) {
            return false;
        }
        try {
            session.getRemote().sendPing(ByteBuffer.allocate(0));
        } catch (IOException | RuntimeException e) {
            LOG.debug("A viewer could not be pinged: {}", e.toString());
            ended();
        }
        return true;
    }

    /** The peer has answered. */
    void pong() {
        unanswered.set(0);
    }

    void close(int code, String reason) {
        if (ended()) {
            session.close(code, shortened(reason));
        }
    }

    /** {@return as many whole sentences as there is room for; of a first one that is too long its first words, and an ellipsis} */
    static String shortened(String reason) {
        String text = reason == null ? "" : reason;
        if (bytes(text) <= REASON_BYTES_MAX) {
            return text;
        }
        String head = text.substring(0, Math.min(text.length(), REASON_BYTES_MAX + 1));
        int stop = head.length();
        do {
            stop = head.lastIndexOf(". ", stop - 1);
        } while (stop >= 0 && bytes(head.substring(0, stop + 1)) > REASON_BYTES_MAX);
        return stop > 0 ? head.substring(0, stop + 1) : words(head);
    }

    private static String words(String sentence) {
        String text = sentence;
        while (bytes(text) > REASON_BYTES_MAX - ELLIPSIS_BYTES) {
            int space = text.lastIndexOf(' ');
            text = space > 0 ? text.substring(0, space) : text.substring(0, text.offsetByCodePoints(text.length(), -1));
        }
        return text + ELLIPSIS;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private final class Sent implements WriteCallback {
        private final int bytes;
        private final AtomicLong onTheWay;

        Sent(int bytes, AtomicLong onTheWay) {
            this.bytes = bytes;
            this.onTheWay = onTheWay;
            onTheWay.addAndGet(bytes);
        }

        @Override
        public void writeSuccess() {
            onTheWay.addAndGet(-bytes);
        }

        @Override
        public void writeFailed(Throwable cause) {
            onTheWay.addAndGet(-bytes);
            LOG.debug("Sending to a viewer failed: {}", cause.toString());
            ended();
        }
    }
}
