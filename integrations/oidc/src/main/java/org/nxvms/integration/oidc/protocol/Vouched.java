// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import java.util.Optional;
import java.util.Set;

/**
 * Whom a provider vouches for.
 *
 * @param subject never given to another user by this provider; names may be
 * @param session of the provider, by which it may end what began with it
 */
public record Vouched(String subject, String username, Set<String> groups, Optional<String> session) {
    public Vouched {
        groups = Set.copyOf(groups);
    }
}
