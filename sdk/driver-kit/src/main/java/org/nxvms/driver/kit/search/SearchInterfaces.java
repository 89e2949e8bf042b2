// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.DriverException;

/** The network interfaces that a search may use. */
final class SearchInterfaces {
    private final List<NetworkInterface> chosen;

    private SearchInterfaces(List<NetworkInterface> chosen) {
        this.chosen = chosen;
    }

    /** @param names empty: all that know multicast, but loopback */
    static SearchInterfaces of(Set<String> names) throws DriverException {
        List<NetworkInterface> chosen;
        try {
            chosen = NetworkInterface.networkInterfaces()
                    .filter(one -> isChosen(one, names))
                    .toList();
        } catch (SocketException e) {
            throw new DriverException(
                    DriverException.Kind.UNREACHABLE, "The network interfaces of this server cannot be read.", e);
        }
        if (chosen.isEmpty()) {
            throw new DriverException(
                    DriverException.Kind.UNREACHABLE,
                    names.isEmpty()
                            ? "This server has no network interface that is up and knows multicast."
                            : "None of the network interfaces that searches may use is up: "
                                    + String.join(", ", names.stream().sorted().toList()) + ".");
        }
        return new SearchInterfaces(chosen);
    }

    private static boolean isChosen(NetworkInterface one, Set<String> names) {
        try {
            return one.isUp()
                    && (names.isEmpty() ? one.supportsMulticast() && !one.isLoopback() : names.contains(one.getName()));
        } catch (SocketException gone) {
            return false;
        }
    }

    /** {@return an address that is written out} */
    static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address needs no look-up", impossible);
        }
    }

    List<NetworkInterface> all() {
        return chosen;
    }

    /** {@return the address of an interface from which a group of the same family is spoken to} */
    static Optional<InetAddress> source(NetworkInterface one, InetAddress group) {
        if (group instanceof Inet4Address) {
            return one.inetAddresses().filter(Inet4Address.class::isInstance).findFirst();
        }
        // Groups of the link are spoken to from its own addresses (RFC 4291 2.5.6), where it has one.
        return one.inetAddresses()
                .filter(Inet6Address.class::isInstance)
                .min((a, b) -> Boolean.compare(b.isLinkLocalAddress(), a.isLinkLocalAddress()));
    }

    /** {@return whether a host is in a network of these interfaces, and not one of their own addresses} */
    boolean isNeighbour(InetAddress host) {
        return chosen.stream()
                        .flatMap(one -> one.getInterfaceAddresses().stream())
                        .anyMatch(own -> isWithin(host, own))
                && chosen.stream().flatMap(NetworkInterface::inetAddresses).noneMatch(host::equals);
    }

    private static boolean isWithin(InetAddress host, InterfaceAddress own) {
        byte[] one = host.getAddress();
        byte[] other = own.getAddress().getAddress();
        if (one.length != other.length || own.getNetworkPrefixLength() <= 0) {
            return false;
        }
        int differ = one.length * Byte.SIZE - own.getNetworkPrefixLength();
        return new BigInteger(1, one).shiftRight(differ).equals(new BigInteger(1, other).shiftRight(differ));
    }

    /** {@return our own address on the way to another; empty when the way leads over an interface that was not chosen} */
    Optional<InetAddress> sourceTo(InetAddress to) {
        try (DatagramChannel way = DatagramChannel.open()) {
            // Of a datagram socket this asks the routing table, and sends nothing.
            way.connect(new InetSocketAddress(to, 9));
            InetAddress own = ((InetSocketAddress) way.getLocalAddress()).getAddress();
            NetworkInterface over = NetworkInterface.getByInetAddress(own);
            return over != null && chosen.contains(over) ? Optional.of(own) : Optional.empty();
        } catch (IOException noWay) {
            return Optional.empty();
        }
    }
}
