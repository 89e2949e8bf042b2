// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.List;
import java.util.Optional;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.annotation.versioning.ProviderType;

/** Footage on its way from one volume to others; begun by {@link VolumeAdmin#retire} or by itself. Any thread. */
@ProviderType
public interface VolumeMoves {
    /** {@return retired volumes, and those from which something was moved since the server started} */
    List<Move> moves();

    /** Why footage leaves a volume; more may follow, a {@code switch} needs a default branch. */
    enum Reason {
        /** The volume is to be emptied. */
        RETIRED,
        /** Its streams name another volume, which could not take it when it was written. */
        BELONGS_ELSEWHERE
    }

    /**
     * How far it is.
     *
     * @param volume name of the volume that footage leaves
     * @param chunksLeft chunks still on a retired volume; -1 when unknown
     * @param bytesLeft their bytes; -1 when unknown
     * @param chunksMoved since the server started or the volume's configuration changed
     * @param bytesMoved their bytes
     * @param trouble why it does not go on, and what to do, in English; empty when it does
     * @param finding the same in a code
     */
    record Move(
            String volume,
            Reason reason,
            long chunksLeft,
            long bytesLeft,
            long chunksMoved,
            long bytesMoved,
            String trouble,
            Optional<HealthCheck.Finding> finding) {
        /** Without a code. */
        public Move(
                String volume,
                Reason reason,
                long chunksLeft,
                long bytesLeft,
                long chunksMoved,
                long bytesMoved,
                String trouble) {
            this(volume, reason, chunksLeft, bytesLeft, chunksMoved, bytesMoved, trouble, Optional.empty());
        }
    }
}
