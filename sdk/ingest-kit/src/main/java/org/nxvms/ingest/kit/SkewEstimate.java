// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

/**
 * How much too fast or slow a camera's clock runs: the slope of a line through the earliest arrivals of the last windows (least
 * squares). The earliest packet of some hundred met no queue, so what is left of the network's jitter is small against
 * the drift over minutes. One thread at a time.
 */
final class SkewEstimate {
    /** Ten minutes of windows: the temperature, and with it the crystal, changes slower. */
    private static final int SAMPLES_MAX = 64;
    /** Less would measure the network rather than the crystal. */
    private static final long SPAN_US_MIN = 20_000_000;

    private static final int SAMPLES_MIN = 6;
    /** Beyond this it is no crystal but a broken clock; wall time follows by pulling alone. */
    private static final double PPM_MAX = 5_000;

    private final long[] times = new long[SAMPLES_MAX];
    private final long[] offsets = new long[SAMPLES_MAX];
    private int count;
    private int next;
    private double ppm;

    /** The samples so far do not fit those to come; the estimate is kept until there are enough of them. */
    void restart() {
        count = 0;
        next = 0;
    }

    /**
     * Takes the earliest arrival of a window.
     *
     * @param timeUs when, on any axis
     * @param offsetUs real time minus the camera's time
     */
    void add(long timeUs, long offsetUs) {
        times[next] = timeUs;
        offsets[next] = offsetUs;
        next = (next + 1) % SAMPLES_MAX;
        count = Math.min(SAMPLES_MAX, count + 1);
        long oldest = times[count < SAMPLES_MAX ? 0 : next];
        if (count >= SAMPLES_MIN && timeUs - oldest >= SPAN_US_MIN) {
            ppm = Math.max(-PPM_MAX, Math.min(PPM_MAX, -slope() * 1e6));
        }
    }

    private double slope() {
        double meanTime = 0;
        double meanOffset = 0;
        for (int i = 0; i < count; i++) {
            meanTime += (double) times[i] / count;
            meanOffset += (double) offsets[i] / count;
        }
        double together = 0;
        double alone = 0;
        for (int i = 0; i < count; i++) {
            double time = times[i] - meanTime;
            together += time * (offsets[i] - meanOffset);
            alone += time * time;
        }
        return alone == 0 ? 0 : together / alone;
    }

    /** {@return too fast in parts per million, 0 while not known} */
    double ppm() {
        return ppm;
    }
}
