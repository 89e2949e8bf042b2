// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The keys that sign this server's access tokens. Any thread; changes block for a file. */
@ProviderType
public interface SigningKeys {
    /**
     * A key, without its secret.
     *
     * @param id stands as {@code kid} in the tokens it signs
     * @param until when the last token it signed ends; empty while it signs
     */
    record Key(String id, Instant created, Optional<Instant> until) {}

    /** {@return the keys whose tokens are believed; the first signs} */
    List<Key> keys();

    /**
     * Begins with a new key. Tokens of those before are believed until they end.
     *
     * @throws java.io.UncheckedIOException when it cannot be stored; nothing has changed then
     */
    void rotate();

    /**
     * Begins with a new key and believes no token of those before: every access token stops at once, API keys go on,
     * and whoever has a refresh token exchanges it. For when a key may have been read by a stranger.
     *
     * @throws java.io.UncheckedIOException when it cannot be stored; nothing has changed then
     */
    void replaceAll();
}
