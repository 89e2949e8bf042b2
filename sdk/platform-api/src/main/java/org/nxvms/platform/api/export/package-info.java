// SPDX-License-Identifier: Apache-2.0
/**
 * Footage that is taken away in a package.
 *
 * <p>Does: say what is exported and how far it is, the port to where that is stored. Does not: fix the form of a package.
 * Start reading at {@link org.nxvms.platform.api.export.ExportJob}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.export;
