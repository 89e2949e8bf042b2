// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import com.nimbusds.jose.JWSAlgorithm;
import java.time.Duration;
import java.util.Set;

/**
 * What was agreed with a provider.
 *
 * @param usernameClaim, groupsClaim where the provider says how a user is called and what groups it is in
 */
public record Terms(
        String name,
        String issuer,
        String clientId,
        String scopes,
        String usernameClaim,
        String groupsClaim,
        Set<JWSAlgorithm> algorithms,
        Duration limit) {}
