// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.rights;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.AccessStore;
import org.nxvms.platform.api.security.AccessStore.Outcome;
import org.nxvms.platform.api.security.AccessStore.StoredAccess;
import org.nxvms.platform.api.security.AccessStore.StoredGrant;
import org.nxvms.platform.api.security.AccessStore.StoredRole;
import org.nxvms.security.factor.SecondFactors;
import org.nxvms.security.identity.LastKnownFile;
import org.nxvms.security.store.StoreThread;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All roles and grants in memory, so that no decision waits for the database. One thread of its own reads the store when
 * it appears, every two seconds (other servers change rights too), and makes the changes; what was changed here counts when
 * the change returns. A start without database goes by what was known last.
 */
@Component(service = AccessBook.class)
public final class AccessBook {
    private static final Logger LOG = LoggerFactory.getLogger(AccessBook.class);
    private static final int RELOAD_SECONDS = 2;

    private final LastKnownFile<StoredAccess> file;
    private final SecondFactors factors;
    private final StoreThread thread;
    private final Map<UUID, UserRights> compiled = new ConcurrentHashMap<>();
    private volatile AccessStore store;
    private volatile Rules rules;
    private boolean failing;

    @Activate
    public AccessBook(@Reference ServerIdentity identity, @Reference SecondFactors factors) {
        this.factors = factors;
        file = new LastKnownFile<>(
                identity.dataFolder().resolve("keys").resolve("access.json"),
                new TypeReference<>() {},
                new StoredAccess(List.of(), List.of(), Set.of()),
                "until the database answers only administrators may anything");
        rules = new Rules(file.read());
        thread = new StoreThread("nxvms-access", this::reloadQuietly, RELOAD_SECONDS);
        factors.onChange(this::refresh);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void setStore(AccessStore newStore) {
        store = newStore;
        thread.soon(this::reloadQuietly);
    }

    void unsetStore(AccessStore oldStore) {
        if (store == oldStore) {
            store = null;
        }
    }

    @Deactivate
    void stop() {
        factors.onChange(() -> {});
        thread.close();
    }

    /** {@return roles and grants as they are now} */
    public Rules rules() {
        return rules;
    }

    /** {@return whether a role of the user's is for those with a second factor, and the user has none} */
    public boolean lacksSecondFactor(UUID userId, String role) {
        return rights(userId, role).lacksSecondFactor();
    }

    /** {@return the rights of a user who has a role everywhere} */
    UserRights rights(UUID userId, String role) {
        Rules now = rules;
        UserRights ready = compiled.get(userId);
        if (ready == null || !ready.isOf(now, role)) {
            ready = new UserRights(now, userId, role);
            compiled.put(userId, ready);
        }
        return ready;
    }

    /** {@return DONE or TAKEN} */
    public Outcome add(StoredRole role) {
        return change(users -> users.insertRole(role));
    }

    /** {@return DONE, ABSENT or STALE} */
    public Outcome replace(StoredRole role) {
        return change(users -> users.updateRole(role));
    }

    /** {@return DONE, ABSENT or IN_USE} */
    public Outcome removeRole(String name) {
        return change(users -> users.deleteRole(name));
    }

    /** {@return DONE, TAKEN or ABSENT} */
    public Outcome add(StoredGrant grant) {
        return change(users -> users.insertGrant(grant));
    }

    /** {@return whether the user had it} */
    public boolean removeGrant(UUID userId, UUID id) {
        return change(users -> users.deleteGrant(userId, id));
    }

    /** Reads the store and waits for it; what fails is tried again soon. */
    public void refresh() {
        try {
            thread.call(() -> {
                reloadQuietly();
                return null;
            });
        } catch (StoreException e) {
            LOG.warn("Roles and grants could not be read at once; it is tried again within {} s", RELOAD_SECONDS, e);
        }
    }

    private <T> T change(Function<AccessStore, T> work) {
        return thread.call(() -> {
            AccessStore access = store;
            if (access == null) {
                throw new StoreException("The store of rights is absent", null);
            }
            T outcome = work.apply(access);
            // It is done: what cannot be read back now is read soon.
            reloadQuietly();
            return outcome;
        });
    }

    private void reload(AccessStore access) {
        StoredAccess fresh = access.load();
        if (!fresh.equals(rules.stored())) {
            rules = new Rules(fresh);
            // Made again for those who come; users who are gone leave nothing behind.
            compiled.clear();
            file.write(fresh);
        }
    }

    private void reloadQuietly() {
        AccessStore access = store;
        if (access == null) {
            return;
        }
        try {
            reload(access);
            if (failing) {
                LOG.info("Roles and grants can be read again");
            }
            failing = false;
        } catch (StoreException e) {
            if (!failing) {
                LOG.warn(
                        "Roles and grants cannot be read; those known count on, retried every {} s", RELOAD_SECONDS, e);
            }
            failing = true;
        } catch (RuntimeException e) {
            LOG.error("Roles and grants cannot be read; those known count on", e);
        }
    }
}
