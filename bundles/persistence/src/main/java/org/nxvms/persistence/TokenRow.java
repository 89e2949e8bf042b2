// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.security.UserStore.StoredToken;

/** A refresh token's row: its hash, never itself. */
@Entity
@Table(name = "refresh_token")
public class TokenRow {
    @Id
    private String hash;

    @Column(name = "user_id")
    private String userId;

    private String family;

    @Column(name = "expires_ms")
    private long expiresMs;

    @Column(name = "used_ms")
    private Long usedMs;

    /** For JPA. */
    protected TokenRow() {}

    TokenRow(StoredToken token) {
        hash = token.hash();
        userId = token.userId().toString();
        family = token.family().toString();
        expiresMs = token.expires().toEpochMilli();
        usedMs = token.used().map(Instant::toEpochMilli).orElse(null);
    }

    StoredToken stored() {
        return new StoredToken(
                hash,
                UUID.fromString(userId),
                UUID.fromString(family),
                Instant.ofEpochMilli(expiresMs),
                Optional.ofNullable(usedMs).map(Instant::ofEpochMilli));
    }
}
