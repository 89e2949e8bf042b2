// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import org.osgi.annotation.versioning.ProviderType;

/**
 * How a provider that sends browsers elsewhere ({@link AuthenticationProvider#redirect}) brings them back. Any thread;
 * blocks for a transaction at most.
 */
@ProviderType
public interface OutsideSignIn {
    /**
     * Lets somebody in whom the provider has just proved. The browser that gets the answer has five minutes to exchange it,
     * once, for a session at {@code POST /api/v1/auth/outside}: there the user is found or made, and the second factor is
     * asked for.
     *
     * @param secure whether the browser came by HTTPS
     * @return the value of a {@code Set-Cookie} header
     */
    String admit(OutsideIdentity identity, boolean secure);

    /**
     * Ends all sessions of somebody, as the provider asks for (OpenID Connect Back-Channel Logout 1.0).
     *
     * @return false when nobody of that subject has ever signed in
     * @throws org.nxvms.platform.api.StoreException when the database does not answer: nothing has ended then
     */
    boolean endSessions(String provider, String subject);
}
