// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.key;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import com.fasterxml.jackson.core.type.TypeReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.ApiKeyStore;
import org.nxvms.platform.api.security.ApiKeyStore.StoredApiKey;
import org.nxvms.platform.api.security.KeySignIn;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.SecretVault;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.security.identity.LastKnownFile;
import org.nxvms.security.store.StoreThread;
import org.nxvms.security.token.OpaqueSecret;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * API keys: for programs, which neither refresh nor type codes. All of them are in memory, by their hash, so that the
 * guard never waits for the database; changes of other servers are seen within seconds. What was read last is in a file
 * too, so that programs go on when this bundle is exchanged. When a key was used last is
 * noted in memory and stored every few minutes.
 */
@Component(service = ApiKeys.class)
public final class ApiKeys {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);

    /** Tells a key from an access token, and lets scanners of source code find one that was left there. */
    private static final String PREFIX = "nxk_";

    private static final int TOKEN_LENGTH_MAX = 128;
    private static final int RELOAD_SECONDS = 10;
    private static final int PER_USER_MAX = 50;

    /** How often a use is worth a write. */
    private static final Duration USE_NOTED = Duration.ofMinutes(5);

    private final Clock clock;
    private final KeyDigests digests;
    /** Hashes only: programs go on over a restart. */
    private final LastKnownFile<List<StoredApiKey>> file;

    private final StoreThread thread;
    private final Map<UUID, Instant> uses = new ConcurrentHashMap<>();
    private volatile ApiKeyStore store;
    private volatile Map<String, StoredApiKey> byHash = Map.of();
    private Instant noted = Instant.MIN;
    private boolean failing;

    /** A new key with its text, which is told once. */
    public record Made(StoredApiKey key, String text) {
        /** Shows no key. */
        @Override
        public String toString() {
            return "Made[" + key.id() + "]";
        }
    }

    @Activate
    public ApiKeys(@Reference ServerIdentity identity, @Reference SecretVault vault) {
        this(identity, vault, Clock.systemUTC());
    }

    public ApiKeys(ServerIdentity identity, SecretVault vault, Clock clock) {
        this.clock = clock;
        this.digests = new KeyDigests(vault);
        this.file = new LastKnownFile<>(
                identity.dataFolder().resolve("keys").resolve("api-keys.json"),
                new TypeReference<>() {},
                List.of(),
                "API keys are refused until the database answers");
        this.byHash = byHash(file.read());
        this.thread = new StoreThread("nxvms-api-keys", this::reloadQuietly, RELOAD_SECONDS);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void setStore(ApiKeyStore newStore) {
        store = newStore;
        thread.soon(this::reloadQuietly);
    }

    void unsetStore(ApiKeyStore oldStore) {
        if (store == oldStore) {
            store = null;
        }
    }

    @Deactivate
    void stop() {
        thread.close();
    }

    /** {@return whether a bearer token is meant as an API key} */
    public static boolean isKey(String token) {
        return token.startsWith(PREFIX);
    }

    /** {@return the key that this is the text of, and notes its use; empty when there is none or it has expired} */
    public Optional<StoredApiKey> find(String text) {
        if (text.length() > TOKEN_LENGTH_MAX) {
            return Optional.empty();
        }
        return inForce(Optional.ofNullable(byHash.get(OpaqueSecret.hash(text))));
    }

    /** {@return the key of this id as long as it is good, and notes its use} */
    public Optional<StoredApiKey> inForce(UUID id) {
        return inForce(
                byHash.values().stream().filter(key -> key.id().equals(id)).findFirst());
    }

    private Optional<StoredApiKey> inForce(Optional<StoredApiKey> known) {
        Instant now = clock.instant();
        Optional<StoredApiKey> key = known.filter(found -> found.expires().isAfter(now));
        key.ifPresent(found -> uses.put(found.id(), now));
        return key;
    }

    /** {@return the key that a Digest answer proves, and notes its use; empty when it proves none} */
    public Optional<StoredApiKey> proved(KeySignIn.Proof proof) {
        return byHash.values().stream()
                .filter(key -> key.id().toString().equalsIgnoreCase(proof.keyId()))
                .findFirst()
                .filter(key -> digests.isProved(key, proof))
                .flatMap(key -> inForce(Optional.of(key)));
    }

    /** {@return what a key may do of what its user may, in the order of all rights} */
    public static Set<Permission> scope(StoredApiKey key) {
        return Arrays.stream(Permission.values())
                .filter(permission -> key.scopes().contains(name(permission)))
                .collect(Collectors.collectingAndThen(
                        Collectors.toCollection(() -> EnumSet.noneOf(Permission.class)), Collections::unmodifiableSet));
    }

    /**
     * Makes a key.
     *
     * @throws org.nxvms.rest.kit.problem.ProblemException 409 when the user has too many
     */
    public Made create(UUID userId, String name, Set<Permission> scope, Duration life) {
        String text = PREFIX + OpaqueSecret.make();
        Instant now = clock.instant();
        UUID id = UUID.randomUUID();
        StoredApiKey key = new StoredApiKey(
                id,
                userId,
                name,
                OpaqueSecret.hash(text),
                scope.stream().map(ApiKeys::name).collect(Collectors.toSet()),
                now,
                now.plus(life),
                Optional.empty(),
                Optional.of(digests.seal(id, text)));
        thread.call(() -> {
            ApiKeyStore keys = store();
            reload(keys);
            if (of(userId).size() >= PER_USER_MAX) {
                throw Problem.conflict(
                                "There are " + PER_USER_MAX + " API keys of this user already. Remove one first.")
                        .exception();
            }
            keys.insert(key);
            reload(keys);
            return key;
        });
        return new Made(key, text);
    }

    /** {@return all keys, those that have expired included} */
    public List<StoredApiKey> all() {
        return byHash.values().stream()
                .map(this::withUse)
                .sorted(Comparator.comparing(StoredApiKey::created).thenComparing(StoredApiKey::id))
                .toList();
    }

    /** {@return the keys of a user} */
    public List<StoredApiKey> of(UUID userId) {
        return all().stream().filter(key -> key.userId().equals(userId)).toList();
    }

    public Optional<StoredApiKey> get(UUID id) {
        return all().stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /** Ends a key at once; {@return whether there was one} */
    public boolean revoke(UUID id) {
        return thread.call(() -> {
            ApiKeyStore keys = store();
            boolean gone = keys.delete(id);
            reload(keys);
            return gone;
        });
    }

    /** Waits until what was asked of the store before is done. */
    void awaitStoreThread() {
        thread.call(() -> null);
    }

    private StoredApiKey withUse(StoredApiKey key) {
        Instant use = uses.get(key.id());
        return use == null ? key : key.usedAt(use);
    }

    private ApiKeyStore store() {
        return Absent.require(store, "The store of API keys");
    }

    private void reload(ApiKeyStore keys) {
        Map<String, StoredApiKey> fresh = byHash(keys.keys());
        if (!fresh.equals(byHash)) {
            byHash = fresh;
            file.write(List.copyOf(fresh.values()));
        }
    }

    private static Map<String, StoredApiKey> byHash(List<StoredApiKey> keys) {
        return keys.stream().collect(Collectors.toUnmodifiableMap(StoredApiKey::hash, Function.identity()));
    }

    private void reloadQuietly() {
        ApiKeyStore keys = store;
        if (keys == null) {
            return;
        }
        try {
            reload(keys);
            noteUses(keys);
            failing = false;
        } catch (StoreException e) {
            if (!failing) {
                LOG.warn("API keys cannot be read; those known go on, retried every {} s", RELOAD_SECONDS, e);
            }
            failing = true;
        } catch (RuntimeException e) {
            LOG.error("API keys cannot be read; those known go on", e);
        }
    }

    /** On the store's thread. A use that comes meanwhile stays for the next time. */
    private void noteUses(ApiKeyStore keys) {
        Instant now = clock.instant();
        Map<UUID, Instant> some = new HashMap<>(uses);
        if (some.isEmpty() || noted.isAfter(now.minus(USE_NOTED))) {
            return;
        }
        keys.noteUse(some);
        noted = now;
        reload(keys);
        some.forEach(uses::remove);
    }

    private static String name(Permission permission) {
        return permission.name().toLowerCase(Locale.ROOT);
    }
}
