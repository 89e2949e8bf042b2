// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.test.kit.Awaiting;

/** Hashes of the strength we promise, and passwords worth hashing. */
class PasswordHasherTest {
    @Test
    void hashesAsOwaspAsksAndKnowsThePasswordAgain() {
        PasswordHasher hasher = new PasswordHasher();
        String hash = hasher.hash("correct horse");

        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(hasher.matches("correct horse", hash, true)).isTrue();
        assertThat(hasher.matches("correct hors", hash, true)).isFalse();
        assertThat(hasher.matches("", hash, true)).isFalse();
        assertThat(hasher.matchesNobody("anything", true)).isFalse();
        assertThat(hasher.hash("correct horse")).isNotEqualTo(hash);
    }

    @Test
    void noMoreWaitForATurnThanTheWebServerHasThreadsToSpare() throws Exception {
        Semaphore taken = new Semaphore(0, true);
        PasswordHasher hasher = new PasswordHasher(64, new PasswordHasher.Turns(taken, new Semaphore(1), 600_000));
        List<Thread> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < PasswordHasher.WAITING_MAX; i++) {
                Thread caller = new Thread(() -> hasher.matchesNobody("guess", true));
                caller.start();
                waiting.add(caller);
            }
            Awaiting.until("all wait", () -> taken.getQueueLength() >= PasswordHasher.WAITING_MAX);
            assertThatThrownBy(() -> hasher.matchesNobody("guess", true))
                    .isInstanceOf(PasswordHasher.BusyException.class);
            assertThat(hasher.matchesNobody("guess", false))
                    .as("others have a turn of their own")
                    .isFalse();
        } finally {
            taken.release(PasswordHasher.WAITING_MAX);
            for (Thread caller : waiting) {
                caller.join();
            }
        }
    }

    @Test
    void aDamagedHashMatchesNothing() {
        PasswordHasher hasher = new PasswordHasher(64);
        for (String damaged : new String[] {"", "plain", "$argon2id$", "$2b$10$abcdefghijklmnopqrstuv"}) {
            assertThat(hasher.matches("plain", damaged, true)).as(damaged).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "aaaaaaaaaaaa",
                "ababababab",
                "my-Operator-pw",
                "Sunshine1",
                "#1stunna",
                "!Dragon2026"
            })
    void refusesPasswordsThatAreEasyToGuess(String password) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordRules.password("newPassword", password, "operator"))
                .withMessageStartingWith("newPassword ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"correct-horse-1", "dragon battery staple", "20260714-ab-114", "# Common passwords"})
    void takesPasswordsThatAreOnNoList(String password) {
        assertThat(PasswordRules.password("newPassword", password, "operator")).isEqualTo(password);
    }

    @Test
    void knowsAHashOfOtherParameters() {
        PasswordHasher now = new PasswordHasher(128);
        String old = new PasswordHasher(64).hash("correct horse");

        assertThat(now.isOutdated(old)).isTrue();
        assertThat(now.isOutdated(now.hash("correct horse"))).isFalse();
        assertThat(now.isOutdated("no hash at all")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "-x", "a\nb", "<b>", "../etc", "a'b"})
    void refusesNamesThatCouldBeMistaken(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordRules.username(name))
                .withMessageStartingWith("username ");
    }

    @Test
    void acceptsNamesOfPeople() {
        for (String name : new String[] {"a", "anna.müller", "o-ops_2", "anna@site.example", "李雷"}) {
            assertThat(PasswordRules.username(name)).isEqualTo(name);
        }
    }
}
