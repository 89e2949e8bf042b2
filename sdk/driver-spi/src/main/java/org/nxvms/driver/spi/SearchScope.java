// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * Where a search may look, and how fast.
 *
 * @param timeMs how long, 1_000..60_000
 * @param interfaces names of the network interfaces that it may use, as {@link java.net.NetworkInterface#getName()} has them;
 *     nothing may be sent by another one. Empty: all that are up and know multicast, but loopback
 * @param addresses asked one by one, and nobody else; empty: everybody is asked, by multicast
 * @param packetsPerSecond how many datagrams may be sent in a second, from 1 on
 * @since 1.4
 */
public record SearchScope(int timeMs, Set<String> interfaces, List<InetAddress> addresses, int packetsPerSecond) {
    public static final int PACKETS_PER_SECOND_DEFAULT = 200;

    public SearchScope {
        interfaces = Set.copyOf(interfaces);
        addresses = List.copyOf(addresses);
        if (timeMs < 1 || packetsPerSecond < 1) {
            throw new IllegalArgumentException("timeMs and packetsPerSecond must be from 1 on");
        }
    }

    /** {@return everybody, on all interfaces but loopback} */
    public static SearchScope everywhere(int timeMs) {
        return new SearchScope(timeMs, Set.of(), List.of(), PACKETS_PER_SECOND_DEFAULT);
    }

    /** {@return whether it is narrower than what {@link DeviceSearch#search(int, java.util.function.Consumer)} does} */
    public boolean isNarrow() {
        return !interfaces.isEmpty() || !addresses.isEmpty();
    }
}
