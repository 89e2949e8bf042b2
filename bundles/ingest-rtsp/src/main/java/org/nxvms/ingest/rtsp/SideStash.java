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
    /** What the camera tells is not of one clock, or of one that was set in between, when it is further from what is known. */
    private static final long TRUSTED_S = 1;
    /** When it tells it twice: a source may begin with pictures that it has kept for some seconds, and with present sound. */
    private static final long SURE_S = 10;
    /** The sound is shifted when it is off by more than this part of a second, half a picture, and then to a tenth of it. */
    private static final int OFF = 50;

    private static final int ON = 500;
    /** Shifting changes the pace by one in so many: nothing is dropped and no time stamp steps back. */
    private static final int SLEW = 20;
    /** In the first second nobody has got used to it yet. */
    private static final int FIRST_SLEW = 2;

    private static final int BYTES_MAX = 64 << 10;
    private static final int UNITS_MAX = 256;

    private final FormatSource source;
    private final int clockRate;
    private final LipSync lipSync;
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
    private long firstTicks;
    private long lastTicks;
    private boolean shifting;
    private boolean open;
    /** The last unit that another engine stored, until the first of ours. */
    private Optional<PlayingSession.Mark> before = Optional.empty();

    SideStash(FormatSource source, int clockRate, LipSync lipSync, HubFeed feed) {
        this.source = source;
        this.lipSync = lipSync;
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
        lipSync.restart();
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

    LipSync lipSync() {
        return lipSync;
    }

    /**
     * {@return the time stamp within the run}
     *
     * <p>Unless the camera tells better, what arrives together belongs together. Where it tells otherwise the track is moved
     * there: at once if it begins only now, else slowly.
     *
     * @param ticks as received
     * @param byArrival what the unit's arrival tells
     * @param byCamera what the camera tells, or {@link LipSync#NOT_TOLD}
     */
    long timestamp(long ticks, long byArrival, long byCamera) {
        long present = originKnown ? ticks - origin : byArrival;
        long trusted = (lipSync.isSure() ? SURE_S : TRUSTED_S) * clockRate;
        boolean told = byCamera != LipSync.NOT_TOLD && Math.abs(byCamera - present) <= trusted;
        if (!originKnown) {
            originKnown = true;
            origin = ticks - (told ? byCamera : byArrival);
            firstTicks = ticks;
            lastTicks = ticks;
        }
        if (told) {
            shift(ticks, byCamera - (ticks - origin));
        }
        lastTicks = ticks;
        return ticks - origin;
    }

    private void shift(long ticks, long error) {
        if (lipSync.isSure() && error > clockRate / 4) {
            // Rather silence once than sound in the wrong place for half a minute.
            origin -= error;
            return;
        }
        shifting = Math.abs(error) > clockRate / (shifting ? ON : OFF);
        int slew = ticks - firstTicks < clockRate ? FIRST_SLEW : SLEW;
        long step = shifting ? Math.max(0, ticks - lastTicks) / slew : 0;
        origin -= Math.max(-step, Math.min(step, error));
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
