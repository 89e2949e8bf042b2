// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.Serializable;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.IdClass;
import javax.persistence.Table;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;

/** An audit entry's row; added once and never changed. */
@Entity
@Table(name = "audit_entry")
@IdClass(AuditRow.Key.class)
public class AuditRow {
    private static final int KEY_MAX = 100;

    @Id
    @Column(name = "server_id")
    private String serverId;

    @Id
    @Column(name = "sequence_no")
    private long sequence;

    @Column(name = "at_ms")
    private long atMs;

    private String action;

    private boolean done;

    @Column(name = "actor_id")
    private String actorId;

    @Column(name = "actor_name")
    private String actorName;

    /** The name in one case, to be found by. */
    @Column(name = "actor_key")
    private String actorKey;

    @Column(name = "api_key")
    private String apiKey;

    private String address;

    private String subject;

    @Column(name = "before_json")
    private String beforeJson;

    @Column(name = "after_json")
    private String afterJson;

    private String hash;

    /** Place of an entry in its server's chain; as JPA wants it. */
    public static final class Key implements Serializable {
        private static final long serialVersionUID = 1L;
        private String serverId;
        private long sequence;

        public Key() {}

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.sequence == sequence && key.serverId.equals(serverId);
        }

        @Override
        public int hashCode() {
            return serverId.hashCode() * 31 + Long.hashCode(sequence);
        }
    }

    /** For JPA. */
    protected AuditRow() {}

    AuditRow(AuditEntry entry) {
        AuditNote note = entry.note();
        serverId = entry.serverId().toString();
        sequence = entry.sequence();
        atMs = entry.at().toEpochMilli();
        action = note.action();
        done = note.done();
        actorId = note.actor().userId().map(UUID::toString).orElse(null);
        actorName = note.actor().name();
        actorKey = key(note.actor().name());
        apiKey = note.actor().apiKey().map(UUID::toString).orElse(null);
        address = note.actor().address();
        subject = note.subject();
        beforeJson = AuditJson.write(note.before());
        afterJson = AuditJson.write(note.after());
        hash = entry.hash();
    }

    /** {@return a name in one case, cut to the column: some characters are two in lower case} */
    static String key(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        if (key.length() <= KEY_MAX) {
            return key;
        }
        return key.substring(0, Character.isHighSurrogate(key.charAt(KEY_MAX - 1)) ? KEY_MAX - 1 : KEY_MAX);
    }

    /** {@return the entry; what somebody has altered so that it can be none is read as far as it goes, without a hash} */
    AuditEntry entry() {
        Optional<UUID> actor = Optional.ofNullable(actorId).map(AuditRow::id);
        Optional<UUID> program = Optional.ofNullable(apiKey).map(AuditRow::id);
        boolean asWritten = isId(serverId)
                && (actorId == null || isId(actorId))
                && (apiKey == null || isId(apiKey))
                && actorKey.equals(key(actorName));
        return new AuditEntry(
                id(serverId),
                sequence,
                Instant.ofEpochMilli(atMs),
                new AuditNote(
                        action,
                        done,
                        new AuditNote.Actor(actor, actorName, program, address),
                        subject,
                        AuditJson.read(beforeJson),
                        AuditJson.read(afterJson)),
                asWritten ? hash : "");
    }

    private static boolean isId(String text) {
        return id(text).toString().equals(text);
    }

    /** {@return the id, zeros when the text is none} */
    static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return new UUID(0, 0);
        }
    }
}
