// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.regex.Pattern;

/**
 * What an administrator decides about a volume in a folder.
 *
 * @param name 1..40 of {@code a-z 0-9 _ -}, unique on the server
 * @param path absolute folder, usually a mount point
 * @param create whether a missing folder is made, and one that is not empty used, at first use
 * @param limits what may be changed later
 * @param role what the volume is for; stays as it is
 */
public record VolumeSettings(String name, String path, boolean create, Limits limits, Role role) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,40}");
    private static final Pattern PATH = Pattern.compile("/[^\\p{Cntrl}\\\\${}]{1,400}");

    public VolumeSettings {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name must be 1..40 of a-z 0-9 _ -, not \"" + shown(name) + "\"");
        }
        if (!PATH.matcher(path).matches() || (path + "/").contains("/../") || (path + "/").contains("/./")) {
            throw new IllegalArgumentException("path must be an absolute folder below /, without . and .. and without"
                    + " \\ $ { }, not \"" + shown(path) + "\"");
        }
    }

    /** For what is recorded. */
    public VolumeSettings(String name, String path, boolean create, Limits limits) {
        this(name, path, create, limits, Role.RECORD);
    }

    /** What a volume is for; more may follow, a {@code switch} needs a default branch. */
    public enum Role {
        /** Footage of cameras. */
        RECORD,
        /** Copies of it (ADR 26). */
        BACKUP
    }

    private static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }

    /**
     * How much of a volume is used, and how.
     *
     * @param reserveBytes free space that is never used; -1 = the smaller of {@code reservePercent} and 2 GiB
     * @param reservePercent of the medium's size, 0..90
     * @param quotaBytes footage is kept below this; -1 = the reserve alone limits it
     * @param weight share of footage beside other volumes, 0..1000; 0 = only streams that name the volume
     * @param encryption how new footage is written
     * @param retentionDaysMin footage younger than this goes last when room is needed, 0..3650; not above the maximum
     * @param retentionDaysMax footage older than this leaves the volume, 1..3650; -1 = only its cameras limit it
     */
    public record Limits(
            long reserveBytes,
            int reservePercent,
            long quotaBytes,
            int weight,
            FootageEncryption encryption,
            int retentionDaysMin,
            int retentionDaysMax) {
        /** Five percent free at most 2 GiB, no quota, an equal share. */
        public static final Limits DEFAULT = new Limits(-1, 5, -1, 100);

        /** Without days of its own. */
        public Limits(
                long reserveBytes, int reservePercent, long quotaBytes, int weight, FootageEncryption encryption) {
            this(reserveBytes, reservePercent, quotaBytes, weight, encryption, 0, -1);
        }

        /** Without encryption. */
        public Limits(long reserveBytes, int reservePercent, long quotaBytes, int weight) {
            this(reserveBytes, reservePercent, quotaBytes, weight, FootageEncryption.NONE);
        }

        public Limits {
            if (reserveBytes < -1) {
                throw new IllegalArgumentException(
                        "reserveBytes must be >= 0, or -1 for reservePercent, not " + reserveBytes);
            }
            if (reservePercent < 0 || reservePercent > 90) {
                throw new IllegalArgumentException("reservePercent must be 0..90, not " + reservePercent);
            }
            if (quotaBytes < -1 || quotaBytes == 0) {
                throw new IllegalArgumentException("quotaBytes must be > 0, or -1 for none, not " + quotaBytes);
            }
            if (weight < 0 || weight > 1000) {
                throw new IllegalArgumentException("weight must be 0..1000, not " + weight);
            }
            if (retentionDaysMax != -1
                    && (retentionDaysMax < 1 || retentionDaysMax > FootageTerms.RETENTION_DAYS_MAX)) {
                throw new IllegalArgumentException("retentionDaysMax must be 1.." + FootageTerms.RETENTION_DAYS_MAX
                        + ", or -1 for none, not " + retentionDaysMax);
            }
            int most = retentionDaysMax == -1 ? FootageTerms.RETENTION_DAYS_MAX : retentionDaysMax;
            if (retentionDaysMin < 0 || retentionDaysMin > most) {
                throw new IllegalArgumentException("retentionDaysMin must be 0.." + most
                        + (retentionDaysMax == -1 ? "" : " (retentionDaysMax)") + ", not " + retentionDaysMin);
            }
        }
    }
}
