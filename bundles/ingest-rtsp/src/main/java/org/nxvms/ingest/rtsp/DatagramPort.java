// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.Optional;
import org.nxvms.media.LeftSession;

/**
 * One UDP port of a session. Takes packets of one sender only: whoever knows the port could otherwise mix pictures of his
 * own into a recording. Allocates nothing per packet.
 */
final class DatagramPort implements IoLoop.Socket {
    /** What comes in. */
    interface Receiver {
        /** A datagram from position 0; the buffer is only valid during the call. */
        void datagram(ByteBuffer in, int length);

        /** {@return whether the next one is for this session} Asked before each; may use the loop's buffer. */
        default boolean wanted() {
            return true;
        }

        void broke(Throwable fault);
    }

    /** Ten times what a 40 Mbit/s camera sends in a tick: a flood waits in the kernel, and is dropped there. */
    private static final int DATAGRAMS_PER_PASS_MAX = 256;
    /** A key frame may come as one burst; the kernel gives what {@code net.core.rmem_max} allows. */
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

    private final IoLoop loop;
    private final DatagramChannel channel;
    private final SelectionKey key;
    private final Receiver receiver;
    private InetAddress sender;
    private boolean anySender;
    private long foreign;

    /** Takes a channel that is bound; nothing is accepted until {@link #accept}. */
    DatagramPort(IoLoop loop, DatagramChannel channel, Receiver receiver) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.receiver = receiver;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
        key = loop.register(channel, SelectionKey.OP_READ, this);
    }

    int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    void accept(InetAddress from) {
        sender = from;
    }

    void acceptAny() {
        anySender = true;
    }

    @Override
    public void ready() {
        ByteBuffer in = loop.shared();
        try {
            for (int i = 0; i < DATAGRAMS_PER_PASS_MAX && channel.isOpen() && receiver.wanted(); i++) {
                in.clear();
                InetSocketAddress from = (InetSocketAddress) channel.receive(in);
                if (from == null) {
                    return;
                }
                if (anySender || from.getAddress().equals(sender)) {
                    receiver.datagram(in, in.position());
                } else {
                    foreign++;
                }
            }
        } catch (IOException broken) {
            receiver.broke(broken);
        }
    }

    /** {@return datagrams of others, which were thrown away} */
    long foreign() {
        return foreign;
    }

    /** Sends if the network takes it; a report or an opening packet that is lost is followed by another. */
    void send(ByteBuffer packet, InetSocketAddress to) {
        try {
            channel.send(packet, to);
        } catch (IOException notNow) {
            // No route for the moment: the silence that follows is noticed where media is missed.
        }
    }

    /** Gives the port away as it is. */
    LeftSession.Port release() {
        // The key's attachment would keep this bundle's classes as long as the socket lives.
        key.attach(null);
        key.cancel();
        return new LeftSession.Port(channel, Optional.ofNullable(sender));
    }

    @Override
    public void broke(Throwable fault) {
        receiver.broke(fault);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // Nothing is left to be done about a socket that is gone.
        }
    }
}
