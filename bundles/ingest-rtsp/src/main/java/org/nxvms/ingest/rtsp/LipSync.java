// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

/**
 * Where the units of a track lie among the pictures, as the camera tells it: to begin with by where both tracks stand at the
 * moment from which it plays, later by their sender reports. Where reports contradict what was told, they are heard when the next
 * ones say the same: one that was made while the camera's clock was set is not. Allocates nothing. Loop thread only.
 */
final class LipSync {
    /** The camera has told nothing that can be believed. */
    static final long NOT_TOLD = Long.MIN_VALUE;

    /** What differs by no more than half a picture is the same. */
    private static final long SAME = PictureTime.CLOCK_RATE / 50;
    /**
     * Some cameras name the first packet of each track, whatever its time: there the arrivals are right. Servers that keep to the
     * rule were seen to send their first sound 52 ms late.
     */
    private static final long BEGIN_TRUSTED = PictureTime.CLOCK_RATE * 8 / 100;
    /** For so long two crystals of one camera have not run apart. */
    private static final long BEGIN_HOLDS = 300L * PictureTime.CLOCK_RATE;

    private final SenderClock pictures;
    private final SenderClock units;
    private final int clockRate;
    private boolean judging;
    private long judgedFrom;
    private boolean reported;
    private long picturesHeard;
    private long unitsHeard;
    /** From a unit's time, at the pace of the pictures' time stamps, to theirs. */
    private long told = NOT_TOLD;
    /** What the beginning says of it, believed or not. */
    private long begun = NOT_TOLD;
    /** What the last reports say of it, believed or not. */
    private long last = NOT_TOLD;
    /** Two of these say the same. */
    private boolean sure;

    /**
     * @param pictures what the camera tells of the pictures' time stamps
     * @param units what it tells of the track's
     * @param clockRate of the track's
     */
    LipSync(SenderClock pictures, SenderClock units, int clockRate) {
        this.pictures = pictures;
        this.units = units;
        this.clockRate = clockRate;
    }

    /** A run begins: what only the beginning of the session told is held against the arrivals once more. */
    void restart() {
        if (!reported) {
            told = NOT_TOLD;
            judging = false;
        }
    }

    /** {@return whether it was told twice, so that it is right whatever the arrivals say} */
    boolean isSure() {
        return sure;
    }

    /**
     * {@return the time stamp a picture of the same moment has, or {@link #NOT_TOLD}}
     *
     * @param ticks of the unit
     * @param lastPicture of the newest picture
     * @param byArrival what the unit's arrival tells
     * @param early by how much pictures came earlier of late than the first of them let expect
     */
    long pictureTicks(long ticks, long lastPicture, long byArrival, long early) {
        long unit = ticks * PictureTime.CLOCK_RATE / clockRate;
        if (pictures.reports() != picturesHeard && units.reports() != unitsHeard) {
            hear(pictures.ticks(units.wallUs(ticks), lastPicture) - unit);
        } else if (told == NOT_TOLD && !reported) {
            begin(ticks, lastPicture, byArrival - unit, early);
        }
        return told == NOT_TOLD ? NOT_TOLD : unit + told;
    }

    /** Both tracks have reported anew. */
    private void hear(long said) {
        picturesHeard = pictures.reports();
        unitsHeard = units.reports();
        boolean again = same(said, last) || same(said, begun);
        if (!reported || again) {
            sure = again;
            told = said;
        } else if (same(said, told)) {
            told = said;
        }
        last = said;
        reported = true;
    }

    private static boolean same(long one, long other) {
        return other != NOT_TOLD && Math.abs(one - other) <= SAME;
    }

    /**
     * Whatever holds a packet up makes it late, so the arrivals of the first second decide together: of units the earliest, and
     * of pictures the earliest.
     */
    private void begin(long ticks, long lastPicture, long arrived, long early) {
        if (!pictures.hasBegin() || !units.hasBegin()) {
            return;
        }
        if (!judging) {
            judging = true;
            judgedFrom = ticks;
        }
        long picture = pictures.begin(lastPicture);
        if (ticks - judgedFrom > clockRate || Math.abs(lastPicture - picture) > BEGIN_HOLDS) {
            return;
        }
        begun = picture - units.begin(ticks) * PictureTime.CLOCK_RATE / clockRate;
        long late = arrived - begun;
        if (late <= BEGIN_TRUSTED && late >= -BEGIN_TRUSTED - early) {
            told = begun;
        }
    }
}
