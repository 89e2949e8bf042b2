// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.rest.kit.problem.Times;

/**
 * The times of exports. When one is ordered and done is told by the wall clock. When a package has been kept for long enough is not:
 * one that is wrong for a moment would remove them all. That is told as for footage; any thread.
 *
 * @param wall the wall clock
 * @param ageUs see {@link org.nxvms.platform.api.archive.AgeClock}; while it is empty nothing is too old
 */
record ExportClocks(Supplier<Instant> wall, Supplier<OptionalLong> ageUs) {
    /** {@return the time to note} */
    Instant now() {
        return wall.get();
    }

    /** {@return whether a job is to be removed by now} */
    boolean isTooOld(ExportJob job) {
        OptionalLong now = ageUs.get();
        return now.isPresent()
                && job.expires().filter(Times.instant(now.getAsLong())::isAfter).isPresent();
    }
}
