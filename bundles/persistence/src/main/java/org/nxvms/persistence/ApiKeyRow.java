// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.security.ApiKeyStore.StoredApiKey;

/** An API key's row: its hash and what proves it by Digest, sealed, never itself; scopes by commas. */
@Entity
@Table(name = "api_key")
public class ApiKeyRow {
    @Id
    private String id;

    @Column(name = "user_id")
    private String userId;

    private String name;

    private String hash;

    private String scopes;

    @Column(name = "created_ms")
    private long createdMs;

    @Column(name = "expires_ms")
    private long expiresMs;

    @Column(name = "used_ms")
    private Long usedMs;

    private String digest;

    /** For JPA. */
    protected ApiKeyRow() {}

    ApiKeyRow(StoredApiKey key) {
        id = key.id().toString();
        userId = key.userId().toString();
        name = key.name();
        hash = key.hash();
        scopes = String.join(",", new TreeSet<>(key.scopes()));
        createdMs = key.created().toEpochMilli();
        expiresMs = key.expires().toEpochMilli();
        usedMs = key.used().map(Instant::toEpochMilli).orElse(null);
        digest = key.digest().orElse(null);
    }

    StoredApiKey stored() {
        return new StoredApiKey(
                UUID.fromString(id),
                UUID.fromString(userId),
                name,
                hash,
                Arrays.stream(scopes.split(","))
                        .filter(scope -> !scope.isEmpty())
                        .collect(Collectors.toSet()),
                Instant.ofEpochMilli(createdMs),
                Instant.ofEpochMilli(expiresMs),
                Optional.ofNullable(usedMs).map(Instant::ofEpochMilli),
                Optional.ofNullable(digest));
    }
}
