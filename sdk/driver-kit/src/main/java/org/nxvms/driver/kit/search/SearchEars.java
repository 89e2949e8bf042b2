// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Hears what devices tell a multicast group by themselves, on the interfaces that a search may use. */
final class SearchEars {
    private SearchEars() {}

    /**
     * {@return a socket for each group and interface where that can be had} Bound to the group: what is sent to this machine
     * alone is for whoever else listens at the port.
     */
    static List<DatagramChannel> open(SearchProtocol protocol, SearchInterfaces interfaces) {
        List<DatagramChannel> ears = new ArrayList<>();
        for (InetAddress group : protocol.groups()) {
            for (NetworkInterface one : interfaces.all()) {
                if (SearchInterfaces.source(one, group).isPresent()) {
                    open(group, one, protocol.port()).ifPresent(ears::add);
                }
            }
        }
        return ears;
    }

    private static Optional<DatagramChannel> open(InetAddress group, NetworkInterface one, int port) {
        DatagramChannel ear = null;
        try {
            ear = DatagramChannel.open(
                    group instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            ear.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            ear.bind(new InetSocketAddress(on(group, one), port));
            ear.join(group, one);
            ear.configureBlocking(false);
            return Optional.of(ear);
        } catch (IOException taken) {
            // Somebody has the port for itself: devices answer all the same, they only are not heard when they come and
            // go.
            close(ear);
            return Optional.empty();
        }
    }

    /** {@return a group as an address of an interface} Of IPv6 the kernel binds to no other group of a link (RFC 4007 6). */
    private static InetAddress on(InetAddress group, NetworkInterface one) throws IOException {
        return group instanceof Inet6Address ? Inet6Address.getByAddress(null, group.getAddress(), one) : group;
    }

    private static void close(DatagramChannel ear) {
        try {
            if (ear != null) {
                ear.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("a datagram socket closes", e);
        }
    }
}
