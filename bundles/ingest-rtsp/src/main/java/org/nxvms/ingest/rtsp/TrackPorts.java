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
    private final MediaPath.Owner owner;
    private final DatagramPort rtp;
    private final DatagramPort rtcp;
    private TrackReceiver receiver;

    TrackPorts(IoLoop loop, DatagramChannel[] channels, MediaPath.Owner owner) throws IOException {
        this.reorderWaitNs = loop.settings().reorderWaitNs();
        this.owner = owner;
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
        public void datagram(ByteBuffer in, int length) {
            if (control) {
                receiver.rtcp(in, 0, length);
            } else {
                receiver.datagram(in, length);
            }
        }

        @Override
        public void broke(Throwable fault) {
            owner.broke(fault);
        }
    }
}
