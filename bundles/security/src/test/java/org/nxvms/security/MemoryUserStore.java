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
    private int exchangesToFail;

    public synchronized void breakDown(boolean down) {
        broken = down;
    }

    /** The next exchange of a token fails, and nothing of it is stored. */
    public synchronized void failNextExchange() {
        exchangesToFail = 1;
    }

    /** {@return a store with what is in this one now} */
    public synchronized MemoryUserStore copy() {
        MemoryUserStore copy = new MemoryUserStore();
        copy.users.putAll(users);
        copy.tokens.putAll(tokens);
        copy.sessions.putAll(sessions);
        return copy;
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
        String key = UserStore.nameKey(user.username());
        boolean taken = users.values().stream()
                .anyMatch(other -> UserStore.nameKey(other.username()).equals(key)
                        || user.origin().isPresent() && other.origin().equals(user.origin()));
        if (!taken) {
            users.put(user.id(), user);
        }
        return !taken;
    }

    /** As it was before names were compared as they are now. */
    public synchronized void insertUnchecked(StoredUser user) {
        users.put(user.id(), user);
    }

    @Override
    public synchronized boolean update(StoredUser user, Optional<UUID> keptSession) {
        work();
        StoredUser old = users.replace(user.id(), user);
        if (old != null && old.tokenEpoch() != user.tokenEpoch()) {
            endAll(user.id(), keptSession);
        }
        return old != null;
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
        if (after.disabled()) {
            endAll(id, Optional.empty());
        }
        users.put(id, after);
        return Outcome.DONE;
    }

    @Override
    public synchronized Outcome remove(UUID id) {
        work();
        if (lastAdministratorGoes(id, false)) {
            return Outcome.LAST_ADMINISTRATOR;
        }
        endAll(id, Optional.empty());
        return users.remove(id) == null ? Outcome.ABSENT : Outcome.DONE;
    }

    private boolean lastAdministratorGoes(UUID id, boolean stays) {
        List<UUID> administrators = users.values().stream()
                .filter(MemoryUserStore::canAdminister)
                .map(StoredUser::id)
                .toList();
        return !stays && administrators.equals(List.of(id));
    }

    private static boolean canAdminister(StoredUser user) {
        return user.role().equals(ADMINISTRATOR) && !user.disabled() && user.isOwn();
    }

    @Override
    public synchronized boolean begin(StoredSession session, StoredToken first, int tokenEpoch, int sessionsMax) {
        work();
        StoredUser user = users.get(session.userId());
        if (user == null || user.disabled() || user.tokenEpoch() != tokenEpoch) {
            return false;
        }
        List<StoredSession> others = sessions(session.userId());
        others.stream().skip(sessionsMax - 1L).forEach(old -> revokeFamily(old.id()));
        sessions.put(session.id(), session);
        tokens.put(first.hash(), first);
        return true;
    }

    @Override
    public synchronized Exchange exchange(String hash, StoredToken next, Instant now, String address) {
        work();
        if (exchangesToFail > 0) {
            exchangesToFail--;
            throw new StoreException("connection reset", null);
        }
        StoredSession old = sessions.get(next.family());
        if (old == null) {
            return Exchange.ENDED;
        }
        StoredToken token = tokens.get(hash);
        if (token == null || token.used().isPresent()) {
            return Exchange.USED;
        }
        tokens.put(hash, new StoredToken(hash, token.userId(), token.family(), token.expires(), Optional.of(now)));
        sessions.put(old.id(), new StoredSession(old.id(), old.userId(), old.begun(), now, address, old.client()));
        tokens.put(next.hash(), next);
        return Exchange.DONE;
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
    public synchronized void revokeFamily(UUID family) {
        work();
        sessions.remove(family);
        tokens.values().removeIf(token -> token.family().equals(family));
    }

    private void endAll(UUID userId, Optional<UUID> keptFamily) {
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
