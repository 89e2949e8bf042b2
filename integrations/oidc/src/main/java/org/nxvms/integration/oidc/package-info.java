// SPDX-License-Identifier: Apache-2.0
/**
 * Signing in at an OpenID provider. Does: the OpenID Connect code flow with PKCE, what groups mean here, back-channel logout.
 * Does not: begin sessions, keep users. Start reading at Provider.
 */
package org.nxvms.integration.oidc;
