// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.UUID;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.security.UserStore.StoredSession;

/** A sign-in's row; its refresh tokens name it as their family. */
@Entity
@Table(name = "user_session")
public class SessionRow {
    @Id
    private String id;

    @Column(name = "user_id")
    private String userId;

    @Column(name = "begun_ms")
    private long begunMs;

    @Column(name = "seen_ms")
    private long seenMs;

    private String address;

    private String client;

    /** For JPA. */
    protected SessionRow() {}

    SessionRow(StoredSession session) {
        id = session.id().toString();
        userId = session.userId().toString();
        begunMs = session.begun().toEpochMilli();
        client = session.client();
        see(session.seen(), session.address());
    }

    final void see(Instant when, String from) {
        seenMs = when.toEpochMilli();
        address = from;
    }

    StoredSession stored() {
        return new StoredSession(
                UUID.fromString(id),
                UUID.fromString(userId),
                Instant.ofEpochMilli(begunMs),
                Instant.ofEpochMilli(seenMs),
                address,
                client);
    }
}
