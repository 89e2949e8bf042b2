// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.timeline;

import java.util.Arrays;

/**
 * Stretches of time in ascending order, disjoint, half open, in microseconds since 1970. Growing only;
 * two numbers a stretch and no objects, so that months fit into little memory. One thread at a time while
 * it grows, any thread afterwards.
 */
final class Spans {
    private long[] bounds;
    private int count;

    Spans() {
        this(8);
    }

    private Spans(int capacity) {
        bounds = new long[2 * capacity];
    }

    /** {@return number of stretches} */
    int count() {
        return count;
    }

    long fromUs(int i) {
        return bounds[2 * i];
    }

    long toUs(int i) {
        return bounds[2 * i + 1];
    }

    /**
     * Adds a stretch that begins no earlier than the last one added. It joins the last one when they
     * overlap or less than {@code mergeUs} lies between them.
     */
    void add(long fromUs, long toUs, long mergeUs) {
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
    void addAll(Spans other, long fromUs, long toUs, long mergeUs) {
        for (int i = 0; i < other.count; i++) {
            add(Math.max(fromUs, other.fromUs(i)), Math.min(toUs, other.toUs(i)), mergeUs);
        }
    }

    /** {@return a copy that holds no spare memory} */
    Spans trimmed() {
        Spans copy = new Spans(count);
        copy.bounds = Arrays.copyOf(bounds, 2 * count);
        copy.count = count;
        return copy;
    }
}
