// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.nio.file.Path;

/**
 * How much is exported, and how.
 *
 * @param folder where packages lie
 * @param packageBytesMax of all packages together
 * @param reserveBytes free space on the folder's disk that is never used
 * @param jobsMax made at the same time
 * @param waitingMax jobs that are not finished
 * @param waitingOfOneMax of those, of one user
 * @param hoursKept a finished package
 * @param bytesPerSecond read by each job
 * @param daysMax of one order's range
 */
public record ExportLimits(
        Path folder,
        long packageBytesMax,
        long reserveBytes,
        int jobsMax,
        int waitingMax,
        int waitingOfOneMax,
        int hoursKept,
        long bytesPerSecond,
        int daysMax) {
    /** Jobs that are kept, finished ones too: each list of exports has them all. */
    static final int JOBS_MAX = 1_000;
}
