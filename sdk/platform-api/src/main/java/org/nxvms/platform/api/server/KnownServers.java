// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.server;

import java.util.List;

/**
 * The servers that one user knows, in that user's order.
 *
 * @param version counts the changes; 0 before the first
 * @param servers at most {@link #SERVERS_MAX}, each address once
 */
public record KnownServers(long version, List<KnownServer> servers) {
    /** People choose from a menu; who has more sites has a portal. */
    public static final int SERVERS_MAX = 20;

    /** Of who has given none. */
    public static final KnownServers NONE = new KnownServers(0, List.of());

    public KnownServers {
        servers = List.copyOf(servers);
        if (version < 0 || servers.size() > SERVERS_MAX) {
            throw new IllegalArgumentException("a user knows at most " + SERVERS_MAX + " servers");
        }
        if (servers.stream().map(KnownServer::address).distinct().count() < servers.size()) {
            throw new IllegalArgumentException("a server is known once");
        }
    }
}
