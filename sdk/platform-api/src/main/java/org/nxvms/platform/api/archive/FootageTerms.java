// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.List;

/**
 * How long and where footage of a stream is kept.
 *
 * @param retentionDaysMin footage younger than this is removed for room only when nothing older is left to remove; 0
 *     when it has no such privilege; not above {@code retentionDaysMax}
 * @param retentionDaysMax footage older than this is removed, 1..3650
 * @param volumes names of the volumes it belongs on, in order of preference; another one takes it while none of them can.
 *     Empty: any volume that takes footage of everybody
 * @param backups names of backup volumes, in order of preference: each sealed segment is copied to the first of them that
 *     can. Empty: there is no copy
 */
public record FootageTerms(int retentionDaysMin, int retentionDaysMax, List<String> volumes, List<String> backups) {
    /** Ten years. */
    public static final int RETENTION_DAYS_MAX = 3650;
    /** More would be a mistake. */
    public static final int VOLUMES_MAX = 16;

    public FootageTerms {
        volumes = List.copyOf(volumes);
        backups = List.copyOf(backups);
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
        if (backups.size() > VOLUMES_MAX) {
            throw new IllegalArgumentException("backups must name at most " + VOLUMES_MAX + ", not " + backups.size());
        }
    }

    /** Without a copy. */
    public FootageTerms(int retentionDaysMin, int retentionDaysMax, List<String> volumes) {
        this(retentionDaysMin, retentionDaysMax, volumes, List.of());
    }

    /** {@return terms that only limit the time} */
    public static FootageTerms days(int retentionDaysMax) {
        return new FootageTerms(0, retentionDaysMax, List.of());
    }
}
