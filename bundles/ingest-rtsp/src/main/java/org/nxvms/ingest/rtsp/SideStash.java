// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.ByteBuffer;
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

    private static final int BYTES_MAX = 64 << 10;
    private static final int UNITS_MAX = 256;

    private final FormatSource source;
    private final int clockRate;
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

    SideStash(FormatSource source, int clockRate, HubFeed feed) {
        this.source = source;
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
    }

    int track() {
        return track;
    }

    /**
     * {@return the time stamp within the run}
     *
     * @param ticks as received
     * @param firstTimestamp what a unit of this wall time would have, if it were the run's first one; asked for once
     */
    long timestamp(long ticks, long firstTimestamp) {
        if (!originKnown) {
            originKnown = true;
            origin = ticks - firstTimestamp;
        }
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
        return true;
    }

    @Override
    public boolean append(ByteBuffer source, int offset, int length) {
        if (bytes.remaining() < length) {
            dropped++;
            bytes.position(start);
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
        if (clock.observe(timestamp, feed.nowUs()) == ArrivalClock.Verdict.JUMPED) {
            origin += clock.jumpTicks();
        }
        unitEnd[units] = bytes.position();
        unitTicks[units] = timestamp;
        units++;
        flush();
    }

    @Override
    public void abort() {
        bytes.position(start);
    }

    @Override
    public void formatChanged() {
        track = NO_TRACK;
        feed.sideFormatChanged();
    }
}
