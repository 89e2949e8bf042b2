// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.rest.kit.problem.Times;

/**
 * The times of exports. When one is ordered and done is told by the wall clock. When a package has been kept for long enough is not:
 * one that is wrong for a moment would remove them all, or keep them for years. That is told as for footage, and a package that was
 * made since this process began is kept for as long as it was promised by a clock that nobody sets; any thread.
 *
 * @param wall the wall clock
 * @param ageUs see {@link org.nxvms.platform.api.archive.AgeClock}; while it is empty nothing is too old
 * @param livedNanos as {@link System#nanoTime()}
 */
record ExportClocks(Supplier<Instant> wall, Supplier<OptionalLong> ageUs, LongSupplier livedNanos) {
    /** {@return the time to note} */
    Instant now() {
        return wall.get();
    }

    /** {@return when what is done now is to be removed} */
    Instant expiry(Duration kept) {
        OptionalLong now = ageUs.get();
        return (now.isPresent() ? Times.instant(now.getAsLong()) : wall.get()).plus(kept);
    }

    /**
     * {@return whether a job is to be removed by now}
     *
     * @param doneNanos when this process saw it end, by the time it lived; empty for an earlier one's
     */
    boolean isTooOld(ExportJob job, OptionalLong doneNanos, Duration kept) {
        OptionalLong now = ageUs.get();
        return now.isPresent()
                && job.expires().filter(Times.instant(now.getAsLong())::isAfter).isPresent()
                && (doneNanos.isEmpty() || livedNanos.getAsLong() - doneNanos.getAsLong() >= kept.toNanos());
    }
}
