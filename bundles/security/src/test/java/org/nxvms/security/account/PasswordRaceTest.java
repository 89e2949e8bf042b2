// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
import org.nxvms.test.kit.Awaiting;

/** What happens while a password is being checked: it changes, or strangers keep the checking busy. */
class PasswordRaceTest {
    private static final String OLD = "correct-horse-1";
    private static final Client CLIENT = new Client("192.0.2.7", "test", Optional.empty());

    @TempDir
    private Path folder;

    private final MemoryUserStore store = new MemoryUserStore();
    private final Semaphore strangers = new Semaphore(1, true);
    private final Semaphore others = new Semaphore(1, true);
    private Accounts accounts;
    private Sessions sessions;
    private SignIn signIn;

    @BeforeEach
    void start() throws Exception {
        // Whoever waits for a turn gets it, however slow the machine is.
        start(60_000);
    }

    private void start(long waitMs) throws Exception {
        PasswordHasher hasher = new PasswordHasher(64, new PasswordHasher.Turns(strangers, others, waitMs));
        TestIdentity identity = new TestIdentity(folder);
        AccessTokens tokens = new AccessTokens(identity);
        Clock clock = Clock.systemUTC();
        accounts = new Accounts(identity, tokens, TestRights.book(identity), Optional.of(OLD), hasher);
        TestAccounts.attach(accounts, store);
        sessions = TestAccounts.sessions(identity, accounts, tokens, clock);
        SecondFactors factors = new SecondFactors(new AesVault(identity), identity, clock);
        TestFactors.attach(factors, new MemoryFactorStore());
        signIn = TestAccounts.signIn(accounts, sessions, factors, TestTrail.none(), tokens, clock);
    }

    @AfterEach
    void stop() {
        accounts.stop();
    }

    /** Begins a call that checks the old password, changes the password meanwhile, and lets the call go on. */
    private <T> FutureTask<T> whileThePasswordChanges(Callable<T> call) throws Exception {
        strangers.acquire();
        FutureTask<T> running = new FutureTask<>(call);
        new Thread(running).start();
        Awaiting.until("it waits for a turn", () -> strangers.hasQueuedThreads() || running.isDone());
        StoredUser admin = store.users().get(0);
        store.update(admin.withPassword("$argon2id$another", false), Optional.empty());
        TestAccounts.attach(accounts, store);
        strangers.release();
        return running;
    }

    @Test
    void whoSignsInByTheOldOneStaysOutside() throws Exception {
        FutureTask<Sessions.Grant> thief =
                whileThePasswordChanges(() -> signIn.login("admin", OLD, Optional.empty(), CLIENT));

        assertThatThrownBy(thief::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(401));
        assertThat(store.sessions(store.users().get(0).id())).isEmpty();
    }

    @Test
    void whileStrangersTakeAllTurnsWhoIsNoneComesInAndNobodyPaysForNotBeingHeard() throws Exception {
        Client elsewhere = new Client("192.0.2.9", "browser", Optional.empty());
        Sessions.Grant before = signIn.login("admin", OLD, Optional.empty(), elsewhere);
        Client known = new Client("192.0.2.9", "browser", Optional.of(signIn.rememberedDevice(before.account())));
        Client machine = new Client("127.0.0.1", "console", Optional.empty());
        stop();
        start(0);
        strangers.acquire();

        for (int i = 0; i < 8; i++) {
            assertThat(refused(() -> signIn.login("admin", OLD, Optional.empty(), CLIENT)))
                    .isEqualTo(503);
        }
        assertThat(signIn.login("admin", OLD, Optional.empty(), known)).isNotNull();
        assertThat(signIn.login("admin", OLD, Optional.empty(), machine)).isNotNull();

        others.acquire();
        for (int i = 0; i < 8; i++) {
            assertThat(refused(() -> signIn.login("admin", OLD, Optional.empty(), known)))
                    .isEqualTo(503);
        }
        others.release();
        strangers.release();
        assertThat(signIn.login("admin", OLD, Optional.empty(), known)).isNotNull();
        assertThat(signIn.login("admin", OLD, Optional.empty(), CLIENT)).isNotNull();
    }

    private static int refused(Callable<?> call) throws Exception {
        try {
            call.call();
            return 200;
        } catch (ProblemException e) {
            return e.problem().status();
        }
    }

    @Test
    void whoChangesItByTheOldOneChangesNothing() throws Exception {
        Sessions.Grant before = signIn.login("admin", OLD, Optional.empty(), CLIENT);
        Sessions.Caller thief = new Sessions.Caller(before.account(), before.session());
        FutureTask<Void> change = whileThePasswordChanges(() -> {
            signIn.changePassword(thief, OLD, "thief-knows-this-2", CLIENT);
            return null;
        });

        assertThatThrownBy(change::get).cause().isInstanceOf(ProblemException.class);
        assertThat(store.users().get(0).passwordHash()).isEqualTo("$argon2id$another");
    }
}
