// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.platform.api.security.UserStore.StoredUser;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.security.MemoryFactorStore;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.TestIdentity;
import org.nxvms.security.audit.TestTrail;
import org.nxvms.security.factor.SecondFactors;
import org.nxvms.security.factor.TestFactors;
import org.nxvms.security.rights.TestRights;
import org.nxvms.security.token.AccessTokens;
import org.nxvms.security.vault.AesVault;

/**
 * Whoever tries names with a wrong password has the same work done, and the same said, whether there is somebody of that name.
 * What is done is counted: the clock of a busy machine would tell nothing.
 */
class NameGuessTest {
    private static final String PASSWORD = "correct-horse-1";

    @TempDir
    private Path folder;

    private final MemoryUserStore store = new MemoryUserStore();
    private final Turn strangers = new Turn();
    private final Turn others = new Turn();
    private Accounts accounts;
    private SignIn signIn;

    /** Each hash takes a turn. */
    private static final class Turn extends Semaphore {
        private static final long serialVersionUID = 1L;

        private final AtomicInteger taken = new AtomicInteger();

        Turn() {
            super(1, true);
        }

        @Override
        public boolean tryAcquire(long timeout, TimeUnit unit) throws InterruptedException {
            taken.incrementAndGet();
            return super.tryAcquire(timeout, unit);
        }
    }

    @BeforeEach
    void aServerWithAnAdministratorAndAGuardWhoIsShutOut() throws Exception {
        PasswordHasher hasher = new PasswordHasher(64, new PasswordHasher.Turns(strangers, others, 60_000));
        TestIdentity identity = new TestIdentity(folder);
        AccessTokens tokens = new AccessTokens(identity);
        Clock clock = Clock.systemUTC();
        accounts = new Accounts(identity, tokens, TestRights.book(identity), Optional.of(PASSWORD), hasher);
        StoredUser guard = StoredUser.begin("guard", "viewer", hasher.hash(PASSWORD), false, Instant.EPOCH);
        store.insertUnchecked(guard);
        store.change(guard.id(), Optional.empty(), Optional.of(true));
        store.insertUnchecked(StoredUser.begin("admin", "administrator", hasher.hash(PASSWORD), false, Instant.EPOCH));
        TestAccounts.attach(accounts, store);
        Sessions sessions = TestAccounts.sessions(identity, accounts, tokens, clock);
        SecondFactors factors = new SecondFactors(new AesVault(identity), identity, clock);
        TestFactors.attach(factors, new MemoryFactorStore());
        signIn = TestAccounts.signIn(accounts, sessions, factors, TestTrail.none(), tokens, clock);
        strangers.taken.set(0);
        others.taken.set(0);
    }

    @AfterEach
    void stop() {
        accounts.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "ADMIN", "guard", "nobody", "", "admin ", "\u0131lkay"})
    void eachNameCostsOneHashAndIsAnsweredTheSame(String name) {
        Client client = new Client("192.0.2.7", "test", Optional.empty());

        assertThatThrownBy(() -> signIn.login(name, "a-wrong-password", Optional.empty(), client))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().status()).isEqualTo(401);
                    assertThat(refused.problem().name()).isEqualTo("unauthenticated");
                    assertThat(refused.problem().detail()).isEqualTo("The user name or the password is wrong.");
                });
        assertThat(strangers.taken).hasValue(1);
        assertThat(others.taken).hasValue(0);
    }

    @Test
    void theHashOfNobodyIsMadeAsThoseOfUsersAre() {
        assertThat(new PasswordHasher().isOutdated(PasswordHasher.NOBODY)).isFalse();
    }
}
