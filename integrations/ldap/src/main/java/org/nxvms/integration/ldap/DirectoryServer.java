// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One server of the directory.
 *
 * @param tlsAtOnce whether TLS comes before LDAP (ldaps)
 */
record DirectoryServer(String host, int port, boolean tlsAtOnce) {
    /** Each may take the whole time limit. */
    private static final int COUNT_MAX = 5;

    private static final int PORT = 389;
    private static final int TLS_PORT = 636;

    /**
     * @param urls separated by blanks
     * @param plain whether what is no ldaps is spoken in the clear
     * @param plainAllowed whether that may be over the network
     * @throws IllegalArgumentException naming the setting that cannot work
     */
    static List<DirectoryServer> all(String urls, boolean plain, boolean plainAllowed) {
        if (urls.isBlank()) {
            throw new IllegalArgumentException("urls is empty; give one such as ldaps://directory.example");
        }
        List<DirectoryServer> servers = new ArrayList<>();
        for (String url : urls.strip().split("\\s+")) {
            DirectoryServer server = of(url);
            if (plain && !plainAllowed && !server.tlsAtOnce() && !server.isThisMachine()) {
                throw new IllegalArgumentException(
                        "urls has " + url + ", and startTls is false: passwords would cross the"
                                + " network in the clear. Use ldaps://, or StartTLS");
            }
            servers.add(server);
        }
        if (servers.size() > COUNT_MAX) {
            throw new IllegalArgumentException("urls has more than " + COUNT_MAX + " addresses");
        }
        return List.copyOf(servers);
    }

    private static DirectoryServer of(String url) {
        try {
            URI uri = new URI(url);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean bare = uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
            if (!Set.of("ldap", "ldaps").contains(scheme) || uri.getHost() == null || !bare || uri.getPort() > 65_535) {
                throw new IllegalArgumentException("urls has an address that is none of a directory: write it like"
                        + " ldaps://directory.example or ldap://directory.example:389");
            }
            boolean tls = scheme.equals("ldaps");
            int port = uri.getPort() > 0 ? uri.getPort() : tls ? TLS_PORT : PORT;
            return new DirectoryServer(uri.getHost().replaceAll("[\\[\\]]", ""), port, tls);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "urls has an address that cannot be read: " + e.getReason() + " at character " + e.getIndex(), e);
        }
    }

    /** By its digits, or the name that is always this machine's: no name is looked up. */
    private boolean isThisMachine() {
        return host.equalsIgnoreCase("localhost")
                || host.startsWith("127.") && host.matches("[0-9.]+")
                || host.equals("::1");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
