// SPDX-License-Identifier: Apache-2.0
/**
 * Who is calling and what may be done; secrets at rest.
 *
 * <p>Does: the guard that every way out asks, the user directory, the vault, the port to stored users.
 * Does not: HTTP. Start reading at {@link org.nxvms.platform.api.security.AccessGuard}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.security;
