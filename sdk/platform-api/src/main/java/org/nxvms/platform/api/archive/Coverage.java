// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.nxvms.media.StreamId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How much of each day of a stream is footage, and why the rest is not. Every moment counts once: as footage, or for the
 * first gap that covers it, or as {@link #UNEXPLAINED}. Any thread; blocks on the archive.
 */
@ProviderType
public interface Coverage {
    /** Days in one answer. */
    int DAYS_MAX = 400;

    /** The cause of what nobody accounts for. */
    String UNEXPLAINED = "unexplained";

    /**
     * @param fromUs at most {@link #DAYS_MAX} days before {@code toUs}
     * @param zone whose midnights part the days
     * @return counted from the stream's first record on, up to now; of a stream that records, to the end of what is written
     */
    Report report(StreamId stream, long fromUs, long toUs, ZoneId zone);

    /** The days in order, and their sum. */
    record Report(Day all, List<Day> days) {
        public Report {
            days = List.copyOf(days);
        }
    }

    /**
     * One day, or all of them together.
     *
     * @param day as {@code 2026-11-22} in the time zone asked for; empty for the sum
     * @param totalMs what is counted
     * @param percent footage of what was wanted and not removed by rule, rounded down to hundredths; empty when nothing
     *     was wanted
     */
    record Day(Optional<String> day, long totalMs, long coveredMs, OptionalDouble percent, List<Missing> missing) {
        public Day {
            missing = List.copyOf(missing);
        }
    }

    /**
     * Time without footage for one cause.
     *
     * @param cause name of the gap's cause, lower case with underscores
     */
    record Missing(String cause, long ms) {}
}
