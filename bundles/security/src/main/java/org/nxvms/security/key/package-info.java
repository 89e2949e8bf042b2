// SPDX-License-Identifier: Apache-2.0
/**
 * Keys of programs.
 *
 * <p>Does: make, find and revoke API keys, from memory where it is asked for each request. Does not: HTTP, rights. Start
 * reading at {@link org.nxvms.security.key.ApiKeys}.
 */
package org.nxvms.security.key;
