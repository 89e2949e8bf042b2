// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.audit;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * A note in its place in a server's chain.
 *
 * @param serverId whose chain it is
 * @param sequence from 1, without holes
 * @param at milliseconds since 1970 count
 * @param hash hex, over everything else here and the hash of the entry before, keyed
 */
public record AuditEntry(UUID serverId, long sequence, Instant at, AuditNote note, String hash) {
    public AuditEntry {
        Objects.requireNonNull(serverId, "serverId");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(note, "note");
        Objects.requireNonNull(hash, "hash");
    }
}
