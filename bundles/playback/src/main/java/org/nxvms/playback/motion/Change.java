// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.util.Arrays;

/**
 * How much each cell of a picture differs from the picture before.
 *
 * <p>A cell is the mean of its pixels, which noise of the sensor leaves almost as it is. Where the light of the whole picture
 * changes (a cloud, the exposure, the gain), brightness becomes {@code gain * before + offset}; both are fitted to all cells, then
 * twice more to those that came close, so that what moves does not count. What is left over is compared with what is usual in
 * this very picture: a cell that differs by less than {@link #NOISES} of it has not changed. That bound is never below {@link
 * #FLOOR} nor above {@link #CEILING} levels, so that a picture in which most has changed is one with motion, not one with noise.
 */
final class Change {
    static final int COLUMNS = 64;
    static final int ROWS = 36;
    static final int CELLS = COLUMNS * ROWS;

    /** Levels of 255 that are never motion: rounding, and what a codec does to a flat wall. */
    private static final double FLOOR = 5;

    private static final double CEILING = 24;
    private static final double NOISES = 5;
    /** From the median of absolute values to the standard deviation of noise. */
    private static final double SIGMA_OF_MEDIAN = 1.4826;
    /** So many levels beyond the bound are the strongest change: a dark coat before a grey wall. */
    private static final double FULL_LEVELS = 64;

    private static final double GAIN_MIN = 0.25;
    private static final double GAIN_MAX = 4;
    /** A picture whose cells vary less says nothing of the gain. */
    private static final double VARIANCE_MIN = 4;

    private static final int FITS = 3;
    /** Cells that are black or white in one of both do not tell how the light changed. */
    private static final int DARK = 4;

    private static final int BRIGHT = 251;

    private Change() {}

    /** {@code now = gain * before + offset} */
    private record Light(double gain, double offset) {
        double of(int before) {
            return Math.max(0, Math.min(255, gain * before + offset));
        }
    }

    /**
     * {@return how much each cell changed, 0..255, row by row}
     *
     * @param before the mean brightness of each cell
     * @param now likewise
     */
    static byte[] between(byte[] before, byte[] now) {
        if (before.length != CELLS || now.length != CELLS) {
            throw new IllegalArgumentException(before.length + " and " + now.length + " cells instead of " + CELLS);
        }
        double[] left = new double[CELLS];
        double usual = Double.MAX_VALUE;
        Light light = new Light(1, 0);
        for (int fit = 0; fit < FITS; fit++) {
            light = fit(before, now, left, 2 * usual + 1, light);
            for (int i = 0; i < CELLS; i++) {
                left[i] = Math.abs((now[i] & 0xff) - light.of(before[i] & 0xff));
            }
            usual = median(left);
        }
        double bound = Math.max(FLOOR, Math.min(CEILING, NOISES * SIGMA_OF_MEDIAN * usual));
        byte[] change = new byte[CELLS];
        for (int i = 0; i < CELLS; i++) {
            change[i] = (byte) Math.max(0, Math.min(255, Math.round((left[i] - bound) * 255 / FULL_LEVELS)));
        }
        return change;
    }

    /** Least squares over the cells that came close to the fit before. */
    private static Light fit(byte[] before, byte[] now, double[] left, double close, Light last) {
        double count = 0;
        double sumX = 0;
        double sumY = 0;
        double sumXx = 0;
        double sumXy = 0;
        for (int i = 0; i < CELLS; i++) {
            int x = before[i] & 0xff;
            int y = now[i] & 0xff;
            if (left[i] <= close && x > DARK && x < BRIGHT && y > DARK && y < BRIGHT) {
                count++;
                sumX += x;
                sumY += y;
                sumXx += (double) x * x;
                sumXy += (double) x * y;
            }
        }
        if (count < CELLS / 16.0) {
            return last;
        }
        double variance = sumXx / count - sumX / count * (sumX / count);
        double together = sumXy / count - sumX / count * (sumY / count);
        double gain = variance < VARIANCE_MIN ? 1 : Math.max(GAIN_MIN, Math.min(GAIN_MAX, together / variance));
        return new Light(gain, sumY / count - gain * sumX / count);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
