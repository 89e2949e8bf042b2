// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.WebSocketListener;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraTalk;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One who talks through a camera. Jetty hands messages over one after the other and does not read on meanwhile: a camera that
 * takes nothing slows the client down, and what comes too late in spite of that is left out and counted.
 */
final class TalkSocket implements WebSocketListener {
    private static final Logger LOG = LoggerFactory.getLogger(TalkSocket.class);
    private static final long SAY_LATE_MS = 1_000;

    /** Who talks, and how that is known. */
    record Talker(AuthenticatedUser user, RequestCredentials credentials) {}

    /**
     * What a talk needs; the first two answer null while they are away.
     *
     * @param beginners run what waits for a camera, and refuse what they have no thread for
     */
    record Services(
            Supplier<AccessGuard> guard, Supplier<CameraControl> control, Executor beginners, Sockets sockets) {}

    /** The sockets that are open. Any thread. */
    static final class Sockets {
        private final Set<TalkSocket> open = ConcurrentHashMap.newKeySet();

        /** Ends the talks of those who may not talk any more. One thread at a time. */
        void check() {
            open.forEach(TalkSocket::checkRight);
        }

        void close() {
            open.forEach(socket -> socket.close(CloseCode.SERVER_STOPS, "the server stops"));
        }
    }

    private final Services services;
    private final Talker talker;
    private final UUID camera;
    private final AudioOut.Format format;
    private volatile Session session;
    /** Written by the beginner, once. */
    private volatile Optional<CameraTalk> talk = Optional.empty();

    private boolean closed;
    /** Of the thread that checks. */
    private final StandingAccess access;
    /** Of Jetty's thread. */
    private long late;

    private long saidLateMs;

    TalkSocket(Services services, Talker talker, UUID camera, AudioOut.Format format) {
        this.services = services;
        this.talker = talker;
        this.camera = camera;
        this.format = format;
        access = new StandingAccess(
                services.guard(), talker.credentials(), Set.of(Permission.TALK), Optional.of(camera));
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void onWebSocketConnect(Session opened) {
        session = opened;
        services.sockets().open.add(this);
        if (mayTalk(talker.user())) {
            try {
                services.beginners().execute(this::begin);
            } catch (RejectedExecutionException e) {
                close(CloseCode.TRY_AGAIN, "too many begin to talk at the moment, try again");
            }
        }
    }

    private void begin() {
        CameraControl control = services.control().get();
        if (control == null) {
            close(CloseCode.TRY_AGAIN, "cameras cannot be controlled at the moment, try again");
            return;
        }
        try {
            take(control.talk(camera, format, talker.user().username()));
        } catch (DriverException e) {
            close(code(e.kind()), e.getMessage());
        } catch (DriverMissingException e) {
            close(CloseCode.CAMERA_REFUSES, e.getMessage());
        } catch (NoSuchResourceException e) {
            close(CloseCode.NO_SUCH_CAMERA, CloseCode.NO_SUCH_CAMERA_REASON);
        } catch (StoreException e) {
            close(CloseCode.TRY_AGAIN, e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("A talk could not be begun", e);
            close(CloseCode.TRY_AGAIN, "talking failed, try again");
        }
    }

    private void take(CameraTalk begun) {
        boolean gone;
        synchronized (this) {
            talk = Optional.of(begun);
            gone = closed;
        }
        if (gone) {
            begun.close();
        } else {
            say(Messages.talking());
        }
    }

    private static int code(DriverException.Kind kind) {
        return switch (kind) {
            case BUSY -> CloseCode.BUSY;
            case CLOSED -> CloseCode.TRY_AGAIN;
            default -> CloseCode.CAMERA_REFUSES;
        };
    }

    /** Closes the socket of who may not (any more). */
    private boolean mayTalk(AuthenticatedUser user) {
        AccessGuard guard = services.guard().get();
        if (guard == null) {
            close(CloseCode.TRY_AGAIN, "rights cannot be checked now, try again");
            return false;
        }
        try {
            guard.require(user, Permission.TALK, Optional.of(camera));
            return true;
        } catch (AccessDeniedException e) {
            close(CloseCode.of(e), CloseCode.reason(e));
            return false;
        }
    }

    private void checkRight() {
        try {
            access.check();
        } catch (AccessDeniedException e) {
            close(CloseCode.of(e), CloseCode.reason(e));
        }
    }

    @Override
    public void onWebSocketBinary(byte[] payload, int offset, int length) {
        Optional<CameraTalk> now = talk;
        if (now.isEmpty() || length == 0) {
            close(CloseCode.BAD_MESSAGE, "sound comes after {\"type\":\"talking\"}, one frame a message");
            return;
        }
        byte[] frame = new byte[length];
        System.arraycopy(payload, offset, frame, 0, length);
        try {
            if (!now.get().play(frame)) {
                late++;
                if (nowMs() - saidLateMs > SAY_LATE_MS) {
                    saidLateMs = nowMs();
                    say(Messages.late(late));
                }
            }
        } catch (DriverException e) {
            close(code(e.kind()), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close(CloseCode.SERVER_STOPS, "the server stops");
        }
    }

    @Override
    public void onWebSocketText(String message) {
        close(CloseCode.BAD_MESSAGE, "only binary messages are understood, one frame of sound each");
    }

    @Override
    public void onWebSocketClose(int code, String reason) {
        ended();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.debug("The socket of one who talks failed: {}", cause.toString());
        ended();
    }

    private void ended() {
        synchronized (this) {
            closed = true;
        }
        services.sockets().open.remove(this);
        talk.ifPresent(CameraTalk::close);
    }

    private void say(String message) {
        try {
            session.getRemote().sendStringByFuture(message);
        } catch (RuntimeException e) {
            LOG.debug("One who talks was not told {}: {}", message, e.toString());
        }
    }

    private void close(int code, String reason) {
        boolean first;
        synchronized (this) {
            first = !closed;
        }
        ended();
        if (first) {
            session.close(code, SocketSender.shortened(reason));
        }
    }
}
