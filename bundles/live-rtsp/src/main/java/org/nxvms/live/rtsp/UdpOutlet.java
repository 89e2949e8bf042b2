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
            DatagramChannel rtp = DatagramChannel.open();
            DatagramChannel rtcp = DatagramChannel.open();
            try {
                rtp.bind(new InetSocketAddress(local, even(ports)));
                int port = ((InetSocketAddress) rtp.getLocalAddress()).getPort();
                if (port % 2 == 0) {
                    rtcp.bind(new InetSocketAddress(local, port + 1));
                    rtp.connect(new InetSocketAddress(client, wish.first()));
                    rtcp.connect(new InetSocketAddress(client, wish.second()));
                    rtp.configureBlocking(false);
                    rtcp.configureBlocking(false);
                    return new UdpOutlet(rtp, rtcp, wish);
                }
            } catch (IOException e) {
                last = e;
            }
            rtp.close();
            rtcp.close();
        }
        throw last;
    }

    private static int even(Ports ports) {
        int pairs = (ports.max() - ports.min() + 1) / 2;
        if (ports.min() < 1 || pairs < 1) {
            return 0;
        }
        int first = ports.min() + ports.min() % 2;
        return Math.min(first + 2 * ThreadLocalRandom.current().nextInt(pairs), ports.max());
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
