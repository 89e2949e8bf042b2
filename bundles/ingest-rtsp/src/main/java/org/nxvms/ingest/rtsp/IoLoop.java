// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One selector thread. While there are connections it looks at all of them once a tick: bytes that arrived in between are
 * taken in one read, which is what makes many paced cameras cheap. Sockets for whose bytes nobody waits are looked at once in
 * a longer tick, and when all are such, the thread sleeps that long, or until one that is {@linkplain #await awaited} has something.
 * All that belongs to a session runs here and only here.
 */
final class IoLoop {
    /** What the loop calls at a steady pace. */
    interface Timed {
        /** On the loop's thread; must not block. */
        void tick(long nowNs);

        /** The last {@link #tick} threw this; ends what it was about. */
        void broke(Throwable fault);
    }

    /** Whose socket it is. Called on the loop's thread. */
    interface Socket {
        /** The socket has something to read, or room to write, or is connected. */
        void ready();

        /** {@return whether nobody waits for what comes, so that it may wait for the longer tick} Asked at each look. */
        default boolean patient() {
            return false;
        }

        /** {@return whether more is about to come of what was begun} Asked after {@link #ready} of a socket that is awaited. */
        default boolean midway() {
            return false;
        }

        /** The last {@link #ready} threw this; ends the session. */
        void broke(Throwable fault);

        void close();
    }

    /** Room for the unfinished rest of a connection and a good read behind it. */
    static final int READ_BYTES_MAX = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(IoLoop.class);
    /** Deadlines are seconds, connects some tens a second: looking at every session more often costs more than it tells. */
    private static final long TIMER_NS = 50_000_000;

    private static final int IDLE_SELECT_MS = 250;
    /** A pass that fails is tried again at this pace: what it lacks (memory, descriptors) may come back. */
    private static final long FAULT_PAUSE_NS = 1_000_000_000L;

    private final Thread thread;
    private final Selector selector;
    private final AwaitedSockets awaited;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final List<Timed> timed = new ArrayList<>();
    private final ByteBuffer shared = ByteBuffer.allocateDirect(READ_BYTES_MAX);
    private volatile Settings settings;
    private volatile boolean running = true;
    private final Consumer<SelectionKey> look = this::look;
    private long nextTimerNs;
    private long lastForAllNs = Long.MIN_VALUE / 2;
    private boolean forAll;
    private boolean hurried;
    private boolean haste = true;
    private long nowNs;
    private long nowUs;

    IoLoop(String name, Settings settings) {
        this.settings = settings;
        try {
            selector = Selector.open();
            awaited = new AwaitedSockets(this::awaitedReady);
        } catch (IOException noSelector) {
            throw new UncheckedIOException("cannot open a selector", noSelector);
        }
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Settings settings() {
        return settings;
    }

    void settings(Settings changed) {
        settings = changed;
    }

    /** Runs something on the loop's thread soon; any thread. */
    void execute(Runnable command) {
        commands.add(command);
        selector.wakeup();
        awaited.wakeUp();
        LockSupport.unpark(thread);
    }

    /** Ends the loop behind the commands given so far and waits for it, but not forever. */
    void stop(long timeoutMs) {
        execute(() -> running = false);
        boolean interrupted = false;
        try {
            thread.join(timeoutMs);
        } catch (InterruptedException hurry) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- loop thread only ----------------------------------------------------------------------------------------

    void addTimed(Timed task) {
        timed.add(task);
    }

    void removeTimed(Timed task) {
        timed.remove(task);
    }

    /** Somebody waits for what comes: no longer sleep than a tick until the timers are asked again. */
    void hurry() {
        hurried = true;
    }

    /** {@return monotonic time of this pass} */
    long nowNs() {
        return nowNs;
    }

    /** {@return wall time of this pass in microseconds} */
    long nowUs() {
        return nowUs;
    }

    /** The one buffer that every connection reads into; its content does not outlive the call that uses it. */
    ByteBuffer shared() {
        return shared;
    }

    SelectionKey register(SelectableChannel channel, int operations, Socket socket) throws IOException {
        return channel.register(selector, operations, socket);
    }

    /**
     * What comes at this channel, which is registered already, wakes the loop from now on.
     *
     * @return a key whose cancelling ends that
     */
    SelectionKey await(SelectableChannel channel, Socket socket) throws IOException {
        return awaited.add(channel, socket);
    }

    private void run() {
        try {
            while (running) {
                try {
                    pass();
                } catch (IOException | RuntimeException | Error fault) {
                    report("Internal fault in the RTSP engine; it goes on", fault);
                    LockSupport.parkNanos(FAULT_PAUSE_NS);
                }
            }
        } finally {
            closeAll();
        }
    }

    private void pass() throws IOException {
        boolean woken = !awaited.isEmpty();
        boolean commanded = rest();
        time(System.nanoTime(), System.currentTimeMillis() * 1000);
        // With a picture that woke the loop the others may as well be looked at.
        forAll = nowNs - lastForAllNs >= settings.patientTickNs() / 4 * (woken ? 3 : 4);
        if (forAll) {
            lastForAllNs = nowNs;
        }
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            guarded(command);
        }
        if (forAll || haste || commanded || !woken) {
            selector.selectNow(look);
        }
        if (nowNs - nextTimerNs >= 0) {
            nextTimerNs = nowNs + TIMER_NS;
            hurried = false;
            for (int i = timed.size() - 1; i >= 0; i--) {
                if (i < timed.size()) {
                    tick(timed.get(i));
                }
            }
            haste = hurried;
        }
    }

    /** Waits until it is time, or something is there. {@return whether that is a command} */
    private boolean rest() throws IOException {
        if (selector.keys().isEmpty() && timed.isEmpty() && awaited.isEmpty()) {
            selector.select(IDLE_SELECT_MS);
        } else if (commands.isEmpty()) {
            long tickNs = settings.tickNs();
            if (awaited.isEmpty()) {
                LockSupport.parkNanos(haste ? tickNs : settings.patientTickNs());
            } else {
                // Others may wait a tick longer: most often they come along with a picture.
                long restNs = lastForAllNs + settings.patientTickNs() + tickNs - System.nanoTime();
                awaited.await(Math.max(0, haste ? tickNs : restNs), tickNs);
            }
        }
        return !commands.isEmpty();
    }

    private void awaitedReady(Socket socket) {
        time(System.nanoTime(), System.currentTimeMillis() * 1000);
        look(socket, true);
    }

    /** What both clocks say for the rest of this pass. */
    void time(long monotonicNs, long wallUs) {
        nowNs = monotonicNs;
        nowUs = wallUs;
    }

    // One stream's trouble must not reach the others, and an Error is a stream's trouble too: direct memory that is
    // used up for one ring is there for all others.

    private void look(SelectionKey key) {
        look((Socket) key.attachment(), false);
    }

    private void look(Socket socket, boolean isAwaited) {
        try {
            if (forAll || isAwaited || !socket.patient()) {
                socket.ready();
            }
        } catch (RuntimeException | Error fault) {
            report("Internal fault in a session; it is ended", fault);
            guarded(() -> socket.broke(fault));
        }
    }

    private void tick(Timed task) {
        try {
            task.tick(nowNs);
        } catch (RuntimeException | Error fault) {
            report("Internal fault of a stream; its session is ended", fault);
            guarded(() -> task.broke(fault));
        }
    }

    private static void guarded(Runnable command) {
        try {
            command.run();
        } catch (RuntimeException | Error fault) {
            report("Internal fault in a command", fault);
        }
    }

    /** Where memory is short even a line of the log may fail. */
    private static void report(String what, Throwable fault) {
        try {
            LOG.error(what, fault);
        } catch (RuntimeException | Error nothingLeft) {
            // The stream's status still tells it.
        }
    }

    private void closeAll() {
        for (SelectionKey key : selector.keys()) {
            // Of a socket that was given away only the key is left.
            if (key.attachment() instanceof Socket socket) {
                guarded(socket::close);
            }
        }
        try {
            awaited.close();
            selector.close();
        } catch (IOException ignored) {
            LOG.debug("selector did not close: {}", ignored.toString());
        }
    }
}
