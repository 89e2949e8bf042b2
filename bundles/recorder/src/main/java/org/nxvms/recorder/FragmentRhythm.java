// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

/**
 * When a fragment is long enough. A fragment not yet written is what a killed server loses, so none is longer than
 * {@link #FRAGMENT_US_MAX}; a GOP is cut into equal parts, as long as the one before tells, so that none is tiny; and
 * key frames that follow each other closely share a fragment.
 */
final class FragmentRhythm {
    /** With the time to gather the next picture, a tick and a write it stays well below the second that may be lost. */
    static final long FRAGMENT_US_MAX = 700_000;
    /** Streams of key frames alone (MJPEG) would make a fragment of each picture. */
    private static final long FRAGMENT_US_MIN = 350_000;
    /** Longer distances between key frames tell nothing about the next. */
    private static final long GOP_US_MAX = 60_000_000;

    private long gopStartUs = Long.MIN_VALUE;
    private long partUs = FRAGMENT_US_MAX;
    private int parts = 1;
    private int cuts;

    void restart() {
        gopStartUs = Long.MIN_VALUE;
        partUs = FRAGMENT_US_MAX;
        parts = 1;
        cuts = 0;
    }

    /** A key frame of the leading track begins a fragment. */
    void gopStarts(long wallUs) {
        long gopUs = wallUs - gopStartUs;
        boolean known = gopStartUs != Long.MIN_VALUE && gopUs > 0 && gopUs <= GOP_US_MAX;
        parts = known ? (int) ((gopUs + FRAGMENT_US_MAX - 1) / FRAGMENT_US_MAX) : 1;
        partUs = known ? gopUs / parts : FRAGMENT_US_MAX;
        gopStartUs = wallUs;
        cuts = 0;
    }

    /** A fragment begins within the GOP. */
    void partStarts() {
        cuts++;
    }

    /** {@return whether a fragment of this age ends before the next picture} */
    boolean isDue(long ageUs, boolean beforeKey) {
        if (beforeKey) {
            return ageUs >= FRAGMENT_US_MIN;
        }
        // The last part is ended by the key frame, unless that is late.
        return ageUs >= (cuts < parts - 1 ? partUs : FRAGMENT_US_MAX);
    }
}
