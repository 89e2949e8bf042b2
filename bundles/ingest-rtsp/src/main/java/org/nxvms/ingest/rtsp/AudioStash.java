// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.ByteBuffer;
import org.nxvms.ingest.kit.ArrivalClock;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.rtp.AccessUnitSink;

/**
 * Assembles audio beside the ring and hands it over between two pictures. Audio is a few kilobytes a second, so the second
 * copy costs nothing worth saving. Full means that a picture takes too long: the oldest audio waits, the newest is
 * dropped and counted.
 */
final class AudioStash implements AccessUnitSink {
    private static final int BYTES_MAX = 64 << 10;
    private static final int UNITS_MAX = 256;

    private final TrackFormat format;
    private final HubFeed feed;
    private final ArrivalClock clock;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES_MAX);
    private final int[] unitEnd = new int[UNITS_MAX];
    private final long[] unitTicks = new long[UNITS_MAX];
    private int units;
    private int start;
    private long dropped;

    AudioStash(TrackFormat format, HubFeed feed) {
        this.format = format;
        this.feed = feed;
        this.clock = new ArrivalClock(format.clockRate());
    }

    TrackFormat format() {
        return format;
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
            if (!feed.commitAudio(this, bytes, unitTicks[done])) {
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
            feed.audioJumped(clock.jumpTicks());
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
        // Audio keeps the format of its session description.
    }
}
