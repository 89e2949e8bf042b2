// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The keys that sign sealed segments; whoever verifies footage needs the public ones only. Any thread; blocks on disk. */
@ProviderType
public interface ArchiveKeys {
    /** {@return all public keys that ever signed, by id} */
    List<Key> keys() throws IOException;

    /**
     * Makes a new key for what is sealed from now on. The old private key is removed, its public key stays.
     *
     * @return the new one
     */
    Key rotate() throws IOException;

    /**
     * An Ed25519 public key.
     *
     * @param id lower-case hex SHA-256 of the key as SubjectPublicKeyInfo (RFC 8410)
     * @param pem the same as PEM
     * @param current whether it signs now
     */
    record Key(String id, String pem, boolean current) {}
}
