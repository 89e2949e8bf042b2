// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.util.Random;

/** Pictures as cells: a yard with some noise in which a block may stand. */
final class Scenes {
    /** Cells across and down a block. */
    static final int BLOCK = 3;

    private Scenes() {}

    /** {@return a yard with noise of its own for each number} */
    static byte[] yard(int number) {
        Random wall = new Random(11);
        Random noise = new Random(number);
        byte[] cells = new byte[Change.CELLS];
        for (int i = 0; i < cells.length; i++) {
            int row = i / Change.COLUMNS;
            cells[i] = (byte) (60 + 2 * row + wall.nextInt(60) + Math.round(noise.nextGaussian() * 0.7));
        }
        return cells;
    }

    /** {@return the same with a bright block whose left upper cell is there} */
    static byte[] with(byte[] cells, int column, int row) {
        byte[] seen = cells.clone();
        for (int y = row; y < row + BLOCK; y++) {
            for (int x = column; x < column + BLOCK; x++) {
                seen[y * Change.COLUMNS + x] = (byte) 240;
            }
        }
        return seen;
    }

    /** {@return the same in another light} */
    static byte[] lit(byte[] cells, double gain, double offset) {
        byte[] seen = new byte[cells.length];
        for (int i = 0; i < cells.length; i++) {
            seen[i] = (byte) Math.max(0, Math.min(255, Math.round(gain * (cells[i] & 0xff) + offset)));
        }
        return seen;
    }

    /** {@return how many cells changed at all} */
    static int changed(byte[] change) {
        int count = 0;
        for (byte cell : change) {
            count += cell == 0 ? 0 : 1;
        }
        return count;
    }
}
