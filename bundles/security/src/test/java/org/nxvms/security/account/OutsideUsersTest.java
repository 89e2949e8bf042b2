// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AuthenticationProvider.Redirect;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.platform.api.security.UserDirectory.User;
import org.nxvms.platform.api.security.UserDirectory.UserChange;
import org.nxvms.platform.api.security.UserStore.Origin;
import org.nxvms.platform.api.security.UserStore.StoredUser;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.SecurityParts;

/** People outside come, change their groups, and leave. */
class OutsideUsersTest {
    private static final String OWN = "correct-horse-1";

    @TempDir
    private Path folder;

    private final MovingClock clock = new MovingClock();
    private final Company company = new Company();
    private final MemoryUserStore store = new MemoryUserStore();
    private SecurityParts parts;

    @BeforeEach
    void start() throws Exception {
        parts = new SecurityParts(folder, OWN, clock);
        parts.attach(store);
        TestAccounts.attach(parts.providers(), company);
        company.roles.put("dora", Optional.of("operator"));
        company.roles.put("nora", Optional.empty());
        company.roles.put("admin", Optional.of("administrator"));
    }

    @AfterEach
    void stop() {
        parts.close();
    }

    private static Problem problem(Callable<?> call) {
        Problem[] problem = new Problem[1];
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call::call)
                .satisfies(e -> problem[0] = e.problem());
        return problem[0];
    }

    private int refused(String username, String password) {
        return problem(() -> parts.login(username, password)).status();
    }

    private static Client client() {
        return new Client("192.0.2.7", "test", Optional.empty());
    }

    private User user(String name) {
        return parts.users().list().stream()
                .filter(user -> user.username().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPersonIsAUserFromTheFirstSignInOnAndHasTheRoleOfNow() {
        Account first = parts.login("dora", Company.PASSWORD).account();
        assertThat(first.role()).isEqualTo("operator");
        assertThat(user("dora").provider()).contains("company");
        assertThat(user("admin").provider()).isEmpty();

        company.roles.put("dora", Optional.of("viewer"));
        Account second = parts.login("dora", Company.PASSWORD).account();

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.role()).isEqualTo("viewer");
        assertThat(refused("dora", "wrong")).isEqualTo(401);
        assertThat(refused("nobody", Company.PASSWORD)).isEqualTo(401);
        assertThat(problem(() -> parts.login("nora", Company.PASSWORD)).name())
                .as("in no group")
                .isEqualTo("no-role");
        company.roles.put("nora", Optional.of("king"));
        assertThat(problem(() -> parts.login("nora", Company.PASSWORD)).name())
                .as("a role that there is not")
                .isEqualTo("no-role");
        OutsideIdentity odd = new OutsideIdentity("company", "9", "two words", Optional.of("viewer"));
        assertThat(problem(() -> parts.signIn().login(odd, Optional.empty(), client()))
                        .name())
                .isEqualTo("name-taken");
        assertThat(parts.users().list()).extracting(User::username).containsExactly("admin", "dora");
    }

    @Test
    void nobodyOutsideTakesOverAUserThatIsThere() {
        assertThat(refused("admin", Company.PASSWORD)).isEqualTo(401);
        assertThat(company.asked)
                .as("asked all the same, for time not to tell; but for nobody, and without the password")
                .hasSize(1)
                .noneMatch(text -> text.contains("admin") || text.contains(Company.PASSWORD));
        assertThat(parts.login("admin", OWN).account().role()).isEqualTo("administrator");
        assertThat(company.asked).as("who is known is not asked for").hasSize(1);

        OutsideIdentity another = new OutsideIdentity("elsewhere", "7", "Admin", Optional.of("administrator"));
        assertThat(problem(() -> parts.signIn().login(another, Optional.empty(), client()))
                        .name())
                .isEqualTo("name-taken");
    }

    @Test
    void anEmptyPasswordIsNotEvenAskedFor() {
        assertThat(refused("dora", "")).isEqualTo(401);
        assertThat(company.asked).isEmpty();
    }

    @Test
    void whoLeavesIsOutWhenTheSessionIsRenewed() {
        Sessions.Grant grant = parts.login("dora", Company.PASSWORD);
        company.roles.put("dora", Optional.of("viewer"));
        Sessions.Grant renewed = parts.sessions().refresh(grant.refreshToken(), client());
        assertThat(renewed.account().role()).as("by the groups of now").isEqualTo("viewer");
        company.roles.remove("dora");

        assertThat(problem(() -> parts.sessions().refresh(renewed.refreshToken(), client()))
                        .status())
                .isEqualTo(401);

        assertThat(parts.sessions().resolve(renewed.accessToken()))
                .as("at once")
                .isEmpty();
        assertThat(refused("dora", Company.PASSWORD)).isEqualTo(401);
        company.roles.put("dora", Optional.empty());
        assertThat(refused("dora", Company.PASSWORD)).as("in no group any more").isEqualTo(403);
    }

    @Test
    void whileNobodyCanBeAskedSessionsGoOnForADayAndThenWait() throws Exception {
        Sessions.Grant grant = parts.login("dora", Company.PASSWORD);
        company.silent = true;
        clock.pass(Duration.ofHours(23));
        Sessions.Grant first = parts.sessions().refresh(grant.refreshToken(), client());
        clock.pass(Duration.ofHours(2));
        assertThat(problem(() -> parts.sessions().refresh(first.refreshToken(), client()))
                        .status())
                .as("nobody can tell for too long; nothing ends by it")
                .isEqualTo(503);
        company.silent = false;
        Sessions.Grant second = parts.sessions().refresh(first.refreshToken(), client());

        TestAccounts.detach(parts.providers(), company);
        clock.pass(Duration.ofHours(2));
        Sessions.Grant third = parts.sessions().refresh(second.refreshToken(), client());
        parts.close();
        parts = new SecurityParts(folder, OWN, clock);
        parts.attach(store);
        clock.pass(Duration.ofHours(21));
        Sessions.Grant fourth = parts.sessions().refresh(third.refreshToken(), client());
        clock.pass(Duration.ofHours(2));
        assertThat(problem(() -> parts.sessions().refresh(fourth.refreshToken(), client()))
                        .status())
                .as("a restart begins no day anew")
                .isEqualTo(503);
    }

    @Test
    void whoFindsNoTurnIsAskedToComeAgain() throws Exception {
        Sessions.Grant grant = parts.login("dora", Company.PASSWORD);
        CountDownLatch asked = new CountDownLatch(4);
        CountDownLatch answer = new CountDownLatch(1);
        company.before = () -> {
            asked.countDown();
            answer.await();
        };
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> asking = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                asking.add(callers.submit(() -> parts.providers().ask(false, () -> company.check("x", "y"))));
            }
            asked.await();

            assertThat(problem(() -> parts.sessions().refresh(grant.refreshToken(), client()))
                            .status())
                    .isEqualTo(503);

            answer.countDown();
            company.before = () -> {};
            for (Future<?> turn : asking) {
                turn.get();
            }
            parts.sessions().refresh(grant.refreshToken(), client());
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void ofTwoProvidersByOneNameTheFirstCounts() {
        Company second = new Company();
        second.roles.put("mallory", Optional.of("administrator"));
        TestAccounts.attach(parts.providers(), second);

        assertThat(refused("mallory", Company.PASSWORD)).isEqualTo(401);
        assertThat(second.asked).isEmpty();
        assertThat(parts.login("dora", Company.PASSWORD).account().role()).isEqualTo("operator");
    }

    @Test
    void namesThatDirectoriesTakeForAnothersAreNotAskedFor() {
        for (String name : List.of("dora ", " dora", "admin ", "\uff44\uff4f\uff52\uff41", "do\u0000ra")) {
            assertThat(refused(name, Company.PASSWORD)).isEqualTo(401);
        }
        assertThat(company.asked).isEmpty();
    }

    @Test
    void whoCameInByAnotherServerAtTheSameMomentIsTheSamePerson() {
        StoredUser there = StoredUser.beginOutside(
                "dora", "operator", new Origin("company", "id-of-dora"), Instant.parse("2026-11-25T12:00:00Z"));
        store.insert(there);

        assertThat(parts.login("dora", Company.PASSWORD).account().id()).isEqualTo(there.id());
    }

    @Test
    void whoIsCalledAnotherNameOutsideConfirmsByThatOne() {
        Sessions.Grant grant = parts.login("dora", Company.PASSWORD);
        Sessions.Caller caller = parts.sessions().resolve(grant.accessToken()).orElseThrow();
        company.renamed.put("dora", "theodora");

        parts.signIn().confirm(caller, "password", Company.PASSWORD, client());
        assertThat(company.asked).contains("theodora/" + Company.PASSWORD);
    }

    @Test
    void aNameThatIsChosenOutsideCountsForNobodyHere() {
        for (int i = 0; i < 5; i++) {
            assertThat(refused("admin", "wrong-horse-" + i)).isEqualTo(401);
        }
        assertThat(refused("admin", "wrong-horse-6")).isEqualTo(429);
        parts.login("dora", Company.PASSWORD);
        OutsideIdentity dora = new OutsideIdentity("company", "id-of-dora", "admin", Optional.of("operator"));
        parts.signIn().login(dora, Optional.empty(), new Client("127.0.0.1", "test", Optional.empty()));

        assertThat(refused("admin", "wrong-horse-7")).as("no count begins anew").isEqualTo(429);
    }

    @Test
    void whileAProviderIsSilentTheServersOwnUsersSignInAndNobodyLearnsWhoTheyAre() {
        for (boolean fault : new boolean[] {false, true}) {
            company.silent = !fault;
            company.broken = fault;

            Problem unknown = problem(() -> parts.login("dora", Company.PASSWORD));
            assertThat(unknown.status()).isEqualTo(503);
            assertThat(unknown.detail()).contains("directory does not answer");
            assertThat(problem(() -> parts.login("admin", "wrong-horse-1"))).isEqualTo(unknown);
            assertThat(parts.login("admin", OWN).account().username()).isEqualTo("admin");
        }
    }

    @Test
    void whoIsNotToldApartIsSlowedDownAllTheSame() {
        company.silent = true;
        int waits = 0;
        for (int i = 0; i < 8; i++) {
            waits += refused("admin", "wrong-horse-" + i) == 429 ? 1 : 0;
        }
        assertThat(waits).isPositive();
    }

    @Test
    void withItsProviderGoneAUserCannotSignInAndNothingElseIsAnother() {
        parts.login("dora", Company.PASSWORD);
        TestAccounts.detach(parts.providers(), company);

        assertThat(refused("dora", Company.PASSWORD)).isEqualTo(401);
        assertThat(refused("dora", ""))
                .as("no password belongs to what stands for one")
                .isEqualTo(401);
        assertThat(parts.login("admin", OWN).account().username()).isEqualTo("admin");

        parts.users().change(user("dora").id(), new UserChange(Optional.empty(), Optional.of(true)));
        TestAccounts.attach(parts.providers(), company);
        assertThat(problem(() -> parts.login("dora", Company.PASSWORD)).name())
                .as("shut out by an administrator")
                .isEqualTo("user-disabled");
    }

    @Test
    void whatIsKeptOutsideIsNotChangedHere() {
        Sessions.Grant grant = parts.login("dora", Company.PASSWORD);
        Sessions.Caller caller = parts.sessions().resolve(grant.accessToken()).orElseThrow();

        assertThat(problem(() -> {
                            parts.signIn().changePassword(caller, Company.PASSWORD, "another-horse-7", client());
                            return null;
                        })
                        .status())
                .isEqualTo(409);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parts.users().setPassword("dora", "another-horse-7", false))
                .withMessageContaining("kept by \"company\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parts.users()
                        .change(user("dora").id(), new UserChange(Optional.of("viewer"), Optional.empty())))
                .withMessageContaining("follows the groups at \"company\"");
        parts.signIn().confirm(caller, "password", Company.PASSWORD, client());
        assertThat(problem(() -> {
                            parts.signIn().confirm(caller, "password", "wrong", client());
                            return null;
                        })
                        .status())
                .isEqualTo(422);
    }

    @Test
    void anAdministratorFromOutsideIsNotTheOneWhoStays() {
        company.roles.put("dora", Optional.of("administrator"));
        parts.login("dora", Company.PASSWORD);

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> parts.users().remove(user("admin").id()))
                .withMessageContaining("last administrator");
        company.roles.put("dora", Optional.of("viewer"));
        assertThat(parts.login("dora", Company.PASSWORD).account().role()).isEqualTo("viewer");
    }

    @Test
    void whoHasNoPasswordToTypeConfirmsByHavingSignedInJustNow() {
        company.redirect = Optional.of(new Redirect("Company", "/api/v1/auth/company"));
        assertThat(refused("dora", Company.PASSWORD)).as("takes no passwords").isEqualTo(401);
        assertThat(company.asked).isEmpty();
        OutsideIdentity dora = new OutsideIdentity("company", "id-of-dora", "dora", Optional.of("operator"));
        Sessions.Grant grant = parts.signIn().login(dora, Optional.empty(), client());
        Sessions.Caller caller = parts.sessions().resolve(grant.accessToken()).orElseThrow();

        parts.signIn().confirm(caller, "password", "", client());
        clock.pass(Duration.ofMinutes(11));

        Problem late = problem(() -> {
            parts.signIn().confirm(caller, "password", "", client());
            return null;
        });
        assertThat(late.status()).isEqualTo(422);
        assertThat(late.detail()).contains("sign in again");
    }

    @Test
    void theShellAsksOutsideToo() throws Exception {
        assertThat(parts.signIn()
                        .signIn("dora", Company.PASSWORD, "127.0.0.1", "shell")
                        .role())
                .isEqualTo("operator");
        company.silent = true;
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> parts.signIn().signIn("dora", Company.PASSWORD, "127.0.0.1", "shell"))
                .withMessageContaining("directory does not answer");
    }
}
