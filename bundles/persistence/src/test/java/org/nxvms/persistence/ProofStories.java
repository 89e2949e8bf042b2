// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.security.ApiKeyStore.StoredApiKey;
import org.nxvms.platform.api.security.SecondFactorStore.StoredTotp;
import org.nxvms.platform.api.security.UserStore.StoredUser;

/** What proves who somebody is beside a password: one-time codes, recovery codes, API keys; run once per database. */
abstract class ProofStories extends StoreScene {
    private UserTable users;
    private SecondFactorTable factors;
    private ApiKeyTable keys;
    private StoredUser anna;
    private StoredUser bert;

    @BeforeAll
    void open() {
        users = new UserTable(unit);
        factors = new SecondFactorTable(unit);
        keys = new ApiKeyTable(unit);
    }

    @BeforeEach
    void twoUsers() {
        anna = StoredUser.begin("anna", "operator", "$argon2id$x", false, Instant.ofEpochMilli(1));
        bert = StoredUser.begin("bert", "viewer", "$argon2id$y", false, Instant.ofEpochMilli(1));
        users.insert(anna);
        users.insert(bert);
    }

    private static StoredTotp totp(StoredUser user, String sealed, long step) {
        return new StoredTotp(user.id(), sealed, step, Instant.ofEpochMilli(7));
    }

    @Test
    void aCodeIsTakenByExactlyOneOfManyCallersAndNoOlderOneAfterIt() throws Exception {
        factors.put(totp(anna, "v1.sealed", 100), List.of());
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> calls = LongStream.range(0, 8)
                    .<Callable<Boolean>>mapToObj(i -> () -> factors.takeStep(anna.id(), 101))
                    .toList();
            int won = 0;
            for (Future<Boolean> call : callers.invokeAll(calls)) {
                won += call.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        } finally {
            callers.shutdownNow();
        }
        assertThat(factors.takeStep(anna.id(), 100)).isFalse();
        assertThat(factors.takeStep(anna.id(), 102)).isTrue();
        assertThat(factors.takeStep(bert.id(), 103)).as("has none").isFalse();
        assertThat(factors.totp(anna.id())).contains(totp(anna, "v1.sealed", 102));
    }

    @Test
    void recoveryCodesWorkOnceForTheirUserAndGoWithTheSecondFactor() {
        factors.put(totp(anna, "v1.one", 1), List.of("a", "b"));
        factors.put(totp(bert, "v1.two", 1), List.of("c"));

        assertThat(factors.takeRecoveryCode(bert.id(), "a")).isFalse();
        assertThat(factors.takeRecoveryCode(anna.id(), "a")).isTrue();
        assertThat(factors.takeRecoveryCode(anna.id(), "a")).isFalse();
        assertThat(factors.recoveryCodesLeft(anna.id())).isEqualTo(1);

        factors.replaceRecoveryCodes(anna.id(), List.of("d", "e", "f"));
        assertThat(factors.takeRecoveryCode(anna.id(), "b")).isFalse();
        assertThat(factors.recoveryCodesLeft(anna.id())).isEqualTo(3);

        factors.put(totp(anna, "v1.three", 9), List.of("g"));
        assertThat(factors.totp(anna.id())).contains(totp(anna, "v1.three", 9));
        assertThat(factors.recoveryCodesLeft(anna.id())).isEqualTo(1);
        assertThat(factors.remove(anna.id())).isTrue();
        assertThat(factors.remove(anna.id())).isFalse();
        assertThat(factors.totp(anna.id())).isEmpty();
        assertThat(factors.recoveryCodesLeft(anna.id())).isZero();
        users.remove(bert.id());
        assertThat(factors.totp(bert.id())).as("goes with the user").isEmpty();
    }

    @Test
    void anApiKeyComesBackAsStoredAndItsUseIsNoted() {
        StoredApiKey key = key(anna, "hash-1", Set.of("view_live", "of_a_later_version"), Optional.empty());
        StoredApiKey other = key(bert, "hash-2", Set.of(), Optional.of(Instant.ofEpochMilli(4_000)));
        keys.insert(key);
        keys.insert(other);
        assertThat(keys.keys()).containsExactlyInAnyOrder(key, other);

        keys.noteUse(Map.of(key.id(), Instant.ofEpochMilli(5_000), UUID.randomUUID(), Instant.ofEpochMilli(6_000)));

        assertThat(keys.keys())
                .extracting(StoredApiKey::used)
                .containsExactlyInAnyOrder(
                        Optional.of(Instant.ofEpochMilli(5_000)), Optional.of(Instant.ofEpochMilli(4_000)));
        assertThat(keys.delete(key.id())).isTrue();
        assertThat(keys.delete(key.id())).isFalse();
        users.remove(bert.id());
        assertThat(keys.keys()).as("go with their user").isEmpty();
    }

    private static StoredApiKey key(StoredUser user, String hash, Set<String> scopes, Optional<Instant> used) {
        return new StoredApiKey(
                UUID.randomUUID(),
                user.id(),
                "backup script",
                hash,
                scopes,
                Instant.ofEpochMilli(1_000),
                Instant.ofEpochMilli(9_000),
                used,
                used.map(when -> "sealed-" + hash));
    }
}
