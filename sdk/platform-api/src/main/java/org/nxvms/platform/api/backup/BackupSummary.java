// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.backup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/**
 * A backup that was written or read to its end.
 *
 * @param file where it lies
 * @param serverId the server it is of
 * @param serverName its name for people
 * @param made when it was made
 * @param rows how many rows of the database are in it
 * @param files how many files are in it
 */
public record BackupSummary(Path file, UUID serverId, String serverName, Instant made, long rows, int files) {}
