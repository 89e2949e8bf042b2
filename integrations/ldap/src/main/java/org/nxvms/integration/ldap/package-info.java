// SPDX-License-Identifier: Apache-2.0
/**
 * People of an LDAP directory sign in.
 *
 * <p>Does: ask the directory for a person, a password and groups. Does not: store anything of it; write to the directory;
 * decide what a role may. Start reading at {@link org.nxvms.integration.ldap.LdapProvider}.
 */
package org.nxvms.integration.ldap;
