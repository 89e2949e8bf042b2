// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.platform.api.security.UserStore.Origin;
import org.nxvms.platform.api.security.UserStore.StoredUser;

/** A user's row; {@code username_key} makes names unique whatever their case. */
@Entity
@Table(name = "app_user")
public class UserRow {
    @Id
    private String id;

    private String username;

    @Column(name = "username_key")
    private String usernameKey;

    private String role;

    @Column(name = "password_hash")
    private String passwordHash;

    @Column(name = "must_change_password")
    private boolean mustChangePassword;

    private boolean disabled;

    @Column(name = "token_epoch")
    private int tokenEpoch;

    @Column(name = "created_ms")
    private long createdMs;

    /** Who proves the user; null for users of the server's own. */
    private String provider;

    /** As whom; null as {@code provider} is. */
    private String subject;

    /** For JPA. */
    protected UserRow() {}

    UserRow(StoredUser user) {
        id = user.id().toString();
        createdMs = user.created().toEpochMilli();
        username = user.username();
        usernameKey = UserStore.nameKey(user.username());
        provider = user.origin().map(Origin::provider).orElse(null);
        subject = user.origin().map(Origin::subject).orElse(null);
        takeSecrets(user);
        takeAccess(user);
    }

    int tokenEpoch() {
        return tokenEpoch;
    }

    final void takeSecrets(StoredUser user) {
        passwordHash = user.passwordHash();
        mustChangePassword = user.mustChangePassword();
        withdrawTokens(user);
    }

    final void takeAccess(StoredUser user) {
        role = user.role();
        disabled = user.disabled();
        withdrawTokens(user);
    }

    /** What another change has withdrawn meanwhile stays withdrawn. */
    private void withdrawTokens(StoredUser user) {
        tokenEpoch = Math.max(tokenEpoch, user.tokenEpoch());
    }

    boolean mayBegin(int epoch) {
        return !disabled && tokenEpoch == epoch;
    }

    String role() {
        return role;
    }

    StoredUser stored() {
        return new StoredUser(
                UUID.fromString(id),
                username,
                role,
                passwordHash,
                mustChangePassword,
                disabled,
                tokenEpoch,
                Instant.ofEpochMilli(createdMs),
                Optional.ofNullable(provider).map(known -> new Origin(known, subject)));
    }
}
