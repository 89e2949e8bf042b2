// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.util.BitSet;
import java.util.List;

/** Cells of a picture in which motion counts. Immutable. */
final class Cells {
    /** Of the picture, or of some boxes of it. */
    private final int[] indexes;

    private Cells(int[] indexes) {
        this.indexes = indexes;
    }

    /** {@return those of some boxes, see {@link #within}} */
    static Cells of(List<Area> areas) {
        return of(areas, Mask.NONE);
    }

    /** {@return those of some boxes, see {@link #within}, that no mask hides} */
    static Cells of(List<Area> areas, Mask mask) {
        BitSet within = within(areas);
        within.andNot(mask.cells());
        return new Cells(within.stream().toArray());
    }

    /** {@return the cells whose middle lies in one of the boxes, of a box that has none the one it lies in; all without boxes} */
    static BitSet within(List<Area> areas) {
        BitSet within = new BitSet(Change.CELLS);
        if (areas.isEmpty()) {
            within.set(0, Change.CELLS);
        }
        for (Area area : areas) {
            int left = first(area.x(), area.width(), Change.COLUMNS);
            int right = end(area.x(), area.width(), Change.COLUMNS);
            int bottom = end(area.y(), area.height(), Change.ROWS);
            for (int row = first(area.y(), area.height(), Change.ROWS); row < bottom; row++) {
                within.set(row * Change.COLUMNS + left, row * Change.COLUMNS + right);
            }
        }
        return within;
    }

    private static boolean isThin(double from, double length, int count) {
        return Math.ceil(from * count - 0.5) >= Math.ceil((from + length) * count - 0.5);
    }

    private static int first(double from, double length, int count) {
        double at =
                isThin(from, length, count) ? Math.floor((from + length / 2) * count) : Math.ceil(from * count - 0.5);
        return (int) Math.max(0, Math.min(count - 1, at));
    }

    private static int end(double from, double length, int count) {
        int first = first(from, length, count);
        return isThin(from, length, count)
                ? first + 1
                : (int) Math.max(first + 1, Math.min(count, Math.ceil((from + length) * count - 0.5)));
    }

    int count() {
        return indexes.length;
    }

    /** {@return how much changed in them, in cells: one that changed by half counts half} */
    double changed(byte[] grids, int offset) {
        long sum = 0;
        for (int index : indexes) {
            sum += grids[offset + index] & 0xff;
        }
        return sum / 255.0;
    }

    /**
     * {@return 0..255, for the height of a bar: the root of the share of them that changed, so that a person far away is seen beside
     * a lorry}
     */
    int height(double changed) {
        return indexes.length == 0
                ? 0
                : (int) Math.max(0, Math.min(255, Math.round(255 * Math.sqrt(changed / indexes.length))));
    }
}
