// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.List;
import java.util.Optional;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.annotation.versioning.ProviderType;

/** How far copies on backup volumes are (ADR 26). Any thread; may read the database. */
@ProviderType
public interface VolumeBackups {
    /** {@return the backup volumes, by name} */
    List<Backup> backups();

    /**
     * How far one is.
     *
     * @param volume its name
     * @param chunksWaiting sealed chunks of which a copy shall be here and is not; -1 when unknown
     * @param bytesWaiting their bytes; -1 when unknown
     * @param lagSeconds how long ago the oldest of them ended; 0 when none waits, -1 when unknown
     * @param chunksCopied since the server started or the volume's configuration changed
     * @param bytesCopied their bytes
     * @param trouble why it does not go on, and what to do, in English; empty when it does
     * @param finding the same in a code
     */
    record Backup(
            String volume,
            long chunksWaiting,
            long bytesWaiting,
            long lagSeconds,
            long chunksCopied,
            long bytesCopied,
            String trouble,
            Optional<HealthCheck.Finding> finding) {
        /** Without a code. */
        public Backup(
                String volume,
                long chunksWaiting,
                long bytesWaiting,
                long lagSeconds,
                long chunksCopied,
                long bytesCopied,
                String trouble) {
            this(volume, chunksWaiting, bytesWaiting, lagSeconds, chunksCopied, bytesCopied, trouble, Optional.empty());
        }
    }
}
