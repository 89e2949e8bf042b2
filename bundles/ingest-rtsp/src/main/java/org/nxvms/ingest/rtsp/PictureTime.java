// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.List;
import java.util.Optional;
import org.nxvms.ingest.kit.ArrivalClock;

/**
 * The times of a run's pictures: from the camera's clock to time stamps within the run and to wall time, and where the run
 * began and ends. Allocates nothing per picture. Loop thread only.
 */
final class PictureTime {
    /** Time stamps of a run begin here, so that neither early audio nor decode times of B-frames fall below zero. */
    static final long ORIGIN_S = 10;

    static final int CLOCK_RATE = 90_000;
    /** Slower than one picture a second is time lapse, and a stall rather than a long picture. */
    private static final long PICTURE_US_MAX = 1_000_000;

    private final ArrivalClock clock = new ArrivalClock(CLOCK_RATE);
    private long runStartUs;
    private long lastWallUs;
    private long lastStepUs;
    private long base;
    private long lastTicks;
    /** By how much the camera's time stamps jumped last; 0 when they did not since the run began. */
    private long jumpTicks;
    /** The last picture that another engine stored, until the first of ours. */
    private Optional<PlayingSession.Mark> before = Optional.empty();

    /** A run begins now with this picture. */
    void begin(long ticks, long nowUs) {
        jumpTicks = 0;
        before = Optional.empty();
        clock.restart();
        clock.observe(ticks, nowUs);
        runStartUs = nowUs;
        lastWallUs = nowUs;
        base = ticks - ORIGIN_S * CLOCK_RATE;
    }

    /** Goes on with a run that another engine began. */
    void goOn(PlayingSession.Media media) {
        runStartUs = media.startUs();
        lastWallUs = media.endUs();
        lastStepUs = media.stepUs();
        before = Optional.of(media.picture());
    }

    /** A picture of the open run has become whole. */
    void observe(long ticks, long arrivalUs) {
        if (before.isPresent()) {
            followOn(before.get(), ticks);
        }
        if (clock.observe(ticks, arrivalUs) == ArrivalClock.Verdict.JUMPED) {
            // Mended, so that no picture is lost; the next key frame begins a run whose times are whole again.
            base += clock.jumpTicks();
            jumpTicks = clock.jumpTicks();
        }
    }

    /** The first picture of this engine counts on from the last one of the other. */
    private void followOn(PlayingSession.Mark last, long ticks) {
        before = Optional.empty();
        lastTicks = ticks - ((int) ticks - last.rtp());
        base = lastTicks - last.timestamp();
        clock.observe(lastTicks, last.wallUs());
        clock.late();
    }

    /** The picture is stored. A run ends where its last picture does: one picture later than that began. */
    void stored(long ticks) {
        lastTicks = ticks;
        long wallUs = clock.wallUs(ticks);
        if (wallUs > lastWallUs) {
            lastStepUs = Math.min(PICTURE_US_MAX, wallUs - lastWallUs);
            lastWallUs = wallUs;
        }
    }

    long wallUs(long ticks) {
        return clock.wallUs(ticks);
    }

    /** {@return the picture's time stamp within the run} */
    long timestamp(long ticks) {
        return ticks - base;
    }

    /** {@return the time stamp a picture would have at that wall time, which is not far from the newest one's} */
    long ticksAt(long wallUs) {
        return lastTicks + (wallUs - clock.wallUs(lastTicks)) * CLOCK_RATE / 1_000_000;
    }

    /** {@return by how much a picture of the last seconds came earlier than the first let expect} */
    long earlyTicks() {
        return clock.earlyUs() * CLOCK_RATE / 1_000_000;
    }

    /** {@return the newest picture's ticks} */
    long lastTicks() {
        return lastTicks;
    }

    /** {@return when the run began} */
    long runStartUs() {
        return runStartUs;
    }

    /** {@return wall time at which the run's footage ends if nothing more comes} */
    long endUs() {
        return lastWallUs + lastStepUs;
    }

    /** {@return whether the camera's time stamps jumped since the run began} */
    boolean hasJumped() {
        return jumpTicks != 0;
    }

    long jumpSeconds() {
        return jumpTicks / CLOCK_RATE;
    }

    /** {@return how much too fast the camera's clock runs, in parts per million} */
    double skewPpm() {
        return clock.skewPpm();
    }

    /** {@return where the run stands, for who goes on with it; empty before the first picture since another did} */
    Optional<PlayingSession.Media> mark(List<PlayingSession.Side> sides) {
        if (before.isPresent()) {
            return Optional.empty();
        }
        PlayingSession.Mark picture =
                new PlayingSession.Mark((int) lastTicks, timestamp(lastTicks), clock.wallUs(lastTicks));
        return Optional.of(new PlayingSession.Media(picture, runStartUs, lastWallUs, lastStepUs, sides));
    }
}
