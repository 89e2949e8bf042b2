// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What the server says under its own signature, with the key that signs footage ({@link ArchiveKeys}). Any thread. */
@ProviderType
public interface Statements {
    /**
     * Signs a statement as a JWS in compact form (RFC 7515), algorithm EdDSA (RFC 8037), {@code kid} the id of the key.
     * Its bytes can never be those of a checkpoint of footage.
     *
     * @param type what it is, the header {@code typ}: a-z, 0-9, {@code +}, {@code -}, {@code .}, at most 60
     * @param payload the statement
     * @return empty while there is no key; may block on disk when the key is first used
     */
    Optional<String> sign(String type, byte[] payload);
}
