// SPDX-License-Identifier: Apache-2.0
/**
 * The guard.
 *
 * <p>Does: say who is calling and what the role allows. Does not: touch the database. Start reading at {@link
 * org.nxvms.security.access.TokenGuard}.
 */
package org.nxvms.security.access;
