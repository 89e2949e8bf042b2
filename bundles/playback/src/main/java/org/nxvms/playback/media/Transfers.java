// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.rest.kit.passage.PassageContext;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.servlet.ByteRange;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends footage without holding a thread while a client is slow, and counts who is being sent to. Bytes come
 * into a buffer of the web server outside the heap and leave from there: nothing of them is copied within the JVM (ADR 143). A client
 * that takes nothing is cut by the connector's idle time, one that drips by the longest transfer time. Any
 * thread.
 */
final class Transfers {
    private static final Logger LOG = LoggerFactory.getLogger(Transfers.class);

    /** Bytes moved at a time: large enough that system calls do not count; larger buffers the web server does not keep. */
    static final int BUFFER_BYTES = 64 << 10;

    static final int RETRY_AFTER_SECONDS = 2;

    /** How much may be sent at once, and how long one transfer may take. */
    record Limits(int transfersMax, int perUserMax, long timeMsMax) {}

    private final Map<UUID, Integer> perUser = new HashMap<>();
    private final String what;
    private volatile Limits limits = new Limits(1, 1, 60_000);
    private int taken;

    /** @param what is sent, as it is told who finds no place */
    Transfers(String what) {
        this.what = what;
    }

    void limit(Limits newLimits) {
        limits = newLimits;
    }

    /**
     * A place for one transfer.
     *
     * @throws org.nxvms.rest.kit.problem.ProblemException 503 with Retry-After when there is none
     */
    Slot take(UUID userId) {
        Limits now = limits;
        synchronized (perUser) {
            int own = perUser.getOrDefault(userId, 0);
            if (taken >= now.transfersMax() || own >= now.perUserMax()) {
                String whose = own >= now.perUserMax() ? own + " of them yours" : "the server's limit";
                throw Problem.unavailable(
                                taken + " " + what + " are being sent now, " + whose
                                        + ". Close a player or try again in a moment.",
                                RETRY_AFTER_SECONDS)
                        .exception();
            }
            taken++;
            perUser.put(userId, own + 1);
        }
        return new Slot(userId);
    }

    /** {@return transfers under way} */
    int active() {
        synchronized (perUser) {
            return taken;
        }
    }

    /** Begins to send; slot and bytes are given back when it ends, however it ends. */
    void start(
            HttpServletRequest request,
            HttpServletResponse response,
            Archive.SegmentBytes bytes,
            ByteRange part,
            Slot slot,
            StandingAccess access) {
        response.setBufferSize(BUFFER_BYTES);
        AsyncContext async = request.startAsync();
        async.setTimeout(limits.timeMsMax());
        Transfer transfer = new Transfer(async, bytes, part, slot, access);
        async.addListener(transfer);
        // As far as the client takes it at once, it is sent before this returns.
        PassageContext.arrived(request);
        Request.getBaseRequest(request).getResponse().getHttpOutput().sendContent(transfer, transfer);
    }

    /** A place taken. Giving it back twice does nothing. */
    final class Slot implements AutoCloseable {
        private final UUID userId;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Slot(UUID userId) {
            this.userId = userId;
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                synchronized (perUser) {
                    taken--;
                    perUser.computeIfPresent(userId, (id, count) -> count == 1 ? null : count - 1);
                }
            }
        }
    }

    /** One answer's body, as the container reads it. Called by it, by one thread at a time. */
    private final class Transfer implements ReadableByteChannel, Callback, AsyncListener {
        private final AsyncContext async;
        private final Archive.SegmentBytes bytes;
        private final Slot slot;
        private final StandingAccess access;
        private final AtomicBoolean ended = new AtomicBoolean();
        private long at;
        private long left;

        Transfer(AsyncContext async, Archive.SegmentBytes bytes, ByteRange part, Slot slot, StandingAccess access) {
            this.async = async;
            this.access = access;
            this.bytes = bytes;
            this.slot = slot;
            at = part.first();
            left = part.length();
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (left == 0) {
                return -1;
            }
            check();
            int limit = target.limit();
            target.limit((int) Math.min(limit, target.position() + left));
            int read = bytes.read(target, at);
            target.limit(limit);
            if (read <= 0) {
                throw new IOException("the segment ends " + left + " bytes early");
            }
            at += read;
            left -= read;
            return read;
        }

        private void check() throws IOException {
            try {
                access.check();
            } catch (AccessDeniedException e) {
                throw new IOException("the footage is not for this user any more: " + e.getMessage(), e);
            }
        }

        @Override
        public boolean isOpen() {
            return !ended.get();
        }

        @Override
        public void close() {
            // What is read is closed when the answer is over.
        }

        @Override
        public void succeeded() {
            end();
            complete();
        }

        @Override
        public void failed(Throwable e) {
            if (e instanceof FootageDamagedException) {
                LOG.error("A transfer was broken off: {}", e.getMessage());
            } else {
                LOG.debug("A transfer ended {} bytes early: {}", left, e.toString());
            }
            end();
            complete();
        }

        /** Nothing is read any more. Not left to the container alone: where a connection breaks just then, Jetty tells nobody. */
        private void end() {
            if (ended.compareAndSet(false, true)) {
                slot.close();
                try {
                    bytes.close();
                } catch (IOException e) {
                    LOG.warn("Footage that was sent cannot be closed", e);
                }
            }
        }

        private void complete() {
            try {
                async.complete();
            } catch (IllegalStateException over) {
                LOG.debug("A client was gone before its transfer ended: {}", over.toString());
            }
        }

        @Override
        public void onComplete(AsyncEvent event) {
            end();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            LOG.debug("A transfer took too long");
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
}
