// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.security.token.AccessTokens;
import org.nxvms.security.token.OpaqueSecret;

/**
 * Browsers that a user has signed in with: each keeps a text that only this server can have made, for this user. It
 * opens nothing; it only says that who guesses elsewhere is somebody else ("device cookies", OWASP). Nothing is stored.
 */
final class KnownDevices {
    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{22})");

    private final AccessTokens tokens;

    KnownDevices(AccessTokens tokens) {
        this.tokens = tokens;
    }

    /** {@return a text for a browser to keep} */
    String make(String username) {
        String device = OpaqueSecret.make();
        return device + "." + proof(device, username);
    }

    /** {@return which browser it is; empty when the text was not made here for this user} */
    Optional<String> find(Optional<String> kept, String username) {
        return kept.map(FORM::matcher)
                .filter(Matcher::matches)
                .filter(form -> MessageDigest.isEqual(
                        proof(form.group(1), username).getBytes(StandardCharsets.US_ASCII),
                        form.group(2).getBytes(StandardCharsets.US_ASCII)))
                .map(form -> form.group(1));
    }

    private String proof(String device, String username) {
        return tokens.fingerprint("device:" + device + ":" + UserStore.nameKey(username));
    }
}
