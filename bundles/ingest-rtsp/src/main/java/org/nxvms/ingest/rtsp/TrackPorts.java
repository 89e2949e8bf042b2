// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/** The two UDP ports of one track, RTP and RTCP. Owns the channels. Loop thread only. */
final class TrackPorts {
    private final long reorderWaitNs;
    private final Gate gate;
    private final DatagramPort rtp;
    private final DatagramPort rtcp;
    private TrackReceiver receiver;

    /** The path that they are of. */
    interface Gate {
        /** {@return whether the next datagram is for this session} */
        default boolean wanted() {
            return true;
        }

        /** One of this track was taken. */
        default void taken(TrackReceiver by) {}

        void broke(Throwable fault);
    }

    TrackPorts(IoLoop loop, DatagramChannel[] channels, Gate gate) throws IOException {
        this.reorderWaitNs = loop.settings().reorderWaitNs();
        this.gate = gate;
        try {
            rtp = new DatagramPort(loop, channels[0], new Incoming(false));
            rtcp = new DatagramPort(loop, channels[1], new Incoming(true));
        } catch (IOException | RuntimeException | Error notOpened) {
            channels[0].close();
            channels[1].close();
            throw notOpened;
        }
    }

    DatagramPort rtp() {
        return rtp;
    }

    DatagramPort rtcp() {
        return rtcp;
    }

    /** Lets packets in from now on: from one address, or from all. */
    void deliver(TrackReceiver to, Optional<InetAddress> from) {
        receiver = to;
        receiver.reorder(reorderWaitNs);
        if (from.isPresent()) {
            rtp.accept(from.get());
            rtcp.accept(from.get());
        } else {
            rtp.acceptAny();
            rtcp.acceptAny();
        }
    }

    /** A datagram from position 0 that came to one of the two. */
    void take(ByteBuffer in, int length, boolean control) {
        if (control) {
            receiver.rtcp(in, 0, length);
        } else {
            receiver.datagram(in, length);
            gate.taken(receiver);
        }
    }

    void close() {
        rtp.close();
        rtcp.close();
    }

    private final class Incoming implements DatagramPort.Receiver {
        private final boolean control;

        Incoming(boolean control) {
            this.control = control;
        }

        @Override
        public boolean wanted() {
            return gate.wanted();
        }

        @Override
        public void datagram(ByteBuffer in, int length) {
            take(in, length, control);
        }

        @Override
        public void broke(Throwable fault) {
            gate.broke(fault);
        }
    }
}
