// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Another server whose console somebody opens from this one's.
 *
 * @param name as its user calls it, 1..{@link #NAME_CHARS_MAX} characters without control characters
 * @param address as {@link #addressOf} writes it
 */
public record KnownServer(String name, String address) {
    public static final int NAME_CHARS_MAX = 60;
    /** A host name has 253 characters at most (RFC 1035 2.3.4). */
    public static final int ADDRESS_CHARS_MAX = 270;

    private static final int PORT_MAX = 65_535;

    public KnownServer {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(address, "address");
        if (!isName(name)) {
            throw new IllegalArgumentException("a known server has a name of 1.." + NAME_CHARS_MAX
                    + " characters, none of them a control character");
        }
        if (!addressOf(address).equals(Optional.of(address))) {
            throw new IllegalArgumentException("no address of a server: " + address);
        }
    }

    /** {@return whether a server can be called so} */
    public static boolean isName(String name) {
        return !name.isBlank()
                && name.length() <= NAME_CHARS_MAX
                // Nor halves of characters, which not every database takes.
                && name.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    /**
     * {@return an address as it is kept: an origin (RFC 6454 6.2), as browsers write it} Scheme, host and port, nothing behind
     * it; the port that goes without saying is left out. Empty for what is no such thing: another scheme, credentials, a path.
     */
    public static Optional<String> addressOf(String text) {
        try {
            URI uri = new URI(text.strip());
            String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
            String path = Objects.requireNonNullElse(uri.getRawPath(), "");
            boolean secure = scheme.equals("https");
            boolean whole = (secure || scheme.equals("http"))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && (path.isEmpty() || path.equals("/"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getPort() <= PORT_MAX
                    && uri.getPort() != 0;
            if (!whole) {
                return Optional.empty();
            }
            boolean usual = uri.getPort() < 0 || uri.getPort() == (secure ? 443 : 80);
            String address =
                    scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + uri.getPort());
            return address.length() <= ADDRESS_CHARS_MAX ? Optional.of(address) : Optional.empty();
        } catch (URISyntaxException none) {
            return Optional.empty();
        }
    }
}
