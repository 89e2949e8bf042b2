// SPDX-License-Identifier: Apache-2.0
package org.nxvms.scene;

import java.util.Base64;
import java.util.Optional;

/** Where something moves, as a grid of cells, a bit each (Analytics A.1, "MotionInCells"), packed as TIFF's PackBits. */
final class MotionCells {
    private static final int CELLS_MAX = 100_000;

    private MotionCells() {}

    /**
     * {@return what encloses all cells in which something moves; empty where nothing does, or the grid cannot be read}
     *
     * @param cells Base64
     */
    static Optional<Box> enclosing(int columns, int rows, String cells) {
        if (columns < 1 || rows < 1 || (long) columns * rows > CELLS_MAX) {
            return Optional.empty();
        }
        byte[] bits;
        try {
            bits = unpacked(Base64.getMimeDecoder().decode(cells), (columns * rows + 7) / 8);
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
        int left = columns;
        int right = -1;
        int top = rows;
        int bottom = -1;
        for (int cell = 0; cell < columns * rows; cell++) {
            if ((bits[cell / 8] & 0x80 >> cell % 8) != 0) {
                left = Math.min(left, cell % columns);
                right = Math.max(right, cell % columns);
                top = Math.min(top, cell / columns);
                bottom = Math.max(bottom, cell / columns);
            }
        }
        return right < 0
                ? Optional.empty()
                : Optional.of(new Box(
                        (double) left / columns,
                        (double) top / rows,
                        (double) (right - left + 1) / columns,
                        (double) (bottom - top + 1) / rows));
    }

    /** What is missing is 0, what is too much is left. */
    private static byte[] unpacked(byte[] packed, int length) {
        byte[] bits = new byte[length];
        int to = 0;
        for (int from = 0; from < packed.length && to < length; ) {
            int control = packed[from++];
            if (control >= 0) {
                for (int i = 0; i <= control && from < packed.length && to < length; i++) {
                    bits[to++] = packed[from++];
                }
            } else if (control != -128 && from < packed.length) {
                byte repeated = packed[from++];
                for (int i = 0; i <= -control && to < length; i++) {
                    bits[to++] = repeated;
                }
            }
        }
        return bits;
    }
}
