// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.nxvms.driver.spi.EdgeRecordings.Recording;

/**
 * Which of a camera's recordings are of the stream whose footage is missing. A device may record several of one time: of
 * several lenses, or of one in several qualities. One in which pictures beside the gap were found is of this stream. Another
 * may go on where that one ends, after a restart of the device, but only if it is the only one of its time.
 *
 * @param all by time
 * @param isUnsure whether there are several of one time and nothing tells which of them it is
 */
record Sources(List<Recording> all, List<Recording> found, boolean isUnsure) {
    /** One may be told to begin so much before the one before it ends: devices tell whole seconds. */
    private static final long TOGETHER_US_MAX = 2_000_000;

    /**
     * @param recordings of the time that is missing, by time
     * @param before the one that has the last picture in front of it
     * @param behind the one that has the first picture behind it
     */
    static Sources of(List<Recording> recordings, Optional<Recording> before, Optional<Recording> behind) {
        List<Recording> found =
                Stream.concat(before.stream(), behind.stream()).distinct().toList();
        List<Recording> all = recordings.stream()
                .filter(one -> found.contains(one) || isAlone(one, recordings))
                .toList();
        return new Sources(all, found, found.isEmpty() && all.size() < recordings.size());
    }

    /** {@return whether it was found by its pictures that it is of this stream} */
    boolean isFound(Recording recording) {
        return found.contains(recording);
    }

    private static boolean isAlone(Recording one, List<Recording> recordings) {
        return recordings.stream().noneMatch(other -> !other.equals(one) && togetherUs(one, other) > TOGETHER_US_MAX);
    }

    private static long togetherUs(Recording one, Recording other) {
        return Math.min(endUs(one), endUs(other))
                - Math.max(DeviceFootage.us(one.from()), DeviceFootage.us(other.from()));
    }

    private static long endUs(Recording recording) {
        return recording.to().map(DeviceFootage::us).orElse(Long.MAX_VALUE);
    }
}
