// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.UUID;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;

/** The row of a recovery code that nobody has used: its hash, never itself. */
@Entity
@Table(name = "recovery_code")
public class RecoveryCodeRow {
    @Id
    private String hash;

    @Column(name = "user_id")
    private String userId;

    /** For JPA. */
    protected RecoveryCodeRow() {}

    RecoveryCodeRow(UUID user, String codeHash) {
        userId = user.toString();
        hash = codeHash;
    }
}
