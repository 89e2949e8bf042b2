// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Hides a part of each picture before it is encoded, wherever the head looks; clock, names and frame strip are put above it.
 *
 * @param corners of what is hidden, each x and y in 0..1 from the left and from the top; the last is joined to the first
 * @param paint how it hides
 */
public record Cover(List<Corner> corners, Paint paint) {
    /** A corner. */
    public record Corner(double x, double y) {}

    /**
     * How something is hidden.
     *
     * @param mosaic whether by squares of what is there, else by one colour
     * @param red 0..255, as the others
     */
    public record Paint(boolean mosaic, int red, int green, int blue) {}

    /** Squares of a mosaic, in pixels; a multiple of two, since each has whole chroma samples. */
    private static final int SQUARE = 32;

    public Cover {
        corners = List.copyOf(corners);
    }

    void paint(Picture picture) {
        byte[] luma = picture.y.clone();
        byte[] u = picture.u.clone();
        byte[] v = picture.v.clone();
        // Around it, so that what is far off need not be looked at.
        int left = (int) (least(Corner::x) * picture.width);
        int right = Math.min(picture.width, (int) Math.ceil(most(Corner::x) * picture.width));
        int top = (int) (least(Corner::y) * picture.height);
        int bottom = Math.min(picture.height, (int) Math.ceil(most(Corner::y) * picture.height));
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                if (hides((x + 0.5) / picture.width, (y + 0.5) / picture.height)) {
                    int at = y * picture.width + x;
                    int chroma = y / 2 * (picture.width / 2) + x / 2;
                    if (paint.mosaic) {
                        int column = x / SQUARE * SQUARE;
                        int row = y / SQUARE * SQUARE;
                        int seen = row / 2 * (picture.width / 2) + column / 2;
                        picture.y[at] = luma[row * picture.width + column];
                        picture.u[chroma] = u[seen];
                        picture.v[chroma] = v[seen];
                    } else {
                        picture.y[at] = of(16, 0.257, 0.504, 0.098);
                        picture.u[chroma] = of(128, -0.148, -0.291, 0.439);
                        picture.v[chroma] = of(128, 0.439, -0.368, -0.071);
                    }
                }
            }
        }
    }

    private double least(ToDoubleFunction<Corner> side) {
        return corners.stream().mapToDouble(side).min().orElse(0);
    }

    private double most(ToDoubleFunction<Corner> side) {
        return corners.stream().mapToDouble(side).max().orElse(0);
    }

    /** BT.601, of limited range. */
    private byte of(int zero, double red, double green, double blue) {
        return (byte) Math.round(zero + red * paint.red + green * paint.green + blue * paint.blue);
    }

    /** Whether a point lies within: a line from it to the right crosses the outline an odd number of times. */
    private boolean hides(double x, double y) {
        boolean within = false;
        for (int i = 0; i < corners.size(); i++) {
            Corner one = corners.get(i);
            Corner next = corners.get((i + 1) % corners.size());
            boolean crosses = (one.y > y) != (next.y > y);
            if (crosses && x < (next.x - one.x) * (y - one.y) / (next.y - one.y) + one.x) {
                within = !within;
            }
        }
        return within;
    }
}
