// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packets by UDP between two ports of ours, an even one and the next (RFC 3550 11), and two of the client, at the address
 * that it talks from and no other: nobody has packets sent to somebody else.
 */
final class UdpOutlet implements Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(UdpOutlet.class);
    private static final int TRIES_MAX = 64;
    private static final int RECEIVED_BYTES_MAX = 2048;
    private static final int RECEIVED_MAX = 64;
    /** A key frame sent at once overruns the client's buffer: after so many bytes there is a pause. */
    private static final int BURST_BYTES = 64 << 10;

    private static final long PAUSE_NS = 2_000_000;

    /** @param min 0 for any port */
    record Ports(int min, int max) {}

    private final DatagramChannel rtp;
    private final DatagramChannel rtcp;
    private final TransportWish wish;
    private final ByteBuffer packet = ByteBuffer.allocateDirect(PACKET_BYTES_MAX);
    private final ByteBuffer received = ByteBuffer.allocateDirect(RECEIVED_BYTES_MAX);
    private DatagramChannel target;
    private int burst;

    private UdpOutlet(DatagramChannel rtp, DatagramChannel rtcp, TransportWish wish) {
        this.rtp = rtp;
        this.rtcp = rtcp;
        this.wish = wish;
    }

    static UdpOutlet open(InetAddress local, InetAddress client, TransportWish wish, Ports ports) throws IOException {
        IOException last = new BindException("no two ports are free");
        for (int i = 0; i < TRIES_MAX; i++) {
            try {
                DatagramChannel rtp = between(local, even(ports), client, wish.first());
                int port = rtp.socket().getLocalPort();
                try {
                    if (port % 2 == 0) {
                        return new UdpOutlet(rtp, between(local, port + 1, client, wish.second()), wish);
                    }
                    rtp.close();
                } catch (IOException | RuntimeException e) {
                    rtp.close();
                    throw e;
                }
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private static DatagramChannel between(InetAddress local, int port, InetAddress client, int clientPort)
            throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.bind(new InetSocketAddress(local, port));
            channel.connect(new InetSocketAddress(client, clientPort));
            channel.configureBlocking(false);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** {@return an even port of which the next is allowed too; 0 for any when there is none such} */
    static int even(Ports ports) {
        int first = ports.min() + ports.min() % 2;
        int pairs = (ports.max() - first + 1) / 2;
        return ports.min() < 1 || pairs < 1
                ? 0
                : first + 2 * ThreadLocalRandom.current().nextInt(pairs);
    }

    @Override
    public ByteBuffer begin(boolean forRtcp) {
        target = forRtcp ? rtcp : rtp;
        return packet.clear();
    }

    @Override
    public void end() throws IOException {
        packet.flip();
        burst += packet.remaining();
        if (burst > BURST_BYTES) {
            burst = 0;
            LockSupport.parkNanos(PAUSE_NS);
        }
        try {
            target.write(packet);
        } catch (PortUnreachableException e) {
            // Told about an earlier packet. A client that is gone ends by the time-out.
            LOG.debug("A client does not listen at its port {}", wish.first());
        }
    }

    @Override
    public void flush() {
        burst = 0;
    }

    @Override
    public boolean heard() throws IOException {
        return took(rtcp) | took(rtp);
    }

    private boolean took(DatagramChannel channel) throws IOException {
        boolean any = false;
        for (int i = 0; i < RECEIVED_MAX; i++) {
            try {
                if (channel.read(received.clear()) <= 0) {
                    return any;
                }
                any = true;
            } catch (PortUnreachableException e) {
                return any;
            }
        }
        return any;
    }

    @Override
    public String describe() {
        return "RTP/AVP;unicast;client_port=" + wish.first() + "-" + wish.second() + ";server_port="
                + rtp.socket().getLocalPort() + "-" + rtcp.socket().getLocalPort();
    }

    @Override
    public void close() {
        try {
            rtp.close();
            rtcp.close();
        } catch (IOException e) {
            LOG.debug("A port was not closed cleanly: {}", e.toString());
        }
    }
}
