// SPDX-License-Identifier: Apache-2.0
/**
 * Who may do what where: roles, grants, and the rule that decides.
 *
 * <p>Does: keep roles and grants in memory, decide and explain. Does not: know who is calling. Start reading at {@link
 * org.nxvms.security.rights.UserRights}.
 */
package org.nxvms.security.rights;
