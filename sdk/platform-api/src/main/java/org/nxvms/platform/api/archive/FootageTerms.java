// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.List;
import java.util.Optional;

/**
 * How long and where footage of a stream is kept.
 *
 * @param retentionDaysMin footage younger than this is removed for room only when nothing older is left to remove; 0
 *     when it has no such privilege; not above {@code retentionDaysMax}
 * @param retentionDaysMax footage older than this is removed, 1..3650
 * @param volumes names of the volumes it belongs on, in order of preference; another one takes it while none of them can.
 *     Empty: any volume that takes footage of everybody
 * @param backup name of the volume that gets a copy of every sealed segment; empty for none
 */
public record FootageTerms(int retentionDaysMin, int retentionDaysMax, List<String> volumes, Optional<String> backup) {
    /** Ten years. */
    public static final int RETENTION_DAYS_MAX = 3650;
    /** More would be a mistake. */
    public static final int VOLUMES_MAX = 16;

    public FootageTerms {
        volumes = List.copyOf(volumes);
        if (retentionDaysMax < 1 || retentionDaysMax > RETENTION_DAYS_MAX) {
            throw new IllegalArgumentException(
                    "retentionDaysMax must be 1.." + RETENTION_DAYS_MAX + ", not " + retentionDaysMax);
        }
        if (retentionDaysMin < 0 || retentionDaysMin > retentionDaysMax) {
            throw new IllegalArgumentException(
                    "retentionDaysMin must be 0..retentionDaysMax (" + retentionDaysMax + "), not " + retentionDaysMin);
        }
        if (volumes.size() > VOLUMES_MAX) {
            throw new IllegalArgumentException("volumes must name at most " + VOLUMES_MAX + ", not " + volumes.size());
        }
        if (backup.filter(volumes::contains).isPresent()) {
            throw new IllegalArgumentException(
                    "backup must be another volume than those for the footage itself, not " + backup.get());
        }
    }

    /** {@return terms that only limit the time} */
    public static FootageTerms days(int retentionDaysMax) {
        return new FootageTerms(0, retentionDaysMax, List.of(), Optional.empty());
    }
}
