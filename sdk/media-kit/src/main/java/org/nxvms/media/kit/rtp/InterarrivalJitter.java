// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

/** The interarrival jitter of one source as receiver reports tell it (RFC 3550 6.4.1, A.8). Allocates nothing. */
public final class InterarrivalJitter {
    private static final long SECOND_NS = 1_000_000_000L;
    /** A larger difference is a jump of either clock, not jitter. */
    private static final long DIFFERENCE_S_MAX = 10;

    private final int clockRate;
    private boolean started;
    private int lastTransit;
    /** Sixteen times the jitter, so that it can be kept in whole numbers. */
    private long scaled;

    public InterarrivalJitter(int clockRate) {
        this.clockRate = clockRate;
    }

    /** Takes note of a packet: its RTP time and when it arrived. */
    public void packet(long rtpTimestamp, long arrivalNs) {
        long seconds = Math.floorDiv(arrivalNs, SECOND_NS);
        long rest = Math.floorMod(arrivalNs, SECOND_NS);
        int transit = (int) (seconds * clockRate + rest * clockRate / SECOND_NS - rtpTimestamp);
        long difference = Math.abs((long) (transit - lastTransit));
        if (started && difference < DIFFERENCE_S_MAX * clockRate) {
            scaled += difference - (scaled + 8 >> 4);
        }
        started = true;
        lastTransit = transit;
    }

    /** {@return jitter in ticks of the payload's clock} */
    public int ticks() {
        return (int) Math.min(Integer.MAX_VALUE, scaled >> 4);
    }

    /** {@return jitter in microseconds} */
    public long us() {
        return (scaled >> 4) * 1_000_000 / clockRate;
    }
}
