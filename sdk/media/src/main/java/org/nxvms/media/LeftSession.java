// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A session with a source between two engines. Made of the JDK's classes alone: nothing in it belongs to the bundle that
 * left it.
 *
 * @param stream what it brings
 * @param run of the stream's run, which stays open
 * @param facts what the engine must know to go on, in its own words; it may be another version that reads them
 * @param channel connected, not blocking, registered nowhere
 * @param unread what came through the channel and was not used, in order
 * @param datagrams what travels beside the channel
 * @since 0.1
 */
public record LeftSession(
        StreamId stream,
        OpenRun run,
        Map<String, String> facts,
        SocketChannel channel,
        ByteBuffer unread,
        Datagrams datagrams)
        implements Closeable {
    public LeftSession {
        facts = Map.copyOf(facts);
    }

    /** A session all of which travels through its channel. */
    public LeftSession(
            StreamId stream, OpenRun run, Map<String, String> facts, SocketChannel channel, ByteBuffer unread) {
        this(stream, run, facts, channel, unread, Datagrams.NONE);
    }

    /**
     * The run that is to be continued.
     *
     * @param epoch of the lease that left it open
     * @param endUs wall time at which its footage ends if nobody goes on
     */
    public record OpenRun(long epoch, long endUs) {}

    /**
     * Ports that packets come to.
     *
     * @param ports at most {@value #PORTS_MAX}, in an order that the engine knows
     * @param unread what came to them and was not used, in order for each of them: of each the number of its port (a byte), its length (two,
     *     unsigned) and itself
     * @param farewell what to send through the session's channel when nobody goes on: a source of datagrams sends on although
     *     the channel is closed
     */
    public record Datagrams(List<Port> ports, ByteBuffer unread, ByteBuffer farewell) {
        public static final int PORTS_MAX = 256;
        /** What stands before each. */
        public static final int HEAD_BYTES = 3;

        public static final Datagrams NONE = new Datagrams(List.of(), ByteBuffer.allocate(0), ByteBuffer.allocate(0));

        public Datagrams {
            ports = List.copyOf(ports);
            if (ports.size() > PORTS_MAX) {
                throw new IllegalArgumentException(ports.size() + " ports, at most " + PORTS_MAX);
            }
        }
    }

    /**
     * One port.
     *
     * @param channel bound, not blocking, registered nowhere
     * @param from the only sender whose packets are taken; empty for any
     */
    public record Port(DatagramChannel channel, Optional<InetAddress> from) {}

    /** Says farewell, if the channel takes it, and hangs up. */
    @Override
    public void close() throws IOException {
        try (channel) {
            for (Port port : datagrams.ports()) {
                port.channel().close();
            }
            if (datagrams.farewell().hasRemaining()) {
                channel.write(datagrams.farewell().duplicate());
            }
        }
    }

    /** Without the facts, which are long and hold what a session is known by. */
    @Override
    public String toString() {
        return "session of " + stream + ", "
                + (unread.remaining() + datagrams.unread().remaining()) + " bytes unread";
    }
}
