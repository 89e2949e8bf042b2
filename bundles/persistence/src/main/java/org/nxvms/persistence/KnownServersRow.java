// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.UUID;
import java.util.stream.Collectors;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.server.KnownServer;
import org.nxvms.platform.api.server.KnownServers;

/** The servers that one user knows. */
@Entity
@Table(name = "known_servers")
public class KnownServersRow {
    private static final String NEXT = "\n";

    @Id
    @Column(name = "user_id")
    private String userId;

    private long version;
    private String content;

    /** For JPA. */
    protected KnownServersRow() {}

    KnownServersRow(UUID userId, KnownServers servers) {
        this.userId = userId.toString();
        take(servers);
    }

    /** Addresses have no blank, names no end of line. */
    final void take(KnownServers servers) {
        version = servers.version();
        content = servers.servers().stream()
                .map(server -> server.address() + " " + server.name())
                .collect(Collectors.joining(NEXT));
    }

    long version() {
        return version;
    }

    KnownServers servers() {
        return new KnownServers(
                version,
                content.lines()
                        .map(line -> line.split(" ", 2))
                        .map(server -> new KnownServer(server[1], server[0]))
                        .toList());
    }
}
