// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.http;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** What may be talked to. */
public final class Addresses {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "::1", "localhost");

    private Addresses() {}

    /** {@return whether nobody on the way can read or change what is said: https, or http to this machine} */
    public static boolean isSafe(URI address) {
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        boolean plain =
                address.getHost() != null && address.getRawUserInfo() == null && address.getRawFragment() == null;
        return plain && (scheme.equals("https") || scheme.equals("http") && isLoopback(address.getHost()));
    }

    /** {@return whether a host as an address names it is this machine} */
    public static boolean isLoopback(String host) {
        return LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
    }
}
