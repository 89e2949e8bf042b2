// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.security.UserStore.StoredUser;
import org.nxvms.security.MemoryFactorStore;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.TestIdentity;
import org.nxvms.security.audit.TestTrail;
import org.nxvms.security.factor.SecondFactors;
import org.nxvms.security.factor.TestFactors;
import org.nxvms.security.rights.TestRights;
import org.nxvms.security.token.AccessTokens;
import org.nxvms.security.vault.AesVault;

/** The strength of hashes was raised: who signs in gets a new one, and notices nothing. */
class RehashTest {
    private static final String PASSWORD = "correct-horse-1";

    @TempDir
    private Path folder;

    private final MemoryUserStore store = new MemoryUserStore();

    private Accounts accounts(int memoryKib) throws Exception {
        TestIdentity identity = new TestIdentity(folder);
        Accounts accounts = new Accounts(
                identity,
                new AccessTokens(identity),
                TestRights.book(identity),
                Optional.of(PASSWORD),
                new PasswordHasher(memoryKib));
        TestAccounts.attach(accounts, store);
        return accounts;
    }

    private StoredUser admin() {
        return store.users().get(0);
    }

    @Test
    void aSignInReplacesAnOldHashAndEndsNoSession() throws Exception {
        Accounts before = accounts(64);
        before.stop();
        String old = admin().passwordHash();
        Accounts now = accounts(128);
        try {
            TestIdentity identity = new TestIdentity(folder);
            Clock clock = Clock.systemUTC();
            AccessTokens tokens = new AccessTokens(identity);
            Sessions sessions = TestAccounts.sessions(identity, now, tokens, clock);
            SecondFactors factors = new SecondFactors(new AesVault(identity), identity, clock);
            TestFactors.attach(factors, new MemoryFactorStore());
            SignIn signIn = TestAccounts.signIn(now, sessions, factors, TestTrail.none(), tokens, clock);
            Client client = new Client("192.0.2.7", "test", Optional.empty());

            assertThat(now.check("admin", "wrong-horse-1", true)).isEmpty();
            now.awaitStoreThread();
            assertThat(admin().passwordHash()).isEqualTo(old);

            Sessions.Grant grant = signIn.login("admin", PASSWORD, Optional.empty(), client);
            now.awaitStoreThread();

            assertThat(admin().passwordHash()).contains("m=128,").isNotEqualTo(old);
            assertThat(sessions.resolve(grant.accessToken())).isPresent();
            assertThat(signIn.login("admin", PASSWORD, Optional.empty(), client)
                            .account()
                            .username())
                    .isEqualTo("admin");
        } finally {
            now.stop();
        }
    }

    @Test
    void aPasswordChangedMeanwhileStaysChanged() throws Exception {
        accounts(64).stop();
        Accounts now = accounts(128);
        try {
            StoredUser user = admin();
            // Between the check and the store's turn another server changes the password.
            store.changeBeforeNextRead(user.withPassword("$argon2id$another", false));
            now.check("admin", PASSWORD, true);
            now.awaitStoreThread();

            assertThat(admin().passwordHash()).isEqualTo("$argon2id$another");
        } finally {
            now.stop();
        }
    }
}
