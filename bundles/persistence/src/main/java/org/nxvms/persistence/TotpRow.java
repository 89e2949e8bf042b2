// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.UUID;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.security.SecondFactorStore.StoredTotp;

/** The row of a user's one-time codes; the secret in it is sealed. */
@Entity
@Table(name = "user_totp")
public class TotpRow {
    @Id
    @Column(name = "user_id")
    private String userId;

    @Column(name = "sealed_secret")
    private String sealedSecret;

    @Column(name = "last_step")
    private long lastStep;

    @Column(name = "created_ms")
    private long createdMs;

    /** For JPA. */
    protected TotpRow() {}

    TotpRow(StoredTotp totp) {
        userId = totp.userId().toString();
        sealedSecret = totp.sealedSecret();
        lastStep = totp.lastStep();
        createdMs = totp.created().toEpochMilli();
    }

    StoredTotp stored() {
        return new StoredTotp(UUID.fromString(userId), sealedSecret, lastStep, Instant.ofEpochMilli(createdMs));
    }
}
