// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One selector thread. While there are connections it looks at all of them once a tick: bytes that arrived in between are
 * taken in one read, which is what makes many paced cameras cheap. All that belongs to a session runs here and only here.
 */
final class IoLoop {
    /** What the loop calls at a steady pace. */
    interface Timed {
        /** On the loop's thread; must not block. */
        void tick(long nowNs);
    }

    /** Room for the unfinished rest of a connection and a good read behind it. */
    static final int READ_BYTES_MAX = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(IoLoop.class);
    private static final long TIMER_NS = 20_000_000;
    private static final int IDLE_SELECT_MS = 250;

    private final Thread thread;
    private final Selector selector;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final List<Timed> timed = new ArrayList<>();
    private final ByteBuffer shared = ByteBuffer.allocateDirect(READ_BYTES_MAX);
    private volatile Settings settings;
    private volatile boolean running = true;
    private long nextTimerNs;
    private long nowNs;
    private long nowUs;

    IoLoop(String name, Settings settings) {
        this.settings = settings;
        try {
            selector = Selector.open();
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

    SelectionKey register(SocketChannel channel, RtspConnection connection) throws IOException {
        return channel.register(selector, SelectionKey.OP_CONNECT, connection);
    }

    private void run() {
        try {
            while (running) {
                pass();
            }
        } catch (IOException dead) {
            LOG.error(
                    "The RTSP engine stopped: {}. No camera is read any more; restart bundle org.nxvms.ingest.rtsp",
                    dead.toString());
        } finally {
            closeAll();
        }
    }

    private void pass() throws IOException {
        if (selector.keys().isEmpty() && timed.isEmpty()) {
            selector.select(IDLE_SELECT_MS);
        } else if (commands.isEmpty()) {
            LockSupport.parkNanos(settings.tickNs());
        }
        nowNs = System.nanoTime();
        nowUs = System.currentTimeMillis() * 1000;
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            guarded(command);
        }
        selector.selectNow(IoLoop::ready);
        if (nowNs - nextTimerNs >= 0) {
            nextTimerNs = nowNs + TIMER_NS;
            for (int i = timed.size() - 1; i >= 0; i--) {
                if (i < timed.size()) {
                    tick(timed.get(i));
                }
            }
        }
    }

    private static void ready(SelectionKey key) {
        RtspConnection connection = (RtspConnection) key.attachment();
        try {
            connection.ready();
        } catch (RuntimeException bug) {
            // One camera's trouble must not reach the others.
            LOG.error("Internal fault in a session; it is ended", bug);
            connection.fail("internal fault: " + bug);
        }
    }

    private void tick(Timed task) {
        try {
            task.tick(nowNs);
        } catch (RuntimeException bug) {
            LOG.error("Internal fault in a timer", bug);
        }
    }

    private static void guarded(Runnable command) {
        try {
            command.run();
        } catch (RuntimeException bug) {
            LOG.error("Internal fault in a command", bug);
        }
    }

    private void closeAll() {
        for (SelectionKey key : selector.keys()) {
            ((RtspConnection) key.attachment()).close();
        }
        try {
            selector.close();
        } catch (IOException ignored) {
            LOG.debug("selector did not close: {}", ignored.toString());
        }
    }
}
