// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.WebSocketListener;
import org.eclipse.jetty.websocket.api.WebSocketPingPongListener;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket that shows several cameras, each a viewer of its own with its own place, rights and end: one that is refused, removed
 * or too slow does not touch the others. What may be on the way is shared among them. Jetty's callbacks come on its threads, one at
 * a time; outlets' methods on the pump's.
 */
final class WallSocket implements WebSocketListener, WebSocketPingPongListener {
    private static final Logger LOG = LoggerFactory.getLogger(WallSocket.class);

    /** A wall of eight by eight. */
    static final int CAMERAS_MAX = 64;
    /** Answers that a client leaves unread: it asks and does not listen. */
    private static final long UNREAD_BYTES_MAX = 64 << 10;

    private static final long PING_MS_MIN = LivePump.PING_MS / 2;

    private final Entrance entrance;
    private final Entrance.Guest guest;
    private final SocketSender sender = new SocketSender();
    private final AtomicLong said = new AtomicLong();
    private final AtomicBoolean left = new AtomicBoolean();
    private final Map<UUID, Cell> cells = new ConcurrentHashMap<>();
    /** Of the pump's thread and clock. */
    private long pingedMs;

    /** @param guest whose place for the socket itself was reserved; it is given back when the socket ends */
    WallSocket(Entrance entrance, Entrance.Guest guest) {
        this.entrance = entrance;
        this.guest = guest;
        pingedMs = entrance.pump().nowMs();
    }

    @Override
    public void onWebSocketConnect(Session opened) {
        sender.opened(opened);
    }

    @Override
    public void onWebSocketText(String message) {
        if (!sender.isOpen()) {
            return;
        }
        try {
            heed(Messages.read(message));
        } catch (IllegalArgumentException e) {
            close(CloseCode.BAD_MESSAGE, e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("A wall could not be served and is told to come again", e);
            close(CloseCode.TRY_AGAIN, "live viewing failed, try again");
        }
    }

    private void heed(JsonNode message) {
        UUID camera = Messages.camera(message);
        Cell cell = cells.get(camera);
        switch (Messages.type(message)) {
            case "subscribe" -> {
                StreamId stream;
                try {
                    stream = Messages.stream(camera, message);
                } catch (IllegalArgumentException e) {
                    refuse(camera, cell, e);
                    return;
                }
                subscribe(stream, cell);
            }
            case "unsubscribe" -> {
                if (cell != null) {
                    cell.close(CloseCode.DONE, "unsubscribed");
                }
            }
            case "stream", "pause", "resume" -> {
                // A camera that has ended meanwhile is passed over: its end is on the way already.
                if (cell != null && cell.viewer != null) {
                    try {
                        Messages.apply(message, cell.viewer);
                    } catch (IllegalArgumentException e) {
                        refuse(camera, cell, e);
                    }
                }
            }
            default ->
                throw new IllegalArgumentException(
                        "type must be \"subscribe\", \"unsubscribe\", \"stream\", \"pause\" or \"resume\"");
        }
    }

    /** What is wrong with what is asked of one camera ends that one, as it would end a socket of its own. */
    private void refuse(UUID camera, Cell known, IllegalArgumentException wrong) {
        Cell cell = known == null ? new Cell(camera) : known;
        cell.close(CloseCode.BAD_MESSAGE, wrong.getMessage());
    }

    private void subscribe(StreamId stream, Cell known) {
        if (known != null && known.viewer != null) {
            known.viewer.wishStream(stream);
            return;
        }
        Cell cell = new Cell(stream.cameraId());
        if (cells.size() >= CAMERAS_MAX) {
            cell.close(CloseCode.TRY_AGAIN, "over one socket come " + CAMERAS_MAX + " cameras, open another");
            return;
        }
        Entrance.Guest now;
        try {
            Optional<Entrance.Guest> again = entrance.again(guest);
            if (again.isEmpty()) {
                cell.close(CloseCode.TRY_AGAIN, CloseCode.NO_GUARD_REASON);
                return;
            }
            now = again.get();
        } catch (AccessDeniedException e) {
            close(CloseCode.of(e), CloseCode.reason(e));
            return;
        }
        if (!entrance.pump().reserve(now.user().id())) {
            cell.close(CloseCode.TRY_AGAIN, "as many live pictures are watched as the server or your account allows");
            return;
        }
        cells.put(stream.cameraId(), cell);
        try {
            cell.viewer = entrance.begin(stream, now, cell);
        } catch (RuntimeException e) {
            entrance.pump().release(now.user().id());
            throw e;
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
        sender.ended();
        leave();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.debug("A wall's socket failed: {}", cause.toString());
        sender.ended();
        leave();
    }

    /** Viewers see by themselves that the socket has ended. */
    private void leave() {
        if (left.compareAndSet(false, true)) {
            entrance.pump().release(guest.user().id());
        }
    }

    private void close(int code, String reason) {
        sender.close(code, reason);
        leave();
    }

    /** One camera on the socket. */
    private final class Cell implements Outlet {
        private final UUID camera;
        private final AtomicLong pending = new AtomicLong();
        private final AtomicBoolean over = new AtomicBoolean();
        /** Null until it is admitted; of Jetty's threads, which come one at a time. */
        private volatile Viewer viewer;

        Cell(UUID camera) {
            this.camera = camera;
        }

        @Override
        public boolean isOpen() {
            return !over.get() && sender.isOpen();
        }

        @Override
        public long pendingBytes() {
            return pending.get();
        }

        @Override
        public int sharers() {
            return Math.max(1, cells.size());
        }

        @Override
        public void say(ObjectNode message) {
            sender.text(message.put("cameraId", camera.toString()).toString(), said);
            if (said.get() > UNREAD_BYTES_MAX) {
                WallSocket.this.close(CloseCode.BAD_MESSAGE, "read what is sent before asking for more");
            }
        }

        @Override
        public void ping() {
            long nowMs = entrance.pump().nowMs();
            if (nowMs - pingedMs < PING_MS_MIN) {
                return;
            }
            pingedMs = nowMs;
            if (sender.ping()) {
                sender.text(Messages.ping(System.currentTimeMillis()).toString(), said);
            } else {
                WallSocket.this.close(CloseCode.TRY_AGAIN, SocketSender.SILENT);
            }
        }

        @Override
        public void media(Media media) {
            sender.binary(media.numbered(), pending);
        }

        /** Ends this camera; all of them when it is said of who watches, or of the server. */
        @Override
        public void close(int code, String reason) {
            if (code == CloseCode.UNAUTHENTICATED || code == CloseCode.SERVER_STOPS) {
                WallSocket.this.close(code, reason);
            } else if (over.compareAndSet(false, true)) {
                cells.remove(camera, this);
                say(Messages.closed(code, reason));
            }
        }
    }
}
