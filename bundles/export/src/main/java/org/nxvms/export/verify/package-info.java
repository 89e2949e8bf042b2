// SPDX-License-Identifier: Apache-2.0
/**
 * Says whether a package is what was exported.
 *
 * <p>Does: read a package once from its beginning to its end, compare it with its manifest and that with its signature. Does
 * not: keep any of it, or trust what it reads. Start reading at {@link org.nxvms.export.verify.PackageCheck}.
 */
package org.nxvms.export.verify;
