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
            List<Point> corners = area.points();
            for (int row = 0; row < Change.ROWS; row++) {
                hideWithin(corners, row, cells);
            }
            for (int i = 0; i < corners.size(); i++) {
                hideAlong(corners.get(i), corners.get((i + 1) % corners.size()), cells);
            }
        }
        return cells.isEmpty() ? NONE : new Mask(cells);
    }

    /** Of a row, where the line through its middle is within: cells that no side goes through are so as a whole, or not at all. */
    private static void hideWithin(List<Point> corners, int row, BitSet cells) {
        record Crossing(double x, int turn) {}
        double y = (row + 0.5) / Change.ROWS;
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
        int turns = 0;
        for (int i = 0; i + 1 < crossings.size(); i++) {
            turns += crossings.get(i).turn();
            if (turns != 0) {
                hide(row, crossings.get(i).x(), crossings.get(i + 1).x(), cells);
            }
        }
    }

    /** What a side of an area goes through, however thin the area is. */
    private static void hideAlong(Point a, Point b, BitSet cells) {
        Point upper = a.y() <= b.y() ? a : b;
        Point lower = upper == a ? b : a;
        double top = upper.y() * Change.ROWS;
        double bottom = lower.y() * Change.ROWS;
        double slope = top < bottom ? (lower.x() - upper.x()) / (bottom - top) : 0;
        for (int row = (int) top; row < Change.ROWS && row <= bottom; row++) {
            double from = Math.max(top, row + SLACK);
            double to = Math.min(bottom, row + 1 - SLACK);
            if (from <= to) {
                double one = upper.x() + slope * (from - top);
                double other = lower.x() - slope * (bottom - to);
                hide(row, Math.min(one, other), Math.max(one, other), cells);
            }
        }
    }

    private static void hide(int row, double from, double to, BitSet cells) {
        int first = Math.max(0, (int) Math.floor(from * Change.COLUMNS + SLACK));
        int behind = Math.min(Change.COLUMNS, (int) Math.ceil(to * Change.COLUMNS - SLACK));
        if (first < behind) {
            cells.set(row * Change.COLUMNS + first, row * Change.COLUMNS + behind);
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
