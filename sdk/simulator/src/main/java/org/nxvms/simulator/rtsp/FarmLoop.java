// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of the farm: accepts, reads requests and sends what is due, for all cameras.
 *
 * <p>It wakes at most once a tick (5 ms, or 1 ms if any camera paces its packets), so that many cameras cost few system
 * calls; a picture therefore leaves up to a tick late.
 */
public final class FarmLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FarmLoop.class);
    private static final long MILLI = 1_000_000;
    private static final long BURST_TICK_NANOS = 5 * MILLI;
    private static final long PACED_TICK_NANOS = MILLI;
    private static final long HOUSE_KEEPING_NANOS = 100 * MILLI;

    private final Instant anchor = Instant.now();
    private final long anchorNano = System.nanoTime();
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Camera> cameras = new CopyOnWriteArrayList<>();
    private final Scratch scratch = new Scratch();
    private final DatagramChannel rtp;
    private final DatagramChannel rtcp;
    private long tickNanos = BURST_TICK_NANOS;
    private boolean closing;
    private boolean ended;

    public FarmLoop(InetAddress host) throws IOException {
        selector = Selector.open();
        DatagramChannel[] pair = UdpPair.open(host);
        rtp = pair[0];
        rtcp = pair[1];
        NetworkInterface own = NetworkInterface.getByInetAddress(host);
        for (DatagramChannel channel : pair) {
            if (own != null) {
                channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, own);
            }
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
        thread = new Thread(this::run, "simulator-farm");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Adds a camera; it answers when this returns.
     *
     * @param where port 0 takes any free one
     */
    public Camera add(int number, InetSocketAddress where, CameraSettings settings, Media media) throws IOException {
        Camera[] added = new Camera[1];
        IOException[] failure = new IOException[1];
        await(() -> {
            try {
                added[0] = new Camera(number, where, settings, media, this);
                cameras.add(added[0]);
                if (settings.packetsPerMs() > 0) {
                    tickNanos = PACED_TICK_NANOS;
                }
            } catch (IOException e) {
                failure[0] = e;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        return added[0];
    }

    /** Runs a task on the farm's thread and waits for its end. */
    void await(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (tasks) {
            if (ended) {
                throw new IllegalStateException("the farm is closed");
            }
            tasks.add(() -> {
                try {
                    task.run();
                    done.complete(null);
                } catch (RuntimeException e) {
                    done.completeExceptionally(e);
                }
            });
        }
        selector.wakeup();
        try {
            done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void run() {
        long nextHouseKeeping = anchorNano;
        try {
            long wake = System.nanoTime();
            while (!closing) {
                long now = System.nanoTime();
                long wait = Math.min(wake, nextHouseKeeping) - now;
                if (wait <= 0) {
                    selector.selectNow();
                } else {
                    selector.select(Math.max(1, (wait + MILLI - 1) / MILLI));
                }
                handleKeys();
                runTasks();
                now = System.nanoTime();
                wake = pump(now);
                if (now >= nextHouseKeeping) {
                    cameras.forEach(camera -> camera.houseKeep(System.nanoTime()));
                    nextHouseKeeping = now + HOUSE_KEEPING_NANOS;
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("the simulated cameras stop: the selector failed", e);
        } finally {
            closeAll();
        }
    }

    private long pump(long now) {
        long next = Long.MAX_VALUE;
        for (Camera camera : cameras) {
            next = Math.min(next, camera.port().pump(now));
        }
        return next == Long.MAX_VALUE ? next : Math.max(next, now + tickNanos);
    }

    private void handleKeys() {
        for (SelectionKey key : selector.selectedKeys()) {
            if (!key.isValid()) {
                continue;
            }
            if (key.attachment() instanceof Camera camera) {
                accept(camera);
            } else if (key.attachment() instanceof Connection connection) {
                connection.handle(key);
            } else {
                receiveReports((DatagramChannel) key.channel());
            }
        }
        selector.selectedKeys().clear();
    }

    private static void accept(Camera camera) {
        try {
            camera.port().accept();
        } catch (IOException e) {
            LOG.warn("camera {} could not accept a connection: {}", camera.number(), e.getMessage());
        }
    }

    /** Receiver reports and port-opening packets: they only show that the client lives. */
    private void receiveReports(DatagramChannel channel) {
        try {
            while (true) {
                ByteBuffer buffer = scratch.clear();
                InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
                if (from == null) {
                    return;
                }
                for (Camera camera : cameras) {
                    Connection connection = camera.port().withReports(from);
                    if (connection != null) {
                        connection.touch();
                    }
                }
            }
        } catch (IOException e) {
            LOG.debug("receiving over UDP: {}", e.getMessage()); // ICMP answers of clients that left
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void closeAll() {
        try {
            for (Camera camera : cameras) {
                camera.close();
            }
            rtp.close();
            rtcp.close();
            selector.close();
        } catch (IOException e) {
            LOG.warn("closing the simulated cameras: {}", e.getMessage());
        }
        synchronized (tasks) {
            ended = true;
        }
        runTasks();
    }

    /** Closes all cameras and waits for the thread's end. */
    @Override
    public void close() {
        tasks.add(() -> closing = true);
        selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A closed channel keeps its port until its key leaves the selector. */
    void forgetClosedKeys() throws IOException {
        selector.selectNow();
    }

    Instant anchor() {
        return anchor;
    }

    long anchorNano() {
        return anchorNano;
    }

    Selector selector() {
        return selector;
    }

    Scratch scratch() {
        return scratch;
    }

    DatagramChannel rtp() {
        return rtp;
    }

    DatagramChannel rtcp() {
        return rtcp;
    }
}
