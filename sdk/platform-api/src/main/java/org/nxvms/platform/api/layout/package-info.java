// SPDX-License-Identifier: Apache-2.0
/**
 * Layouts: what walls show, under a name, and tours of them; each is somebody's, and may be shared with roles.
 *
 * <p>Does: the facts, and the port through which they are stored. Does not: rights, which whoever shows them asks for. Start
 * reading at {@link org.nxvms.platform.api.layout.Layout}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.nxvms.platform.api.layout;
