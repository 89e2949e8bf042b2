// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** A TCP socket on the loop's selector. */
final class PlainWire implements Wire {
    private static final int RECEIVE_BUFFER_BYTES = 512 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final IoLoop loop;
    private final IoLoop.Socket owner;
    private final SocketChannel channel;
    private final SelectionKey key;
    /** While the loop is woken by what comes. */
    private SelectionKey awaited;

    /** Of an engine before this one. */
    private ByteBuffer unread;

    private boolean connected;
    private boolean closed;

    PlainWire(IoLoop loop, InetSocketAddress address, IoLoop.Socket owner) throws IOException {
        this.loop = loop;
        this.owner = owner;
        unread = NOTHING;
        channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            boolean atOnce = channel.connect(address);
            key = loop.register(channel, atOnce ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, owner);
        } catch (IOException | RuntimeException notStarted) {
            channel.close();
            throw notStarted;
        }
    }

    /** Goes on with a connected socket; the owner is called at once. */
    PlainWire(IoLoop loop, Released from, IoLoop.Socket owner) throws IOException {
        this.loop = loop;
        this.owner = owner;
        channel = from.channel();
        unread = from.unread();
        connected = true;
        key = loop.register(channel, SelectionKey.OP_READ | SelectionKey.OP_WRITE, owner);
    }

    @Override
    public boolean advance() throws IOException {
        if (!connected && key.isValid() && channel.finishConnect()) {
            connected = true;
            key.interestOps(SelectionKey.OP_READ);
        }
        return connected;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int waiting = Math.min(unread.remaining(), into.remaining());
        if (waiting == 0) {
            return channel.read(into);
        }
        into.put(into.position(), unread, unread.position(), waiting).position(into.position() + waiting);
        unread.position(unread.position() + waiting);
        if (!unread.hasRemaining()) {
            // The session may last for months, and this for a moment.
            unread = NOTHING;
        }
        return waiting;
    }

    @Override
    public boolean mayHoldMore(int roomLeft) {
        return roomLeft == 0;
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        channel.write(from);
        key.interestOps(from.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    @Override
    public boolean pending() {
        return false;
    }

    @Override
    public int roomBytes() throws IOException {
        // What was granted may be far less than was asked for (net.core.rmem_max). Linux answers with twice of it, for
        // its own
        // bookkeeping; the JDK has halved that already.
        return channel.getOption(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void await(boolean wanted) throws IOException {
        if (wanted && awaited == null) {
            awaited = loop.await(channel, owner);
        } else if (!wanted && awaited != null) {
            awaited.cancel();
            awaited = null;
        }
    }

    @Override
    public InetAddress localAddress() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
    }

    @Override
    public boolean isPlain() {
        return true;
    }

    @Override
    public Released release() {
        closed = true;
        // The keys' attachments would keep this bundle's classes as long as the socket lives.
        key.attach(null);
        key.cancel();
        if (awaited != null) {
            awaited.attach(null);
            awaited.cancel();
        }
        return new Released(channel, unread);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        key.cancel();
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // Nothing is left to be done about a socket that is gone.
        }
    }
}
