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
 */
public record VolumeSettings(String name, String path, boolean create, Limits limits) {
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
     */
    public record Limits(
            long reserveBytes, int reservePercent, long quotaBytes, int weight, FootageEncryption encryption) {
        /** Five percent free at most 2 GiB, no quota, an equal share. */
        public static final Limits DEFAULT = new Limits(-1, 5, -1, 100);

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
        }
    }
}
