// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.live;

import org.nxvms.media.StreamReader;
import org.nxvms.media.kit.fmp4.DecodeTimes;
import org.nxvms.media.kit.nal.TrackFormats;

/**
 * When the access units of one run are decoded and shown, and which of them a viewer gets: those of tracks that are sent, from a
 * key frame on. One after the other is {@linkplain #take taken}; the accessors are about the last one. One thread.
 */
public final class UnitTimes {
    /** Without pictures, a viewer may begin once a second. */
    private static final long AUDIO_KEY_US = 1_000_000;

    private final LiveFormat format;
    private final DecodeTimes[] decodeTimes;
    private final long[] lastDecodeTime;
    private final long[] ticks;
    private long audioKeyUs = Long.MIN_VALUE;
    private boolean needsKey = true;
    private int track;
    private boolean start;
    private long presented;
    private long decoded;

    public UnitTimes(LiveFormat format) {
        this.format = format;
        int tracks = format.sent().tracks().size();
        decodeTimes = new DecodeTimes[tracks];
        lastDecodeTime = new long[tracks];
        ticks = new long[tracks];
        for (int i = 0; i < tracks; i++) {
            decodeTimes[i] = new DecodeTimes(
                    TrackFormats.reorderDepth(format.sent().tracks().get(i)));
            lastDecodeTime[i] = Long.MIN_VALUE;
            ticks[i] = TrackFormats.unitTicks(format.sent().tracks().get(i));
        }
    }

    /** {@return what is sent} */
    public LiveFormat format() {
        return format;
    }

    /** Access units were missed: nothing is taken until the next key frame. */
    public void missed() {
        needsKey = true;
        for (int i = 0; i < decodeTimes.length; i++) {
            decodeTimes[i].restart();
            lastDecodeTime[i] = Long.MIN_VALUE;
        }
    }

    /** What was missed lies before the access unit that was taken last, with which a viewer can begin: it counts as taken. */
    public void resume() {
        if (!start) {
            throw new IllegalStateException("nobody can begin with the access unit that was taken last");
        }
        needsKey = false;
        decoded = decodeTimes[track].next(presented);
        lastDecodeTime[track] = decoded;
    }

    /**
     * {@return whether viewers get the access unit the reader stands on; not when its track is not sent or a key frame is
     * needed first}
     */
    public boolean take(StreamReader reader) {
        int live = format.liveTrack(reader.track());
        if (live < 0) {
            return false;
        }
        boolean begins = isStart(live, reader);
        if (needsKey && !begins) {
            return false;
        }
        needsKey = false;
        track = live;
        start = begins;
        presented = Math.max(0, reader.timestamp());
        decoded = decodeTimes[live].next(presented);
        if (lastDecodeTime[live] != Long.MIN_VALUE) {
            ticks[live] = decoded - lastDecodeTime[live];
        }
        lastDecodeTime[live] = decoded;
        return true;
    }

    /** {@return its track's number among those sent} */
    public int track() {
        return track;
    }

    /** {@return whether a viewer can begin with it} */
    public boolean start() {
        return start;
    }

    /** {@return its presentation time in its track's timescale} */
    public long presented() {
        return presented;
    }

    /** {@return its decode time in its track's timescale} */
    public long decoded() {
        return decoded;
    }

    /** {@return how long the access unit before the newest one of a track lasted, which is what the newest one is taken for} */
    public long ticks(int ofTrack) {
        return ticks[ofTrack];
    }

    private boolean isStart(int live, StreamReader reader) {
        if (format.hasVideo()) {
            return live == 0 && reader.key();
        }
        if (audioKeyUs != Long.MIN_VALUE
                && reader.wallUs() >= audioKeyUs
                && reader.wallUs() - audioKeyUs < AUDIO_KEY_US) {
            return false;
        }
        audioKeyUs = reader.wallUs();
        return true;
    }
}
