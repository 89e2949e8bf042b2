// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.util.concurrent.TimeUnit;

/**
 * RTP time of one session's tracks: one moment for all of them, continuous over runs that follow each other, from where the
 * answer to PLAY said (RTP-Info). One thread at a time.
 */
final class Timeline {
    private static final long SECOND_US = TimeUnit.SECONDS.toMicros(1);
    /** Between a run's last unit and the next one's first at least: one picture. */
    private static final long STEP_US = 40_000;

    private final int[] clockRates;
    private final long[] base;
    /** Ticks of a track's own clock that its RTP time begins with, by the run that goes on. */
    private final long[] anchor;

    private final long[] reference;
    private int scale = 1;
    private boolean skipsGaps;
    private boolean anchored;
    private long run;
    private long elapsedUs;
    private long anchorUs;
    private long lastWallUs;

    /**
     * @param clockRates of the tracks
     * @param base RTP time of the beginning, of each track its own, random (RFC 3550 5.1)
     */
    Timeline(int[] clockRates, long[] base) {
        this.clockRates = clockRates.clone();
        this.base = base.clone();
        this.anchor = new long[clockRates.length];
        this.reference = new long[clockRates.length];
    }

    /** {@return RTP time of a track at the moment that is played next, 32 bits} */
    long start(int track) {
        return base[track] + ticks(elapsedUs, track) & 0xFFFF_FFFFL;
    }

    /**
     * Playing begins, or begins again: what comes first is where RTP-Info says.
     *
     * @param newScale how much faster than it happened
     * @param newSkipsGaps whether a run follows the one before at once, however long nothing was recorded
     */
    void begin(int newScale, boolean newSkipsGaps) {
        anchored = false;
        scale = newScale;
        skipsGaps = newSkipsGaps;
    }

    /** Playing pauses: what comes next follows what was sent last. */
    void pause() {
        if (anchored) {
            elapsedUs += STEP_US;
        }
        anchored = false;
    }

    /**
     * Places a unit.
     *
     * @return its RTP time, more than 32 bits; negative against {@link #start} when it lies before what is played
     */
    long place(Unit unit) {
        if (!anchored || unit.run != run) {
            anchor(unit);
        }
        long since = Math.floorDiv(unit.timestamp - reference[unit.track], (long) scale);
        elapsedUs = Math.max(elapsedUs, anchorUs + rescaled(since, clockRates[unit.track], (int) SECOND_US));
        lastWallUs = Math.max(lastWallUs, unit.wallUs);
        return anchor[unit.track] + since;
    }

    private void anchor(Unit unit) {
        if (anchored) {
            elapsedUs += skipsGaps ? STEP_US : Math.max(STEP_US, unit.wallUs - lastWallUs);
        }
        anchored = true;
        run = unit.run;
        anchorUs = elapsedUs;
        lastWallUs = unit.wallUs;
        for (int track = 0; track < clockRates.length; track++) {
            anchor[track] = base[track] + ticks(anchorUs, track);
            reference[track] = rescaled(unit.timestamp, clockRates[unit.track], clockRates[track]);
        }
    }

    /** {@return when a unit that was placed is to be sent, in microseconds of what was played since the session began} */
    long dueUs(Unit unit) {
        long since = Math.floorDiv(unit.decodeTime - reference[unit.track], (long) scale);
        return anchorUs + rescaled(since, clockRates[unit.track], (int) SECOND_US);
    }

    /** {@return whether a unit lies before what is played: sound that was captured before the first picture} */
    boolean isEarly(Unit unit) {
        return anchored && unit.run == run && unit.timestamp < reference[unit.track];
    }

    private long ticks(long us, int track) {
        return rescaled(us, (int) SECOND_US, clockRates[track]);
    }

    private static long rescaled(long ticks, int from, int to) {
        return Math.floorDiv(ticks, (long) from) * to + Math.floorMod(ticks, (long) from) * to / from;
    }
}
