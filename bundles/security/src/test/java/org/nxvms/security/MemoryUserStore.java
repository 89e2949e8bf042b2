// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security;

import java.time.Instant;
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
    private boolean broken;

    public synchronized void breakDown(boolean down) {
        broken = down;
    }

    private void work() {
        if (broken) {
            throw new StoreException("down", null);
        }
    }

    @Override
    public synchronized List<StoredUser> users() {
        work();
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
    public synchronized boolean delete(UUID id) {
        work();
        return users.remove(id) != null;
    }

    @Override
    public synchronized void insertToken(StoredToken token) {
        work();
        tokens.put(token.hash(), token);
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
        tokens.values().removeIf(token -> token.family().equals(family));
    }

    @Override
    public synchronized void revokeAll(UUID userId, Optional<UUID> keptFamily) {
        work();
        tokens.values()
                .removeIf(token -> token.userId().equals(userId)
                        && !Optional.of(token.family()).equals(keptFamily));
    }

    @Override
    public synchronized void deleteExpired(Instant now) {
        work();
        tokens.values().removeIf(token -> !token.expires().isAfter(now));
    }
}
