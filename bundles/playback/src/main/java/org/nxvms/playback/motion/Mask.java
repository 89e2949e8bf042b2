// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.nxvms.platform.api.motion.MotionMask;
import org.nxvms.platform.api.worker.Polygon.Point;

/**
 * Cells of a camera's picture in which what moves counts as no motion: those of which a part lies below an area of its mask, so
 * that nothing of what was masked is ever found. Immutable; not to be kept: the next question may be upon another mask.
 */
public final class Mask {
    public static final Mask NONE = new Mask(new BitSet());

    /** A row of cells is crossed by so many lines; what lies between two of them is no part of a cell. */
    private static final int LINES = 8;
    /** What corners may be off by, in cells: a box along the edges of cells has those within alone. */
    private static final double SLACK = 1e-3;

    private final BitSet cells;

    private Mask(BitSet cells) {
        this.cells = cells;
    }

    /** {@return the cells that a camera's mask hides} */
    public static Mask of(MotionMask mask) {
        BitSet cells = new BitSet(Change.CELLS);
        for (MotionMask.Area area : mask.areas()) {
            for (int line = 0; line < Change.ROWS * LINES; line++) {
                hide(area.points(), line, cells);
            }
        }
        return cells.isEmpty() ? NONE : new Mask(cells);
    }

    /** Where a line through the picture is within. */
    private static void hide(List<Point> corners, int line, BitSet cells) {
        record Crossing(double x, int turn) {}
        double y = (line + 0.5) / LINES / Change.ROWS;
        List<Crossing> crossings = new ArrayList<>();
        for (int i = 0; i < corners.size(); i++) {
            Point a = corners.get(i);
            Point b = corners.get((i + 1) % corners.size());
            if (a.y() <= y != b.y() <= y) {
                double x = a.x() + (b.x() - a.x()) * (y - a.y()) / (b.y() - a.y());
                crossings.add(new Crossing(x, a.y() <= y ? 1 : -1));
            }
        }
        crossings.sort(Comparator.comparingDouble(Crossing::x));
        int row = line / LINES * Change.COLUMNS;
        int turns = 0;
        for (int i = 0; i + 1 < crossings.size(); i++) {
            turns += crossings.get(i).turn();
            int first = (int) Math.floor(crossings.get(i).x() * Change.COLUMNS + SLACK);
            int behind = (int) Math.ceil(crossings.get(i + 1).x() * Change.COLUMNS - SLACK);
            if (turns != 0 && first < behind) {
                cells.set(row + first, row + behind);
            }
        }
    }

    /** Not to be changed. */
    BitSet cells() {
        return cells;
    }

    boolean isEmpty() {
        return cells.isEmpty();
    }

    /** {@return whether all of a box lies below it} */
    public boolean hides(Area box) {
        BitSet left = Cells.within(List.of(box));
        left.andNot(cells);
        return left.isEmpty();
    }
}
