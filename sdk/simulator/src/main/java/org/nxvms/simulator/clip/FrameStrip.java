// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.util.OptionalInt;

/**
 * The machine-readable frame number in every picture: one row of {@value #CELLS} black or white cells.
 *
 * <p>Geometry, as fractions of the picture, so that it survives any scaling: cell {@code i} spans x from
 * {@code (4 + i) / 40} to {@code (5 + i) / 40} of the width, and y from {@code 2 / 45} to {@code 4 / 45} of the height.
 * In a 16:9 picture a cell is a square, and at 1080, 360 and 180 lines its edges lie on coding block borders.
 *
 * <p>Cells from left to right, white is 1, most significant bit first:
 *
 * <pre>
 *   0       white   reference
 *   1       black   reference
 *   2..17   frame number in the loop, 16 bits
 *   18..19  rendition, 2 bits: 0 main, 1 sub
 *   20..29  check, 10 bits: 1020 - (rendition * 65536 + number) mod 1021
 *   30      black   reference
 *   31      white   reference
 * </pre>
 *
 * <p>To read: take the mean luma of the middle half (in x and y) of each cell; the threshold is halfway between the mean
 * of the two white and the mean of the two black references, which must differ by at least {@value #CONTRAST_MIN}.
 * 1021 is a prime, so one wrong cell never passes the check.
 */
public final class FrameStrip {
    public static final int CELLS = 32;
    public static final int NUMBER_BITS = 16;
    public static final int RENDITION_MAIN = 0;
    public static final int RENDITION_SUB = 1;

    static final int CONTRAST_MIN = 48;

    private static final int RENDITION_BITS = 2;
    private static final int CHECK_BITS = 10;
    private static final int CHECK_PRIME = 1021;
    private static final int COLUMNS = 40;
    private static final int FIRST_COLUMN = 4;
    private static final int ROWS = 45;
    private static final int FIRST_ROW = 2;
    private static final int ROW_COUNT = 2;
    private static final byte WHITE = (byte) 235;
    private static final byte BLACK = (byte) 16;

    private FrameStrip() {}

    /** Access to the brightness of a picture, 0..255. */
    @FunctionalInterface
    public interface Luma {
        int at(int x, int y);
    }

    /** A frame recognised in a picture. */
    public record Reading(int number, int rendition) {}

    /**
     * Paints the strip.
     *
     * @param luma 8 bit luma, row by row without padding
     */
    static void paint(byte[] luma, int width, int height, int number, int rendition) {
        long cells = encode(number, rendition);
        int top = height * FIRST_ROW / ROWS;
        int bottom = height * (FIRST_ROW + ROW_COUNT) / ROWS;
        for (int cell = 0; cell < CELLS; cell++) {
            int left = width * (FIRST_COLUMN + cell) / COLUMNS;
            int right = width * (FIRST_COLUMN + cell + 1) / COLUMNS;
            byte value = (cells >>> (CELLS - 1 - cell) & 1) == 1 ? WHITE : BLACK;
            for (int y = top; y < bottom; y++) {
                java.util.Arrays.fill(luma, y * width + left, y * width + right, value);
            }
        }
    }

    /**
     * Reads the frame number of a decoded picture.
     *
     * @param luma 8 bit luma, row by row, {@code stride} bytes from one row to the next
     * @return the number, or empty if there is no intact strip in the picture
     */
    public static OptionalInt read(byte[] luma, int stride, int width, int height) {
        Reading reading = readAll((x, y) -> luma[y * stride + x] & 0xff, width, height);
        return reading == null ? OptionalInt.empty() : OptionalInt.of(reading.number());
    }

    /** As {@link #read(byte[], int, int, int)}, for any picture, with the rendition. */
    public static java.util.Optional<Reading> read(Luma luma, int width, int height) {
        return java.util.Optional.ofNullable(readAll(luma, width, height));
    }

    private static Reading readAll(Luma luma, int width, int height) {
        if (width < COLUMNS * 2 || height < ROWS) {
            return null;
        }
        double[] means = new double[CELLS];
        for (int cell = 0; cell < CELLS; cell++) {
            means[cell] = meanOfMiddle(luma, width, height, cell);
        }
        double white = (means[0] + means[CELLS - 1]) / 2;
        double black = (means[1] + means[CELLS - 2]) / 2;
        if (white - black < CONTRAST_MIN) {
            return null;
        }
        double threshold = (white + black) / 2;
        long cells = 0;
        for (double mean : means) {
            cells = cells << 1 | (mean > threshold ? 1 : 0);
        }
        return decode(cells);
    }

    private static double meanOfMiddle(Luma luma, int width, int height, int cell) {
        double cellWidth = width / (double) COLUMNS;
        double cellHeight = height * (double) ROW_COUNT / ROWS;
        double left = (FIRST_COLUMN + cell) * cellWidth;
        double top = height * (double) FIRST_ROW / ROWS;
        int x0 = (int) Math.round(left + cellWidth / 4);
        int x1 = Math.max(x0 + 1, (int) Math.round(left + cellWidth * 3 / 4));
        int y0 = (int) Math.round(top + cellHeight / 4);
        int y1 = Math.max(y0 + 1, (int) Math.round(top + cellHeight * 3 / 4));
        long sum = 0;
        for (int y = y0; y < y1; y++) {
            for (int x = x0; x < x1; x++) {
                sum += luma.at(x, y);
            }
        }
        return sum / (double) ((x1 - x0) * (y1 - y0));
    }

    static long encode(int number, int rendition) {
        if (number < 0 || number >= 1 << NUMBER_BITS || rendition < 0 || rendition >= 1 << RENDITION_BITS) {
            throw new IllegalArgumentException("frame strip: number " + number + ", rendition " + rendition);
        }
        long cells = 0b10;
        cells = cells << NUMBER_BITS | number;
        cells = cells << RENDITION_BITS | rendition;
        cells = cells << CHECK_BITS | check(number, rendition);
        return cells << 2 | 0b01;
    }

    private static Reading decode(long cells) {
        int check = (int) (cells >>> 2) & (1 << CHECK_BITS) - 1;
        int rendition = (int) (cells >>> 2 + CHECK_BITS) & (1 << RENDITION_BITS) - 1;
        int number = (int) (cells >>> 2 + CHECK_BITS + RENDITION_BITS) & (1 << NUMBER_BITS) - 1;
        boolean references = (cells & 0b11) == 0b01 && cells >>> CELLS - 2 == 0b10;
        return references && check == check(number, rendition) ? new Reading(number, rendition) : null;
    }

    private static int check(int number, int rendition) {
        return CHECK_PRIME - 1 - (rendition << NUMBER_BITS | number) % CHECK_PRIME;
    }
}
