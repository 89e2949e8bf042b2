// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.concurrent.TimeUnit;
import org.nxvms.platform.api.archive.TimeSpans;

/** The stretches of one UTC day as text: distances in microseconds, base 36, beginning and end in turn, from midnight. */
final class DayText {
    static final long DAY_US = TimeUnit.DAYS.toMicros(1);
    /** The column's size; fifty thousand stretches a day fit. */
    private static final int CHARS_MAX = 1_000_000;

    private static final int RADIX = 36;

    private DayText() {}

    static String write(long day, TimeSpans spans) {
        String text = text(day, spans);
        // Nobody can see so many stretches; short holes in between are given up until they fit.
        TimeSpans coarse = spans;
        for (long mergeUs = 2 * TimeSpans.JOIN_US; text.length() > CHARS_MAX; mergeUs *= 2) {
            TimeSpans coarser = new TimeSpans();
            coarser.addAll(coarse, Long.MIN_VALUE, Long.MAX_VALUE, mergeUs);
            coarse = coarser;
            text = text(day, coarse);
        }
        return text;
    }

    private static String text(long day, TimeSpans spans) {
        StringBuilder text = new StringBuilder();
        long at = day * DAY_US;
        for (int i = 0; i < spans.count(); i++) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(Long.toString(spans.fromUs(i) - at, RADIX))
                    .append(' ')
                    .append(Long.toString(spans.toUs(i) - spans.fromUs(i), RADIX));
            at = spans.toUs(i);
        }
        return text.toString();
    }

    /** Adds the day's stretches that lie in a range. */
    static void read(long day, String text, long fromUs, long toUs, TimeSpans target) {
        long at = day * DAY_US;
        long begin = at;
        boolean isEnd = false;
        for (int i = 0; i < text.length(); ) {
            int space = text.indexOf(' ', i);
            int end = space < 0 ? text.length() : space;
            at += Long.parseLong(text, i, end, RADIX);
            if (isEnd) {
                target.add(Math.max(fromUs, begin), Math.min(toUs, at), TimeSpans.JOIN_US);
            } else {
                begin = at;
            }
            isEnd = !isEnd;
            i = end + 1;
        }
    }
}
