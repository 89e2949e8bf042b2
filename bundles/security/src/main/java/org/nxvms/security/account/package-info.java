// SPDX-License-Identifier: Apache-2.0
/**
 * Users, passwords and sessions.
 *
 * <p>Does: the directory in memory, hashing, login, refresh, throttling. Does not: HTTP, rights. Start reading at {@link
 * org.nxvms.security.account.Sessions}.
 */
package org.nxvms.security.account;
