// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.rendition;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a rendition is made: H.264, at most so high, with so many bits. Its text, as in {@code main~480p-500k}, is the form of a
 * {@link org.nxvms.media.StreamId}; each has one spelling, so that viewers share what they mean alike.
 *
 * @param heightMax in pixels, even, 120..2160; 0 for the height of the source. A lower source keeps its own
 * @param kilobits bits per second of the picture in thousands, 50..20000; 0 for what suits its size
 */
public record Form(int heightMax, int kilobits) {
    /** What may be asked for, for people. */
    public static final String KNOWN =
            "a form is \"h264\" or a height (\"480p\", even, 120..2160), and may end in kilobits per"
                    + " second (\"480p-500k\", 50..20000)";

    private static final Pattern TEXT = Pattern.compile("(?:h264|([1-9]\\d{2,3})p)(?:-([1-9]\\d{1,4})k)?");

    public Form {
        if (heightMax != 0 && (heightMax < 120 || heightMax > 2160 || heightMax % 2 != 0)
                || kilobits != 0 && (kilobits < 50 || kilobits > 20_000)) {
            throw new IllegalArgumentException(KNOWN);
        }
    }

    /**
     * {@return the form of this text}
     *
     * @throws IllegalArgumentException when it is none; the message is {@link #KNOWN}
     */
    public static Form of(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(KNOWN);
        }
        return new Form(number(parts.group(1)), number(parts.group(2)));
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** {@return its text} */
    @Override
    public String toString() {
        return (heightMax == 0 ? "h264" : heightMax + "p") + (kilobits == 0 ? "" : "-" + kilobits + "k");
    }
}
