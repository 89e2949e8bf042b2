// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.net.InetAddress;
import java.util.List;

/** One way to find devices: what is asked, and what becomes of the answers. Called by the searching thread only. */
public interface SearchProtocol {
    /** {@return the UDP port at which devices listen} */
    int port();

    /** {@return the multicast groups in which devices listen, of IPv4 and of IPv6} */
    List<InetAddress> groups();

    /** {@return what is asked in a round, a datagram each} Asked for anew for each round. */
    List<byte[]> questions();

    /** {@return whether what devices tell the groups by themselves is heard, too} */
    default boolean listens() {
        return false;
    }

    /**
     * What somebody answered, or told the group. Nothing of it is to be believed; it must not throw.
     *
     * @param datagram at most 65 535 bytes
     * @param from who sent it, as far as the network says
     */
    void heard(byte[] datagram, InetAddress from);
}
