// SPDX-License-Identifier: Apache-2.0
/**
 * Contract of a storage back end.
 *
 * <p>Does: names a volume and the append-only files on it, with explicit durability. Does not: know
 * what is in a file, how long it is kept, or which camera it belongs to. Start reading at {@link
 * org.nxvms.storage.spi.Volume}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.nxvms.storage.spi;
