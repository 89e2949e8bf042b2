// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A way to one peer over a TCP connection: datagrams, each behind its length in two bytes (RFC 4571 2). What waits to be sent is
 * what the system holds, and the rest of one frame: beyond, {@link #send} says that there is no room, and a viewer goes on with the
 * next key frame. Sending is for any thread, reading for that of the sockets.
 */
final class TcpPath implements Path {
    /** No datagram of a player is longer: reports of some hundred bytes, records of DTLS below 1200. */
    static final int FRAME_BYTES_MAX = 2_048;
    /** Half a second of 2 Mbit/s: what is held here is late. */
    private static final int SEND_BUFFER_BYTES = 128 << 10;

    private static final int READS_MAX = 16;
    /** What a stranger may send before its first genuine check: browsers repeat checks of some 100 bytes. */
    static final int STRANGER_BYTES_MAX = 16 << 10;
    /** A player says some kilobytes a second. */
    private static final int BYTES_PER_SECOND_MAX = 128 << 10;

    private static final int BYTES_SAVED_MAX = 512 << 10;

    private static final int LENGTH = 2;

    private final SocketChannel channel;
    private final InetSocketAddress peer;
    private final ByteBuffer in = ByteBuffer.allocate(LENGTH + FRAME_BYTES_MAX);
    private final ByteBuffer out = ByteBuffer.allocate(LENGTH + FRAME_BYTES_MAX);
    private SelectionKey key;
    private long strangerBytes;
    private long allowed = BYTES_SAVED_MAX;
    private long readMs;
    private long heardMs;
    private boolean proven;

    private TcpPath(SocketChannel channel, InetSocketAddress peer, long nowMs) {
        this.channel = channel;
        this.peer = peer;
        this.heardMs = nowMs;
        this.readMs = nowMs;
        out.flip();
    }

    /** Makes a connection that was taken ready to be read. */
    static TcpPath of(SocketChannel channel, Selector selector, long nowMs) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
        TcpPath path = new TcpPath(channel, (InetSocketAddress) channel.getRemoteAddress(), nowMs);
        path.key = channel.register(selector, SelectionKey.OP_READ, path);
        return path;
    }

    // ---- any thread

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public synchronized boolean send(byte[] bytes, int at, int length) {
        if (length > FRAME_BYTES_MAX) {
            throw new IllegalArgumentException("a datagram of " + length + " bytes");
        }
        try {
            if (out.hasRemaining()) {
                channel.write(out);
                if (out.hasRemaining()) {
                    return false;
                }
            }
            out.clear();
            out.putShort((short) length).put(bytes, at, length).flip();
            channel.write(out);
            if (out.position() == 0) {
                out.limit(0);
                return false;
            }
            if (out.hasRemaining()) {
                // The peer has half of a frame: the sockets' thread sends the rest also when nothing more comes from
                // us.
                key.interestOpsOr(SelectionKey.OP_WRITE);
                key.selector().wakeup();
            }
            return true;
        } catch (IOException | java.nio.channels.CancelledKeyException gone) {
            // Lost, as if on the way: who has gone is missed by its consent.
            return true;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            key.selector().wakeup();
        } catch (IOException e) {
            // There is nothing more to be done with it.
        }
    }

    // ---- the sockets' thread

    boolean isOpen() {
        return channel.isOpen();
    }

    /** {@return whether a datagram came over it that is a viewer's} */
    boolean isProven() {
        return proven;
    }

    /** {@return when the last datagram came that is a viewer's, or it began} */
    long heardMs() {
        return heardMs;
    }

    synchronized void flush() throws IOException {
        channel.write(out);
        if (!out.hasRemaining()) {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
        }
    }

    /** Takes what is there, and gives whole datagrams to the receiver; {@return false when this must not go on} */
    boolean read(Receiver receiver, long nowMs) throws IOException {
        allowed = Math.min(BYTES_SAVED_MAX, allowed + (nowMs - readMs) * BYTES_PER_SECOND_MAX / 1_000);
        readMs = nowMs;
        for (int i = 0; i < READS_MAX; i++) {
            int bytes = channel.read(in);
            if (bytes <= 0) {
                return bytes == 0;
            }
            allowed -= bytes;
            strangerBytes += proven ? 0 : bytes;
            in.flip();
            boolean sound = unframe(receiver, nowMs);
            in.compact();
            if (!sound || allowed < 0 || !proven && strangerBytes > STRANGER_BYTES_MAX) {
                return false;
            }
        }
        return true;
    }

    /** {@return false when a length is none of a player's} */
    private boolean unframe(Receiver receiver, long nowMs) {
        while (in.remaining() >= LENGTH) {
            int length = in.getShort(in.position()) & 0xFFFF;
            if (length > FRAME_BYTES_MAX) {
                return false;
            }
            if (in.remaining() < LENGTH + length) {
                return true;
            }
            int end = in.position() + LENGTH + length;
            if (receiver.datagram(in.slice(in.position() + LENGTH, length), this)) {
                heardMs = nowMs;
                proven = true;
            }
            in.position(end);
        }
        return true;
    }
}
