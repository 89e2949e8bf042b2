// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.AccessStore;

/** The port's contract in memory, with the roles of a new database; the real one is tested in bundles/persistence. */
public final class MemoryAccessStore implements AccessStore {
    private final MemoryFactorStore factors;
    private final Map<String, StoredRole> roles = new LinkedHashMap<>();
    private final List<StoredGrant> grants = new ArrayList<>();
    private boolean broken;

    public MemoryAccessStore(MemoryFactorStore factors) {
        this.factors = factors;
        for (StoredRole role : List.of(
                new StoredRole("administrator", "", Set.of(), false, 100, 1),
                new StoredRole(
                        "operator",
                        "",
                        Set.of(
                                "view_live",
                                "view_archive",
                                "listen",
                                "talk",
                                "control_ptz",
                                "control_imaging",
                                "control_io",
                                "control_recording",
                                "view_events",
                                "raise_events",
                                "view_configuration",
                                "view_health",
                                "export",
                                "bookmark"),
                        false,
                        50,
                        1),
                new StoredRole(
                        "viewer", "", Set.of("view_live", "view_archive", "listen", "view_events"), false, 10, 1),
                new StoredRole("guest", "", Set.of(), false, 0, 1))) {
            roles.put(role.name(), role);
        }
    }

    public synchronized void breakDown(boolean down) {
        broken = down;
    }

    private void work() {
        if (broken) {
            throw new StoreException("down", null);
        }
    }

    @Override
    public synchronized StoredAccess load() {
        work();
        return new StoredAccess(List.copyOf(roles.values()), grants, factors.users());
    }

    @Override
    public synchronized Outcome insertRole(StoredRole role) {
        work();
        return roles.putIfAbsent(role.name(), role) == null ? Outcome.DONE : Outcome.TAKEN;
    }

    @Override
    public synchronized Outcome updateRole(StoredRole role) {
        work();
        StoredRole before = roles.get(role.name());
        if (before == null) {
            return Outcome.ABSENT;
        }
        if (before.version() != role.version() - 1) {
            return Outcome.STALE;
        }
        roles.put(role.name(), role);
        return Outcome.DONE;
    }

    @Override
    public synchronized Outcome deleteRole(String name) {
        work();
        if (grants.stream().anyMatch(grant -> grant.role().equals(name))) {
            return Outcome.IN_USE;
        }
        return roles.remove(name) == null ? Outcome.ABSENT : Outcome.DONE;
    }

    @Override
    public synchronized Outcome insertGrant(StoredGrant grant) {
        work();
        if (!roles.containsKey(grant.role())) {
            return Outcome.ABSENT;
        }
        boolean taken = grants.stream()
                .anyMatch(one -> one.userId().equals(grant.userId())
                        && one.role().equals(grant.role())
                        && one.scope().equals(grant.scope()));
        if (!taken) {
            grants.add(grant);
        }
        return taken ? Outcome.TAKEN : Outcome.DONE;
    }

    @Override
    public synchronized boolean deleteGrant(UUID userId, UUID id) {
        work();
        return grants.removeIf(grant -> grant.id().equals(id) && grant.userId().equals(userId));
    }
}
