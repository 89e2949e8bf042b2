// SPDX-License-Identifier: Apache-2.0
/**
 * Backups of what a server knows, in one encrypted file.
 *
 * <p>Does: the file's format and its cipher, which files of the data folder belong into it, preparing a restore. Does not:
 * know the database's rows, footage. Start reading at {@link org.nxvms.security.backup.FileBackups}; ADR 62.
 */
package org.nxvms.security.backup;
