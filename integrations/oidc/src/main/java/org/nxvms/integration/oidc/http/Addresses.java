// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.nxvms.platform.api.network.AddressRule;

/** What may be talked to. */
public final class Addresses {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "::1", "localhost");

    /** One for tests may be on this machine. */
    private static final AddressRule PROVIDERS = new AddressRule(true, false);

    private Addresses() {}

    /** {@return whether nobody on the way can read or change what is said: https, or http to this machine} */
    public static boolean isSafe(URI address) {
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        boolean plain =
                address.getHost() != null && address.getRawUserInfo() == null && address.getRawFragment() == null;
        return plain && (scheme.equals("https") || scheme.equals("http") && isLoopback(address.getHost()));
    }

    /** {@return why a provider cannot be where an address says, as far as that can be told without a look-up} */
    public static Optional<String> refusal(URI address) {
        return PROVIDERS.refusalOf(String.valueOf(address.getHost())).map(refused -> "its host " + refused.words());
    }

    /** {@return whether a host as an address names it is this machine} */
    public static boolean isLoopback(String host) {
        return LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
    }
}
