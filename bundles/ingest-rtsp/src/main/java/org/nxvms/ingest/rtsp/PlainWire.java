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

    private final SocketChannel channel;
    private final SelectionKey key;
    private boolean connected;
    private boolean closed;

    PlainWire(IoLoop loop, InetSocketAddress address, IoLoop.Socket owner) throws IOException {
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
        return channel.read(into);
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
    public InetAddress localAddress() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
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
