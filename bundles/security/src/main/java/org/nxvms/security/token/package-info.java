// SPDX-License-Identifier: Apache-2.0
/**
 * Access tokens.
 *
 * <p>Does: sign and verify. Does not: decide about rights. Start reading at {@link
 * org.nxvms.security.token.AccessTokens}.
 */
package org.nxvms.security.token;
