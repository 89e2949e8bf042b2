// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

/**
 * Which characters can be written into a picture: those of Latin, Greek and Cyrillic that stand one behind the other without
 * changing their form. Others are shown as {@link #UNKNOWN}.
 *
 * @since 0.1
 */
public final class CaptionText {
    /** Of one caption, all its lines. */
    public static final int CHARS_MAX = 500;

    public static final int UNKNOWN = 0xFFFD;

    /** First and last of each range. */
    private static final int[] RANGES = {
        0x20, 0x7E, 0xA0, 0xAC, 0xAE, 0x17F, 0x218, 0x21B, 0x386, 0x386, 0x388, 0x38A, 0x38C, 0x38C, 0x38E, 0x3A1,
        0x3A3, 0x3CE, 0x400, 0x45F, 0x490, 0x491, 0x2010, 0x2015, 0x2018, 0x201A, 0x201C, 0x201E, 0x2020, 0x2022,
        0x2026, 0x2026, 0x2030, 0x2030, 0x2039, 0x203A, 0x20AC, 0x20AC, 0x2116, 0x2116, 0x2122, 0x2122, 0x2190, 0x2193,
        UNKNOWN, UNKNOWN
    };

    private CaptionText() {}

    /** {@return whether it is shown as itself} */
    public static boolean isShown(int codePoint) {
        for (int i = 0; i < RANGES.length; i += 2) {
            if (codePoint >= RANGES[i] && codePoint <= RANGES[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
