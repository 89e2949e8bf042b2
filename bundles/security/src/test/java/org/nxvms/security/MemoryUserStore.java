// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.UserStore;

/** The port's contract in memory; the real one is tested with its databases in bundles/persistence. */
public final class MemoryUserStore implements UserStore {
    private final Map<UUID, StoredUser> users = new LinkedHashMap<>();
    private final Map<String, StoredToken> tokens = new LinkedHashMap<>();
    private final Map<UUID, StoredSession> sessions = new LinkedHashMap<>();
    private boolean broken;
    private StoredUser coming;

    public synchronized void breakDown(boolean down) {
        broken = down;
    }

    /** Whoever reads next finds a user as another server changed it just before. */
    public synchronized void changeBeforeNextRead(StoredUser user) {
        coming = user;
    }

    private void work() {
        if (broken) {
            throw new StoreException("down", null);
        }
    }

    @Override
    public synchronized List<StoredUser> users() {
        work();
        if (coming != null) {
            users.put(coming.id(), coming);
            coming = null;
        }
        return List.copyOf(users.values());
    }

    @Override
    public synchronized boolean insert(StoredUser user) {
        work();
        boolean taken =
                users.values().stream().anyMatch(other -> other.username().equalsIgnoreCase(user.username()));
        if (!taken) {
            users.put(user.id(), user);
        }
        return !taken;
    }

    @Override
    public synchronized boolean update(StoredUser user) {
        work();
        return users.replace(user.id(), user) != null;
    }

    @Override
    public synchronized Outcome change(UUID id, Optional<String> role, Optional<Boolean> disabled) {
        work();
        StoredUser before = users.get(id);
        if (before == null) {
            return Outcome.ABSENT;
        }
        StoredUser after = before.withRole(role.orElse(before.role())).withDisabled(disabled.orElse(before.disabled()));
        if (lastAdministratorGoes(id, canAdminister(after))) {
            return Outcome.LAST_ADMINISTRATOR;
        }
        users.put(id, after);
        return Outcome.DONE;
    }

    @Override
    public synchronized Outcome remove(UUID id) {
        work();
        return lastAdministratorGoes(id, false)
                ? Outcome.LAST_ADMINISTRATOR
                : users.remove(id) == null ? Outcome.ABSENT : Outcome.DONE;
    }

    private boolean lastAdministratorGoes(UUID id, boolean stays) {
        List<UUID> administrators = users.values().stream()
                .filter(MemoryUserStore::canAdminister)
                .map(StoredUser::id)
                .toList();
        return !stays && administrators.equals(List.of(id));
    }

    private static boolean canAdminister(StoredUser user) {
        return user.role().equals(ADMINISTRATOR) && !user.disabled();
    }

    @Override
    public synchronized void begin(StoredSession session, StoredToken first, int sessionsMax) {
        work();
        List<StoredSession> others = sessions(session.userId());
        others.stream().skip(sessionsMax - 1L).forEach(old -> revokeFamily(old.id()));
        sessions.put(session.id(), session);
        tokens.put(first.hash(), first);
    }

    @Override
    public synchronized boolean renew(StoredToken next, Instant seen, String address) {
        work();
        StoredSession old = sessions.get(next.family());
        if (old == null) {
            return false;
        }
        sessions.put(old.id(), new StoredSession(old.id(), old.userId(), old.begun(), seen, address, old.client()));
        tokens.put(next.hash(), next);
        return true;
    }

    @Override
    public synchronized List<StoredSession> sessions(UUID userId) {
        work();
        return sessions.values().stream()
                .filter(session -> session.userId().equals(userId))
                .sorted(Comparator.comparing(StoredSession::seen).reversed())
                .toList();
    }

    @Override
    public synchronized Optional<StoredToken> token(String hash) {
        work();
        return Optional.ofNullable(tokens.get(hash));
    }

    @Override
    public synchronized boolean useToken(String hash, Instant now) {
        work();
        StoredToken token = tokens.get(hash);
        if (token == null || token.used().isPresent()) {
            return false;
        }
        tokens.put(hash, new StoredToken(hash, token.userId(), token.family(), token.expires(), Optional.of(now)));
        return true;
    }

    @Override
    public synchronized void revokeFamily(UUID family) {
        work();
        sessions.remove(family);
        tokens.values().removeIf(token -> token.family().equals(family));
    }

    @Override
    public synchronized void revokeAll(UUID userId, Optional<UUID> keptFamily) {
        work();
        sessions.values()
                .removeIf(session -> session.userId().equals(userId)
                        && !Optional.of(session.id()).equals(keptFamily));
        tokens.values()
                .removeIf(token -> token.userId().equals(userId)
                        && !Optional.of(token.family()).equals(keptFamily));
    }

    @Override
    public synchronized void deleteExpired(Instant now) {
        work();
        tokens.values().removeIf(token -> !token.expires().isAfter(now));
        sessions.keySet().removeIf(id -> tokens.values().stream()
                .noneMatch(token -> token.family().equals(id)));
    }
}
