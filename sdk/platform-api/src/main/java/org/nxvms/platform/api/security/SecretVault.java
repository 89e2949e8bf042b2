// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Encrypts secrets for storage (AES-256-GCM, key in the data folder's {@code keys/}, not in the
 * database). Any thread, does not block.
 */
@ProviderType
public interface SecretVault {
    /**
     * @param purpose what the secret belongs to (e.g. {@code camera/UUID}); bound to the result, so that it
     *     cannot be opened for another purpose
     * @return text that is safe to store
     */
    String seal(String secret, String purpose);

    /**
     * @throws IllegalArgumentException when it was not sealed by this server for this purpose or was altered
     */
    String open(String sealed, String purpose);
}
