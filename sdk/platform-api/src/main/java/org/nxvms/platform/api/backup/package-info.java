// SPDX-License-Identifier: Apache-2.0
/**
 * Backup and restore of what a server knows, footage apart.
 *
 * <p>Does: write a backup, prepare one to be put in place at the next start, the port to the database's rows. Does not:
 * touch footage or the index of it. Start reading at {@link org.nxvms.platform.api.backup.Backups}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.backup;
