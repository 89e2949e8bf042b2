// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;

/** Finds two neighbouring UDP ports, the even one for RTP (RFC 3550 11). */
final class UdpPair {
    private static final int ATTEMPTS_MAX = 100;

    private UdpPair() {}

    static DatagramChannel[] open(InetAddress host) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            DatagramChannel first = DatagramChannel.open().bind(new InetSocketAddress(host, 0));
            int port = ((InetSocketAddress) first.getLocalAddress()).getPort();
            DatagramChannel second = DatagramChannel.open();
            try {
                second.bind(new InetSocketAddress(host, port ^ 1));
                return port % 2 == 0 ? new DatagramChannel[] {first, second} : new DatagramChannel[] {second, first};
            } catch (BindException taken) {
                first.close();
                second.close();
            }
        }
        throw new IOException("no two neighbouring UDP ports are free on " + host.getHostAddress());
    }
}
