// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.SecurityParts;

/** Ready means: people can sign in. */
class SecurityCheckTest {
    @TempDir
    private Path folder;

    @Test
    void isDownUntilUsersAreKnownAndDegradedWithoutStore() throws Exception {
        SecurityParts parts = new SecurityParts(folder, "correct-horse-1");
        try {
            SecurityCheck check = new SecurityCheck(parts.accounts());
            assertThat(check.check().status()).isEqualTo(Status.DOWN);

            MemoryUserStore store = new MemoryUserStore();
            parts.attach(store);
            assertThat(check.check().status()).isEqualTo(Status.UP);
            assertThat(check.check().figures()).containsEntry("users", 1);

            parts.detach(store);
            assertThat(check.check().status()).isEqualTo(Status.DEGRADED);
        } finally {
            parts.close();
        }
    }
}
