// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.Arrays;

/**
 * Stretches of time in ascending order, disjoint, half open, in microseconds since 1970. Growing only; two numbers a
 * stretch and no objects, so that months fit into little memory. Belongs to one thread while it grows; whoever is
 * answered with one may go on with it.
 */
public final class TimeSpans {
    /** Footage with less than this between it is one stretch: the rounding of times between two files. */
    public static final long JOIN_US = 500_000L;

    private static final int START_CAPACITY = 4;

    private long[] bounds = new long[2 * START_CAPACITY];
    private int count;

    /** {@return number of stretches} */
    public int count() {
        return count;
    }

    public long fromUs(int i) {
        return bounds[2 * i];
    }

    public long toUs(int i) {
        return bounds[2 * i + 1];
    }

    /** {@return the sum of all stretches in microseconds} */
    public long totalUs() {
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += toUs(i) - fromUs(i);
        }
        return total;
    }

    /**
     * Adds a stretch that begins no earlier than the last one added. It joins the last one when they overlap, touch, or
     * less than {@code mergeUs} lies between them. An empty one changes nothing.
     */
    public void add(long fromUs, long toUs, long mergeUs) {
        if (toUs <= fromUs) {
            return;
        }
        if (count > 0) {
            long lastTo = bounds[2 * count - 1];
            if (fromUs <= lastTo || fromUs - lastTo < mergeUs) {
                bounds[2 * count - 1] = Math.max(lastTo, toUs);
                return;
            }
        }
        if (2 * count == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * bounds.length);
        }
        bounds[2 * count] = fromUs;
        bounds[2 * count + 1] = toUs;
        count++;
    }

    /** Adds what of {@code other} lies in a range, in order. */
    public void addAll(TimeSpans other, long fromUs, long toUs, long mergeUs) {
        for (int i = 0; i < other.count; i++) {
            add(Math.max(fromUs, other.fromUs(i)), Math.min(toUs, other.toUs(i)), mergeUs);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TimeSpans that && Arrays.equals(bounds, 0, 2 * count, that.bounds, 0, 2 * that.count);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < 2 * count; i++) {
            hash = 31 * hash + Long.hashCode(bounds[i]);
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ", ").append(fromUs(i)).append("..").append(toUs(i));
        }
        return text.append(']').toString();
    }
}
