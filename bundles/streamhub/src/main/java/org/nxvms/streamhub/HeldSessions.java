// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.GapCause;
import org.nxvms.media.LeftSession;
import org.nxvms.media.SessionShelf;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamWriter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the sessions of an engine that is exchanged, on a thread that is there only while there are some. */
// Immediate: between two engines nobody uses the service, and it must be there then of all times.
@Component(service = SessionShelf.class, immediate = true)
public final class HeldSessions implements SessionShelf {
    private static final Logger LOG = LoggerFactory.getLogger(HeldSessions.class);
    private static final int SESSIONS_MAX = 10_000;
    /** A second of a camera of 4 Mbit/s is 500 kB. Beyond the limits the kernel's buffers fill and the source waits. */
    private static final int BYTES_MAX = 8 << 20;

    private static final int BYTES_MAX_OF_ALL = 64 << 20;
    private static final int BYTES_FIRST = 64 << 10;
    private static final int LOOK_MS = 100;
    private static final int STREAM = -1;
    /** A flood waits in the kernel, and is dropped there. */
    private static final int DATAGRAMS_PER_LOOK_MAX = 256;

    private static final int DATAGRAM_BYTES_MAX = 65_535;
    /** Smaller than any ring there is: the stream keeps its own. */
    private static final StreamBudget AS_IT_IS = new StreamBudget(256 << 10, 64, 1024);

    private final StreamHub hub;
    private final long holdNs;
    private final Map<StreamId, Held> held = new HashMap<>();
    private final ByteBuffer datagram = ByteBuffer.allocate(DATAGRAM_BYTES_MAX);
    /** Not registered yet: of a session that was taken a moment ago the selector must forget the old keys first. */
    private final List<Held> arrived = new ArrayList<>();

    private Optional<Selector> selector = Optional.empty();
    private int bytesOfAll;
    private boolean closed;

    @Activate
    public HeldSessions(@Reference StreamHub hub) {
        this(hub, HOLD_MS_MAX);
    }

    HeldSessions(StreamHub hub, int holdMs) {
        this.hub = hub;
        this.holdNs = TimeUnit.MILLISECONDS.toNanos(holdMs);
    }

    /** Bytes in order. */
    private static final class Kept {
        /** In write mode. */
        ByteBuffer bytes;

        Kept(ByteBuffer unread) {
            // More only when something comes: with many sessions most are taken again before.
            bytes = ByteBuffer.allocate(unread.remaining()).put(unread);
        }

        ByteBuffer take() {
            return bytes.flip().slice();
        }
    }

    /** One session and what came through it. */
    private static final class Held {
        final LeftSession session;
        final long untilNs;
        final List<SelectionKey> keys = new ArrayList<>();
        final Kept stream;
        final Kept datagrams;

        Held(LeftSession session, long untilNs) {
            this.session = session;
            this.untilNs = untilNs;
            this.stream = new Kept(session.unread());
            this.datagrams = new Kept(session.datagrams().unread());
        }

        int capacity() {
            return stream.bytes.capacity() + datagrams.bytes.capacity();
        }

        void register(Selector of) throws IOException {
            keys.add(session.channel().register(of, SelectionKey.OP_READ, new Source(this, STREAM)));
            List<LeftSession.Port> ports = session.datagrams().ports();
            for (int i = 0; i < ports.size(); i++) {
                keys.add(ports.get(i).channel().register(of, SelectionKey.OP_READ, new Source(this, i)));
            }
        }

        /** Nothing of the session hangs on the selector any more. */
        void unregister() {
            keys.forEach(key -> {
                key.attach(null);
                key.cancel();
            });
        }
    }

    /** @param port of the session's datagrams, or {@link #STREAM} */
    private record Source(Held of, int port) {}

    @Override
    public synchronized void leave(LeftSession session) {
        Optional.ofNullable(remove(session.stream())).ifPresent(before -> end(before.session, "it was left twice"));
        int unread = session.unread().remaining() + session.datagrams().unread().remaining();
        boolean full = held.size() >= SESSIONS_MAX || bytesOfAll + unread > BYTES_MAX_OF_ALL;
        if (closed || full) {
            end(session, "nobody holds it");
            return;
        }
        try {
            Selector of = selector();
            Held one = new Held(session, System.nanoTime() + holdNs);
            bytesOfAll += one.capacity();
            held.put(session.stream(), one);
            arrived.add(one);
            of.wakeup();
        } catch (IOException | RuntimeException notHeld) {
            end(session, "it cannot be held: " + notHeld);
        }
    }

    @Override
    public synchronized Optional<LeftSession> take(StreamId stream) {
        return Optional.ofNullable(remove(stream))
                .map(one -> new LeftSession(
                        stream,
                        one.session.run(),
                        one.session.facts(),
                        one.session.channel(),
                        one.stream.take(),
                        new LeftSession.Datagrams(
                                one.session.datagrams().ports(),
                                one.datagrams.take(),
                                one.session.datagrams().farewell())));
    }

    private Held remove(StreamId stream) {
        Held one = held.remove(stream);
        if (one != null) {
            bytesOfAll -= one.capacity();
            arrived.remove(one);
            one.unregister();
            // So that the key is forgotten now, and the thread ends with the last one.
            selector.ifPresent(Selector::wakeup);
        }
        return one;
    }

    private Selector selector() throws IOException {
        if (selector.isEmpty()) {
            Selector opened = Selector.open();
            selector = Optional.of(opened);
            Thread thread = new Thread(() -> run(opened), "nxvms-io-held");
            thread.setDaemon(true);
            thread.start();
        }
        return selector.get();
    }

    private void run(Selector of) {
        try {
            while (of.isOpen()) {
                of.select(this::read, LOOK_MS);
                look(of);
            }
        } catch (ClosedSelectorException over) {
            LOG.debug("nothing is held any more");
        } catch (IOException | RuntimeException broken) {
            LOG.warn("Sessions that were left cannot be held any more; they end", broken);
        } finally {
            over(of);
        }
    }

    /** Whatever ended the thread, an error too: what it held ends, and what comes later has a thread of its own. */
    private synchronized void over(Selector of) {
        if (selector.filter(now -> now == of).isPresent()) {
            selector = Optional.empty();
            endAll("what held it has ended");
        }
        try {
            of.close();
        } catch (IOException alreadyBroken) {
            LOG.debug("{}", alreadyBroken.toString());
        }
    }

    synchronized int bytes() {
        return bytesOfAll;
    }

    private synchronized void read(SelectionKey key) {
        if (!(key.attachment() instanceof Source source) || !key.isValid()) {
            return;
        }
        Held one = source.of();
        try {
            boolean more =
                    source.port() == STREAM ? stream(one.session.channel(), one.stream) : datagrams(one, source.port());
            if (!more) {
                // Full, or at its end, which the successor finds out by itself.
                key.interestOps(0);
            }
        } catch (IOException broken) {
            key.interestOps(0);
        } catch (OutOfMemoryError full) {
            LOG.warn("{}: there is no memory for what comes until somebody goes on; its sender waits", one.session);
            key.interestOps(0);
        }
    }

    /** {@return whether more is wanted} */
    private boolean stream(SocketChannel from, Kept into) throws IOException {
        int count = 1;
        while (count > 0 && hasRoom(into, 1)) {
            count = from.read(into.bytes);
        }
        return count == 0;
    }

    /** {@return whether more is wanted} */
    private boolean datagrams(Held one, int number) throws IOException {
        LeftSession.Port port = one.session.datagrams().ports().get(number);
        for (int i = 0; i < DATAGRAMS_PER_LOOK_MAX; i++) {
            datagram.clear();
            InetSocketAddress from = (InetSocketAddress) port.channel().receive(datagram);
            if (from == null) {
                return true;
            }
            if (port.from().isPresent() && !port.from().get().equals(from.getAddress())) {
                continue;
            }
            int length = datagram.flip().remaining();
            if (!hasRoom(one.datagrams, LeftSession.Datagrams.HEAD_BYTES + length)) {
                return false;
            }
            one.datagrams.bytes.put((byte) number).putShort((short) length).put(datagram);
        }
        return true;
    }

    private boolean hasRoom(Kept kept, int bytes) {
        if (kept.bytes.remaining() >= bytes) {
            return true;
        }
        int now = kept.bytes.capacity();
        int next = Math.max(Math.max(BYTES_FIRST, now * 2), kept.bytes.position() + bytes);
        if (next > BYTES_MAX || bytesOfAll + next - now > BYTES_MAX_OF_ALL) {
            return false;
        }
        kept.bytes = ByteBuffer.allocate(next).put(kept.bytes.flip());
        bytesOfAll += next - now;
        return true;
    }

    /** Ends what waited too long, and the thread when nothing waits. */
    private synchronized void look(Selector of) throws IOException {
        if (!arrived.isEmpty()) {
            of.selectNow(this::read);
            register(of);
        }
        long nowNs = System.nanoTime();
        for (Held one : List.copyOf(held.values())) {
            if (nowNs - one.untilNs >= 0) {
                remove(one.session.stream());
                end(one.session, "nothing came in place of what fetched it");
            }
        }
        if (held.isEmpty()) {
            of.close();
            selector = Optional.empty();
        }
    }

    private void register(Selector of) {
        List<Held> now = List.copyOf(arrived);
        arrived.clear();
        for (Held one : now) {
            try {
                one.register(of);
            } catch (IOException | RuntimeException notHeld) {
                remove(one.session.stream());
                end(one.session, "it cannot be held: " + notHeld);
            }
        }
    }

    /** Hangs up and ends the run, unless somebody writes the stream by now. */
    private void end(LeftSession session, String why) {
        try {
            session.close();
        } catch (IOException alreadyGone) {
            LOG.debug("{}: {}", session, alreadyGone.toString());
        }
        StreamId stream = session.stream();
        boolean ours = hub.statistics(stream)
                .filter(now -> now.live() && now.epoch() == session.run().epoch())
                .isPresent();
        if (ours) {
            LOG.warn("{}: the session is ended, {}", stream, why);
            try (StreamWriter writer = hub.openWriter(stream, AS_IT_IS)) {
                writer.continueRun();
                writer.endRun(session.run().endUs(), GapCause.MAINTENANCE, why);
            }
        }
    }

    private synchronized void endAll(String why) {
        for (Held one : List.copyOf(held.values())) {
            remove(one.session.stream());
            end(one.session, why);
        }
    }

    @Deactivate
    synchronized void close() {
        closed = true;
        endAll("the stream hub stops");
    }
}
