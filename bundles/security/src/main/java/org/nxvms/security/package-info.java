// SPDX-License-Identifier: Apache-2.0
/**
 * Who may do what, and secrets at rest.
 *
 * <p>Does: users, login, tokens, the guard of every way out, the vault, the server's identity. Does not:
 * store users (persistence does), serve media. Start reading at {@link
 * org.nxvms.security.access.TokenGuard}.
 */
package org.nxvms.security;
