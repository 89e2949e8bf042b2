// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Comparing the disk with the index and putting the index right; the disk is the truth. Both operations run on the
 * caller's thread for as long as it takes (a million chunks: minutes; with {@code verifyHashes} every byte is read),
 * while recording goes on. One at a time; a second caller gets {@link IllegalStateException}.
 */
@ProviderType
public interface ArchiveMaintenance {
    /**
     * Says what does not agree; changes nothing.
     *
     * @param verifyHashes also read all footage and compare it with the SHA-256 of each fragment
     * @param progress told now and then, on the caller's thread
     * @throws org.nxvms.platform.api.StoreException when the database fails
     */
    Report check(boolean verifyHashes, Consumer<Progress> progress);

    /**
     * Makes the index from the volumes: writes missing and wrong rows again, removes rows without a file, seals what a
     * crash left open, and reads gaps from the volumes' journals. Footage is never removed.
     *
     * @throws org.nxvms.platform.api.StoreException when the database fails; done work stays
     */
    Report rebuild(Consumer<Progress> progress);

    /**
     * How far an operation is.
     *
     * @param volume name of the volume it is at
     * @param chunks chunk files seen on all volumes so far
     * @param problems problems found so far
     */
    record Progress(String volume, long chunks, long problems) {}

    /**
     * The outcome.
     *
     * @param chunks chunk files on the volumes
     * @param bytes their size
     * @param gaps gaps in the journals
     * @param problems how many of each kind, e.g. {@code file without a row}; empty when all agrees
     * @param examples one sentence each about the first problems, at most {@link #EXAMPLES_MAX}
     * @param repaired how many of the problems were put right
     * @param volumes what lies on each volume that could be read
     * @param passedBy chunks that were not looked at, since they were written, sealed, moved, copied or removed just then,
     *     or it is not decided yet which of two files counts
     */
    record Report(
            long chunks,
            long bytes,
            long gaps,
            Map<String, Long> problems,
            List<String> examples,
            long repaired,
            List<VolumeChunks> volumes,
            long passedBy) {
        /** Enough to see the pattern. */
        public static final int EXAMPLES_MAX = 100;

        public Report {
            problems = Map.copyOf(problems);
            examples = List.copyOf(examples);
            volumes = List.copyOf(volumes);
        }

        public boolean sound() {
            return problems.isEmpty();
        }
    }

    /**
     * Chunk files on a volume, by how they say they were written; those whose head cannot be read are neither.
     *
     * @param volume its name
     * @param encrypted how many are encrypted
     * @param clear how many are not: on an encrypted volume those of before it was
     */
    record VolumeChunks(String volume, long encrypted, long clear) {}
}
