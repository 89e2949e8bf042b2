// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

/** See {@link ArchiveLimits}. */
public record ArchiveSettings(
        int chunkSeconds,
        long chunkBytes,
        int flushSeconds,
        int retentionSeconds,
        int clockDoubtHours,
        int hungSeconds,
        long moveBytesPerSecond,
        long backupBytesPerSecond,
        int backupLagMinutes) {
    /** Copies at the usual pace. */
    public ArchiveSettings(
            int chunkSeconds,
            long chunkBytes,
            int flushSeconds,
            int retentionSeconds,
            int doubtHours,
            int hungSeconds,
            long moveBytesPerSecond) {
        this(
                chunkSeconds,
                chunkBytes,
                flushSeconds,
                retentionSeconds,
                doubtHours,
                hungSeconds,
                moveBytesPerSecond,
                10 << 20,
                60);
    }

    /** Moves at the usual pace too. */
    public ArchiveSettings(
            int chunkSeconds,
            long chunkBytes,
            int flushSeconds,
            int retentionSeconds,
            int doubtHours,
            int hungSeconds) {
        this(chunkSeconds, chunkBytes, flushSeconds, retentionSeconds, doubtHours, hungSeconds, 20 << 20);
    }

    public ArchiveSettings {
        if (moveBytesPerSecond < 1 << 20) {
            throw new IllegalArgumentException(
                    "moveMebibytesPerSecond must be at least 1, not " + (moveBytesPerSecond >> 20));
        }
        if (backupBytesPerSecond < 1 << 20 || backupLagMinutes < 1) {
            throw new IllegalArgumentException("backupMebibytesPerSecond and backupLagMinutes must be at least 1, not "
                    + (backupBytesPerSecond >> 20) + " and " + backupLagMinutes);
        }
        if (clockDoubtHours < 0 || clockDoubtHours > 720) {
            throw new IllegalArgumentException("clockDoubtHours must be 0..720, not " + clockDoubtHours);
        }
        if (hungSeconds < 1 || hungSeconds > 60) {
            throw new IllegalArgumentException("hungSeconds must be 1..60, not " + hungSeconds);
        }
        if (chunkSeconds < 1 || chunkBytes < 1 << 16 || flushSeconds < 1 || retentionSeconds < 1) {
            throw new IllegalArgumentException("chunkSeconds, flushSeconds, retentionSeconds must be at least 1,"
                    + " chunkMebibytes too; they are " + chunkSeconds + ", " + flushSeconds + ", "
                    + retentionSeconds + ", and " + chunkBytes + " bytes");
        }
    }
}
