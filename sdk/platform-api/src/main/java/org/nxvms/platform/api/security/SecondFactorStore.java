// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to stored second factors; offered by persistence, used by security only. Blocks for one transaction; throws
 * {@link org.nxvms.platform.api.StoreException} when the database fails.
 */
@ProviderType
public interface SecondFactorStore {
    /**
     * A user's one-time codes.
     *
     * @param sealedSecret the shared secret, sealed by {@link SecretVault}
     * @param lastStep time slot of the newest code that was taken
     */
    record StoredTotp(UUID userId, String sealedSecret, long lastStep, Instant created) {
        /** Shows no secret. */
        @Override
        public String toString() {
            return "StoredTotp[" + userId + "]";
        }
    }

    Optional<StoredTotp> totp(UUID userId);

    /** Stores a user's second factor with its recovery codes, in place of what was there. */
    void put(StoredTotp totp, List<String> recoveryHashes);

    /** Takes the code of a time slot; {@return false when it or a newer one was taken}: exactly one caller wins. */
    boolean takeStep(UUID userId, long step);

    /** Takes a recovery code; {@return false when there is none}: exactly one caller wins. */
    boolean takeRecoveryCode(UUID userId, String hash);

    int recoveryCodesLeft(UUID userId);

    /** Puts other recovery codes in place of those there are. */
    void replaceRecoveryCodes(UUID userId, List<String> hashes);

    /** {@return whether there was one} */
    boolean remove(UUID userId);
}
