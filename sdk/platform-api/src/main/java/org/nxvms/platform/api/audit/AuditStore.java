// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to stored audit entries: they are added, read, and removed from the beginning on, never changed. Offered by persistence, used by security only.
 * Blocks for one transaction; throws {@link org.nxvms.platform.api.StoreException} when the database fails.
 */
@ProviderType
public interface AuditStore {
    /** Adds entries of one server; all of them or none. On return they are on the disk. */
    void append(List<AuditEntry> entries);

    /**
     * {@return a server's entries after a sequence, in their order} A row that is not as this store writes one comes with an
     * empty hash, which fits no chain.
     */
    List<AuditEntry> after(UUID serverId, long sequence, int limit);

    Optional<AuditEntry> last(UUID serverId);

    /** {@return how many entries there are of each server} */
    Map<UUID, Long> counts();

    /** Removes the entries of a server up to a sequence: all of them or none. */
    void removeUpTo(UUID serverId, long sequence);

    /** {@return entries of all servers, newest first} */
    List<AuditEntry> find(Query query);

    /**
     * What to find.
     *
     * @param from inclusive
     * @param to exclusive
     * @param user name of the actor, whatever its case
     * @param action an action, or a family as {@code auth.*}
     * @param address where it came from, as it was noted
     * @param before entries before this one in the order of the answer; to go on behind a page
     */
    record Query(
            Optional<Instant> from,
            Optional<Instant> to,
            Optional<String> user,
            Optional<String> action,
            Optional<String> address,
            Optional<Position> before,
            int limit) {}

    /** Where an entry stands in an answer. */
    record Position(Instant at, UUID serverId, long sequence) {}
}
