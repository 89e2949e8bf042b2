// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspFramer;
import org.nxvms.media.kit.rtsp.RtspMessage;

/** The socket of one session: connects, reads into the loop's buffer, cuts frames and messages, queues what is sent. */
final class RtspConnection implements IoLoop.Socket {
    /** Who is behind the connection. Everything is called on the loop's thread. */
    interface Handler {
        void connected();

        void message(RtspMessage message);

        /** An interleaved frame at absolute positions of a buffer that is only valid during the call. */
        void frame(ByteBuffer in, int channel, int offset, int length);

        void failed(Failure failure);
    }

    /** Reads per pass: a camera that sends without end cannot starve the others. */
    private static final int READS_PER_PASS_MAX = 4;
    /** Requests are small; a peer that does not read them is dead. */
    private static final int OUT_BYTES_MAX = 64 << 10;

    private static final int RECEIVE_BUFFER_BYTES = 512 << 10;
    private static final int CARRY_BYTES_MIN = 4096;

    private final IoLoop loop;
    private final Handler handler;
    private final String peer;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final RtspFramer framer = new RtspFramer();
    private final ByteBuffer out = ByteBuffer.allocate(OUT_BYTES_MAX);

    /** The unfinished last element of the previous read, in read mode. */
    private ByteBuffer carry = ByteBuffer.allocate(CARRY_BYTES_MIN).limit(0);

    private boolean bytesSeen;
    private boolean rtspSeen;
    private boolean closed;

    RtspConnection(IoLoop loop, InetSocketAddress address, String peer, Handler handler) throws IOException {
        this.loop = loop;
        this.handler = handler;
        this.peer = peer;
        channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            key = loop.register(channel, SelectionKey.OP_CONNECT, this);
            channel.connect(address);
        } catch (IOException | RuntimeException notStarted) {
            channel.close();
            throw notStarted;
        }
    }

    @Override
    public void ready() {
        try {
            if (key.isValid() && key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                handler.connected();
            }
            if (!closed && key.isReadable()) {
                read();
            }
            if (!closed && key.isWritable()) {
                flush();
            }
        } catch (RtspException notRtsp) {
            end(Failure.protocol(peer + ": " + notRtsp.getMessage()));
        } catch (IOException broken) {
            end(Failure.unreachable(describe(broken)));
        }
    }

    private String describe(IOException broken) {
        String text = String.valueOf(broken.getMessage());
        if (text.contains("refused")) {
            return peer + " refuses the connection; is the camera on and the port right?";
        }
        if (text.contains("unreachable") || text.contains("No route")) {
            return "there is no route to " + peer;
        }
        return "the connection to " + peer + " broke: " + text;
    }

    private void read() throws IOException, RtspException {
        ByteBuffer in = loop.shared();
        for (int i = 0; i < READS_PER_PASS_MAX && !closed; i++) {
            in.clear();
            in.put(carry);
            int count = channel.read(in);
            boolean filled = !in.hasRemaining();
            in.flip();
            parse(in);
            keepRest(in);
            bytesSeen |= count > 0;
            if (count < 0) {
                end(closedByPeer());
            }
            if (!filled) {
                return;
            }
        }
    }

    private Failure closedByPeer() {
        if (rtspSeen) {
            return Failure.unreachable(peer + " closed the connection");
        }
        return bytesSeen
                ? Failure.protocol(peer + " answers with something that is not RTSP; check the port")
                : Failure.protocol(peer + " accepts the connection and closes it at once; is this its RTSP port?");
    }

    private void parse(ByteBuffer in) throws RtspException {
        while (!closed) {
            int found = framer.next(in);
            if (found == RtspFramer.FRAME) {
                handler.frame(in, framer.channel(), framer.payloadOffset(), framer.payloadLength());
            } else if (found == RtspFramer.MESSAGE) {
                rtspSeen = true;
                handler.message(framer.message());
            } else {
                return;
            }
        }
    }

    private void keepRest(ByteBuffer in) {
        int rest = in.remaining();
        if (carry.capacity() < rest) {
            carry = ByteBuffer.allocate(Integer.highestOneBit(rest) << 1);
        }
        carry.clear();
        carry.put(in).flip();
    }

    /** Sends now what the socket takes and the rest when it can; a peer that does not read ends the session. */
    void send(byte[] bytes) {
        if (closed) {
            return;
        }
        if (out.remaining() < bytes.length) {
            end(Failure.unreachable(peer + " no longer takes requests"));
            return;
        }
        out.put(bytes);
        try {
            flush();
        } catch (IOException broken) {
            end(Failure.unreachable(describe(broken)));
        }
    }

    private void flush() throws IOException {
        out.flip();
        channel.write(out);
        boolean more = out.hasRemaining();
        out.compact();
        key.interestOps(more ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    String peer() {
        return peer;
    }

    @Override
    public void broke(Throwable fault) {
        end(Failure.internal(fault));
    }

    private void end(Failure failure) {
        if (!closed) {
            close();
            handler.failed(failure);
        }
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
