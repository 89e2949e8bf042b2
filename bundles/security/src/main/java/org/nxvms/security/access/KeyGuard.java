// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.access;

import java.util.Optional;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.ApiKeyStore.StoredApiKey;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.KeySignIn;
import org.nxvms.security.key.ApiKeys;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** API keys at the ways in that are not HTTP. A key has 256 random bits: nobody guesses one, so nobody is slowed down. */
@Component(service = KeySignIn.class)
public final class KeyGuard implements KeySignIn {
    /** No path of HTTP. */
    private static final String NO_PATH = "";

    private final TokenGuard guard;
    private final ApiKeys keys;

    @Activate
    public KeyGuard(@Reference TokenGuard guard, @Reference ApiKeys keys) {
        this.guard = guard;
        this.keys = keys;
    }

    @Override
    public AuthenticatedUser prove(Proof proof, String address) throws AccessDeniedException {
        return guard.counted(user(keys.proved(proof), address));
    }

    @Override
    public AuthenticatedUser present(String keyId, String key, String address) throws AccessDeniedException {
        Optional<StoredApiKey> found = keys.find(key)
                .filter(known -> keyId.isEmpty() || known.id().toString().equalsIgnoreCase(keyId));
        return guard.counted(user(found, address));
    }

    @Override
    public AuthenticatedUser again(AuthenticatedUser user, String address) throws AccessDeniedException {
        return user(user.apiKey().flatMap(key -> keys.inForce(key.id())), address);
    }

    private AuthenticatedUser user(Optional<StoredApiKey> key, String address) throws AccessDeniedException {
        return guard.program(
                key.orElseThrow(() -> new AccessDeniedException(
                        Kind.UNAUTHENTICATED,
                        "The API key is not valid, has expired or was removed. The user name is the key's id, the"
                                + " password the key; keys made before this server spoke RTSP must be made anew.")),
                NO_PATH,
                address);
    }
}
