// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.push;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushLimits;
import org.nxvms.driver.spi.PushPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A device's connection, on the thread of its driver: an interrupt ends each wait. */
final class TcpConnection implements PushPort.Connection {
    private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int PACE_MS = 20;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final PushLimits limits;
    private final Allowance allowance;
    private long heardNs = System.nanoTime();
    private volatile boolean closed;

    TcpConnection(SocketChannel channel, PushLimits limits) throws IOException {
        this.channel = channel;
        this.limits = limits;
        this.allowance = new Allowance(limits.bytesMax(), SECOND_NS, heardNs);
        channel.configureBlocking(false);
        this.selector = Selector.open();
        this.key = channel.register(selector, SelectionKey.OP_READ);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public int read(ByteBuffer into, int waitMs) throws DriverException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        int limit = into.limit();
        try {
            while (true) {
                long now = System.nanoTime();
                long left = allowance.left(now);
                if (left > 0) {
                    into.limit(into.position() + (int) Math.min(limit - into.position(), left));
                    int count = channel.read(into);
                    into.limit(limit);
                    if (count != 0) {
                        allowance.take(Math.max(0, count), now);
                        heardNs = now;
                        return count;
                    }
                    requireHeard(now);
                }
                long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - now);
                if (leftMs <= 0) {
                    return 0;
                }
                await(left > 0 ? SelectionKey.OP_READ : 0, left > 0 ? leftMs : Math.min(leftMs, PACE_MS));
            }
        } catch (IOException | ClosedSelectorException e) {
            throw broken(e);
        } finally {
            into.limit(limit);
        }
    }

    private void requireHeard(long nowNs) throws DriverException {
        long silentMs = TimeUnit.NANOSECONDS.toMillis(nowNs - heardNs);
        if (silentMs > limits.timeMs()) {
            close();
            throw new DriverException(
                    Kind.UNREACHABLE,
                    "The device has said nothing for " + silentMs / 1_000 + " s; it may connect anew.");
        }
    }

    @Override
    public void write(ByteBuffer from, int waitMs) throws DriverException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        try {
            while (from.hasRemaining()) {
                if (channel.write(from) == 0) {
                    long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
                    if (leftMs <= 0) {
                        throw new DriverException(
                                Kind.UNREACHABLE, "The device takes nothing more for " + waitMs + " ms.");
                    }
                    await(SelectionKey.OP_WRITE, leftMs);
                }
            }
        } catch (IOException | ClosedSelectorException e) {
            throw broken(e);
        }
    }

    private void await(int operations, long waitMs) throws IOException, InterruptedException {
        key.interestOps(operations);
        selector.select(waitMs);
        selector.selectedKeys().clear();
        if (Thread.interrupted()) {
            throw new InterruptedException("the wait for a device was ended");
        }
    }

    private DriverException broken(Exception e) {
        boolean byUs = closed || e instanceof ClosedChannelException;
        close();
        return byUs
                ? new DriverException(Kind.CLOSED, "The connection has been closed.")
                : new DriverException(Kind.UNREACHABLE, "The device's connection broke off; it may connect anew.");
    }

    @Override
    public void close() {
        closed = true;
        try {
            selector.close();
            channel.close();
        } catch (IOException e) {
            LOG.debug("A device's connection did not close cleanly: {}", e.toString());
        }
    }
}
