// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.Objects;
import org.osgi.annotation.versioning.ProviderType;

/**
 * For ways in that are not HTTP and know a name and a password, such as players of RTSP: API keys, the name being the key's
 * id and the password the key. No passwords of people: addresses with a password in them are kept by players in lists and
 * logs, and no player asks for a one-time code. Any thread; answers from memory.
 *
 * @since 0.1
 */
@ProviderType
public interface KeySignIn {
    /** Of every Digest challenge (RFC 7616 3.3): what is kept of a key holds for this realm alone. */
    String REALM = "NXvms";

    /** Of Digest; both names as RFC 7616 has them. */
    enum Algorithm {
        MD5("MD5"),
        SHA_256("SHA-256");

        private final String id;

        Algorithm(String id) {
            this.id = id;
        }

        /** {@return the name in challenges and answers, which is Java's too} */
        public String id() {
            return id;
        }
    }

    /**
     * An answer to a challenge. Whether it was ours, and whether this answer came before, is for the caller to know.
     *
     * @param keyId the user name: the id of a key
     * @param question what is hashed behind the secret and a colon (RFC 7616 3.4.1): {@code nonce:nc:cnonce:qop:H(A2)}, or
     *     {@code nonce:H(A2)} where the client knows no qop
     * @param response lower-case hex
     */
    record Proof(String keyId, Algorithm algorithm, String question, String response) {
        public Proof {
            Objects.requireNonNull(keyId, "keyId");
            Objects.requireNonNull(algorithm, "algorithm");
            Objects.requireNonNull(question, "question");
            Objects.requireNonNull(response, "response");
        }

        /** Shows no answer. */
        @Override
        public String toString() {
            return "Proof[" + keyId + ", " + algorithm.id() + "]";
        }
    }

    /**
     * Who proves to have a key without sending it. Counts as one request of the key.
     *
     * @param address where the caller is, as digits
     * @throws TooManyRequestsException it asks too often
     * @throws AccessDeniedException kind UNAUTHENTICATED, PASSWORD_CHANGE_REQUIRED or SECOND_FACTOR_REQUIRED
     */
    AuthenticatedUser prove(Proof proof, String address) throws AccessDeniedException;

    /**
     * Who sends a key itself, over a connection that nobody listens in on. As {@link #prove}.
     *
     * @param keyId the user name: the id of the key, or empty
     */
    AuthenticatedUser present(String keyId, String key, String address) throws AccessDeniedException;

    /**
     * {@return the same user as of now} For a connection that was opened by a key and goes on. Not counted as a request.
     *
     * @param user as {@link #prove} or {@link #present} told
     * @throws AccessDeniedException when the key has expired or was removed, or its user is disabled or gone
     */
    AuthenticatedUser again(AuthenticatedUser user, String address) throws AccessDeniedException;
}
