// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nxvms.platform.api.security.SecondFactorStore;

/** The port's contract in memory; the real one is tested with its databases in bundles/persistence. */
public final class MemoryFactorStore implements SecondFactorStore {
    private final Map<UUID, StoredTotp> totp = new HashMap<>();
    private final Map<UUID, Set<String>> recovery = new HashMap<>();

    /** {@return users who have one} */
    synchronized Set<UUID> users() {
        return Set.copyOf(totp.keySet());
    }

    @Override
    public synchronized Optional<StoredTotp> totp(UUID userId) {
        return Optional.ofNullable(totp.get(userId));
    }

    @Override
    public synchronized void put(StoredTotp stored, List<String> recoveryHashes) {
        totp.put(stored.userId(), stored);
        replaceRecoveryCodes(stored.userId(), recoveryHashes);
    }

    @Override
    public synchronized boolean takeStep(UUID userId, long step) {
        StoredTotp old = totp.get(userId);
        if (old == null || old.lastStep() >= step) {
            return false;
        }
        totp.put(userId, new StoredTotp(userId, old.sealedSecret(), step, old.created()));
        return true;
    }

    @Override
    public synchronized boolean takeRecoveryCode(UUID userId, String hash) {
        return recovery.getOrDefault(userId, Set.of()).contains(hash)
                && recovery.get(userId).remove(hash);
    }

    @Override
    public synchronized int recoveryCodesLeft(UUID userId) {
        return recovery.getOrDefault(userId, Set.of()).size();
    }

    @Override
    public synchronized void replaceRecoveryCodes(UUID userId, List<String> hashes) {
        recovery.put(userId, new HashSet<>(hashes));
    }

    @Override
    public synchronized boolean remove(UUID userId) {
        recovery.remove(userId);
        return totp.remove(userId) != null;
    }
}
