// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Room on the disk of a folder. Any thread; blocks on disk. */
@FunctionalInterface
interface DiskSpace {
    /** {@return bytes that can be used} */
    long usable(Path folder) throws IOException;

    /** {@return what holds because footage is recorded on the same disk; empty when none is} */
    default Optional<Shared> shared(Path folder) throws IOException {
        return Optional.empty();
    }

    /**
     * Of a disk that footage is recorded on too: retention makes room there, by the oldest footage.
     *
     * @param reserveBytes that stay free, so that recording goes on
     * @param packageBytesMax of all packages, so that they cost little footage
     */
    record Shared(long reserveBytes, long packageBytesMax) {}
}
