// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.ingest.kit.ArrivalClock;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.rtp.AccessUnitSink;

/**
 * Assembles sound or metadata beside the ring and hands it over between two pictures. That is a few kilobytes a second, so the
 * second copy costs nothing worth saving. Full means that a picture takes too long: the oldest units wait, the newest is
 * dropped and counted.
 */
final class SideStash implements AccessUnitSink {
    /** {@link #track}: not part of the open run. */
    static final int NO_TRACK = -1;
    /** {@link #timestamp}: there are no sender reports yet. */
    static final long NOT_TOLD = Long.MIN_VALUE;

    /** Reports that contradict what is known by more are not of one clock, or of a clock that was set in between. */
    private static final long TRUSTED_S = 1;
    /** The sound is shifted when it is off by more than this part of a second, half a picture, and then to a tenth of it. */
    private static final int OFF = 50;

    private static final int ON = 500;
    /** Shifting changes the pace by one in so many: nothing is dropped and no time stamp steps back. */
    private static final int SLEW = 20;

    private static final int BYTES_MAX = 64 << 10;
    private static final int UNITS_MAX = 256;

    private final FormatSource source;
    private final int clockRate;
    private final SenderClock sender;
    private final HubFeed feed;
    private final ArrivalClock clock;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES_MAX);
    private final int[] unitEnd = new int[UNITS_MAX];
    private final long[] unitTicks = new long[UNITS_MAX];
    private int units;
    private int start;
    private long dropped;
    private int track = NO_TRACK;
    private boolean originKnown;
    private long origin;
    private long lastTicks;
    private boolean shifting;
    private boolean open;
    /** The last unit that another engine stored, until the first of ours. */
    private Optional<PlayingSession.Mark> before = Optional.empty();

    SideStash(FormatSource source, int clockRate, SenderClock sender, HubFeed feed) {
        this.source = source;
        this.sender = sender;
        this.clockRate = clockRate;
        this.feed = feed;
        this.clock = new ArrivalClock(clockRate);
    }

    FormatSource source() {
        return source;
    }

    int clockRate() {
        return clockRate;
    }

    /** A run begins in which this is the track of that number, or {@link #NO_TRACK}. */
    void runStarted(int number) {
        track = number;
        originKnown = false;
        before = Optional.empty();
    }

    int track() {
        return track;
    }

    /** Goes on with the track as another engine left it. */
    void goOn(PlayingSession.Side side) {
        track = side.track();
        before = side.last();
    }

    /** {@return where the track stands} */
    PlayingSession.Side mark() {
        return new PlayingSession.Side(
                track,
                Optional.of(new PlayingSession.Mark((int) lastTicks, lastTicks - origin, clock.wallUs(lastTicks)))
                        .filter(mark -> originKnown));
    }

    /** {@return whether nothing is begun, and nothing whole waits} */
    boolean isEmpty() {
        return !open && units == 0;
    }

    SenderClock sender() {
        return sender;
    }

    /**
     * {@return the time stamp within the run}
     *
     * <p>To begin with, what arrives together belongs together. As soon as the camera's reports tell better, the track is
     * moved there: at once if it begins only now, else slowly.
     *
     * @param ticks as received
     * @param byArrival what the unit's arrival tells
     * @param byReports what the camera's sender reports tell, or {@link #NOT_TOLD}
     */
    long timestamp(long ticks, long byArrival, long byReports) {
        long present = originKnown ? ticks - origin : byArrival;
        boolean told = byReports != NOT_TOLD && Math.abs(byReports - present) <= TRUSTED_S * clockRate;
        if (!originKnown) {
            originKnown = true;
            origin = ticks - (told ? byReports : byArrival);
            lastTicks = ticks;
        }
        if (told) {
            long error = byReports - (ticks - origin);
            shifting = Math.abs(error) > clockRate / (shifting ? ON : OFF);
            long step = shifting ? Math.max(0, ticks - lastTicks) / SLEW : 0;
            origin -= Math.max(-step, Math.min(step, error));
        }
        lastTicks = ticks;
        return ticks - origin;
    }

    ArrivalClock clock() {
        return clock;
    }

    long dropped() {
        return dropped;
    }

    /** Hands over what is whole, in order. */
    void flush() {
        int done = 0;
        int from = 0;
        int keep = bytes.position();
        while (done < units) {
            bytes.limit(unitEnd[done]).position(from);
            if (!feed.commitSide(this, bytes, unitTicks[done])) {
                break;
            }
            from = unitEnd[done];
            done++;
        }
        bytes.limit(keep).position(from);
        bytes.compact();
        for (int i = done; i < units; i++) {
            unitEnd[i - done] = unitEnd[i] - from;
            unitTicks[i - done] = unitTicks[i];
        }
        units -= done;
        start -= from;
    }

    @Override
    public boolean begin(boolean knownKey) {
        if (units == UNITS_MAX) {
            dropped++;
            return false;
        }
        start = units == 0 ? 0 : unitEnd[units - 1];
        bytes.position(start);
        open = true;
        return true;
    }

    @Override
    public boolean append(ByteBuffer source, int offset, int length) {
        if (bytes.remaining() < length) {
            dropped++;
            bytes.position(start);
            open = false;
            return false;
        }
        bytes.put(bytes.position(), source, offset, length);
        bytes.position(bytes.position() + length);
        return true;
    }

    @Override
    public boolean appendInt(int value) {
        boolean fits = bytes.remaining() >= 4;
        if (fits) {
            bytes.putInt(value);
        }
        return fits;
    }

    @Override
    public boolean appendByte(int value) {
        boolean fits = bytes.hasRemaining();
        if (fits) {
            bytes.put((byte) value);
        }
        return fits;
    }

    @Override
    public int position() {
        return bytes.position() - start;
    }

    @Override
    public void putInt(int at, int value) {
        bytes.putInt(start + at, value);
    }

    @Override
    public void commit(long timestamp, boolean key, boolean afterLoss) {
        open = false;
        if (before.isPresent()) {
            followOn(before.get(), timestamp);
        }
        if (clock.observe(timestamp, feed.nowUs()) == ArrivalClock.Verdict.JUMPED) {
            origin += clock.jumpTicks();
        }
        unitEnd[units] = bytes.position();
        unitTicks[units] = timestamp;
        units++;
        flush();
    }

    private void followOn(PlayingSession.Mark last, long timestamp) {
        before = Optional.empty();
        lastTicks = timestamp - ((int) timestamp - last.rtp());
        clock.observe(lastTicks, last.wallUs());
        origin = lastTicks - last.timestamp();
        originKnown = true;
    }

    @Override
    public void abort() {
        open = false;
        bytes.position(start);
    }

    @Override
    public void formatChanged() {
        track = NO_TRACK;
        feed.sideFormatChanged();
    }
}
