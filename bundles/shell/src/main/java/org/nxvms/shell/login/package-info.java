// SPDX-License-Identifier: Apache-2.0
/**
 * Signing in at the shell with the server's own users.
 *
 * <p>Does: adds them to Karaf's realm, beside the key in {@code keys/shell}. Does not: check passwords; decide what a user
 * may. Start reading at {@link org.nxvms.shell.login.ShellRealm}.
 */
package org.nxvms.shell.login;
