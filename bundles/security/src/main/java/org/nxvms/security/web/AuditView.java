// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;

/** An audit entry as it travels. */
@Schema(name = "AuditEntry")
public record AuditView(
        UUID serverId,
        long sequence,
        Instant at,
        String action,
        @Schema(description = "False when it was refused or failed") boolean done,
        String user,
        Optional<UUID> userId,
        @Schema(description = "The key that a program called by") Optional<UUID> apiKey,
        String address,
        @Schema(description = "What it was done to") Optional<String> subject,
        Map<String, String> before,
        Map<String, String> after,
        String hash) {
    static AuditView of(AuditEntry entry) {
        AuditNote note = entry.note();
        return new AuditView(
                entry.serverId(),
                entry.sequence(),
                entry.at(),
                note.action(),
                note.done(),
                note.actor().name(),
                note.actor().userId(),
                note.actor().apiKey(),
                note.actor().address(),
                Optional.of(note.subject()).filter(text -> !text.isEmpty()),
                new TreeMap<>(note.before()),
                new TreeMap<>(note.after()),
                entry.hash());
    }
}
