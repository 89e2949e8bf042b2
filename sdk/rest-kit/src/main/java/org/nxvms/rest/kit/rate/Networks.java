// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.rate;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** From which network a caller is, for counting: an IPv4 address, an IPv6 /64. */
public final class Networks {
    private static final String LOOPBACK = "loopback";

    private Networks() {}

    /**
     * Whoever has one IPv6 address has the 2^64 of its network (RFC 4291 2.5.4).
     *
     * @param address as servlet containers tell it
     */
    public static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address.startsWith("127.") ? LOOPBACK : address;
        }
        try {
            // With a colon it is never looked up as a name; the interface it came by is of no interest.
            InetAddress parsed = InetAddress.getByName(address.replaceAll("%[^]]*", ""));
            byte[] bytes = parsed.getAddress();
            return parsed.isLoopbackAddress()
                    ? LOOPBACK
                    : bytes.length == 4
                            ? parsed.getHostAddress()
                            : HexFormat.of().formatHex(bytes, 0, 8);
        } catch (UnknownHostException e) {
            return address;
        }
    }

    /** {@return whether that is this machine} */
    public static boolean isLoopback(String network) {
        return network.equals(LOOPBACK);
    }
}
