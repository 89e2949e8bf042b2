// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nxvms.media.worker.wire.MaskArea;
import org.nxvms.media.worker.wire.MaskArea.Corner;

/** Which samples of a plane are filled, row by row: each of which any part lies within an area. Immutable. */
final class MaskRows {
    /** By row: first sample, the one behind the last, and so on. */
    private final int[][] rows;

    private MaskRows(BitSet[] filled) {
        rows = new int[filled.length][];
        for (int y = 0; y < filled.length; y++) {
            rows[y] = spans(filled[y]);
        }
    }

    /** Of brightness, and of each of the two of colour, which have half as many rows of half as many samples. */
    record Planes(MaskRows luma, MaskRows chroma) {}

    /** {@return those of a picture of that many pixels, both even} */
    static Planes of(List<MaskArea> areas, int width, int height) {
        BitSet[] luma = new BitSet[height];
        for (int y = 0; y < height; y++) {
            luma[y] = new BitSet(width);
        }
        for (MaskArea area : areas) {
            List<Corner> corners = area.corners().stream()
                    .map(corner -> new Corner(corner.x() * width, corner.y() * height))
                    .toList();
            for (int y = 0; y < height; y++) {
                within(corners, y, width, luma[y]);
                edges(corners, y, width, luma[y]);
            }
        }
        BitSet[] chroma = new BitSet[height / 2];
        for (int y = 0; y < chroma.length; y++) {
            chroma[y] = new BitSet(width / 2);
            halve(luma[2 * y], chroma[y]);
            halve(luma[2 * y + 1], chroma[y]);
        }
        return new Planes(new MaskRows(luma), new MaskRows(chroma));
    }

    private static void halve(BitSet luma, BitSet chroma) {
        int[] spans = spans(luma);
        for (int i = 0; i < spans.length; i += 2) {
            chroma.set(spans[i] / 2, (spans[i + 1] + 1) / 2);
        }
    }

    private static int[] spans(BitSet row) {
        List<Integer> spans = new ArrayList<>();
        for (int from = row.nextSetBit(0); from >= 0; ) {
            int to = row.nextClearBit(from);
            spans.add(from);
            spans.add(to);
            from = row.nextSetBit(to);
        }
        return spans.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Where a line through the middle of the row is within. */
    private static void within(List<Corner> corners, int y, int width, BitSet row) {
        record Crossing(double x, int turn) {}
        List<Crossing> crossings = new ArrayList<>();
        double middle = y + 0.5;
        for (int i = 0; i < corners.size(); i++) {
            Corner a = corners.get(i);
            Corner b = corners.get((i + 1) % corners.size());
            if (a.y() <= middle != b.y() <= middle) {
                crossings.add(new Crossing(at(a, b, middle), a.y() <= middle ? 1 : -1));
            }
        }
        crossings.sort(Comparator.comparingDouble(Crossing::x));
        int turns = 0;
        for (int i = 0; i + 1 < crossings.size(); i++) {
            turns += crossings.get(i).turn();
            if (turns != 0) {
                set(row, crossings.get(i).x(), crossings.get(i + 1).x(), width);
            }
        }
    }

    /** Where a line of the area itself passes. */
    private static void edges(List<Corner> corners, int y, int width, BitSet row) {
        for (int i = 0; i < corners.size(); i++) {
            Corner a = corners.get(i);
            Corner b = corners.get((i + 1) % corners.size());
            double from = Math.max(y, Math.min(a.y(), b.y()));
            double to = Math.min(y + 1.0, Math.max(a.y(), b.y()));
            if (from < to) {
                double one = at(a, b, from);
                double other = at(a, b, to);
                set(row, Math.min(one, other), Math.max(one, other), width);
            } else if (a.y() == b.y() && a.y() > y && a.y() < y + 1) {
                set(row, Math.min(a.x(), b.x()), Math.max(a.x(), b.x()), width);
            }
        }
    }

    private static double at(Corner a, Corner b, double y) {
        return a.x() + (b.x() - a.x()) * (y - a.y()) / (b.y() - a.y());
    }

    private static void set(BitSet row, double from, double to, int width) {
        int first = Math.max(0, (int) Math.floor(from));
        int behind = Math.min(width, (int) Math.ceil(to));
        if (first < behind) {
            row.set(first, behind);
        }
    }

    /** {@return whether a sample is filled} */
    boolean has(int x, int y) {
        for (int i = 0; i < rows[y].length; i += 2) {
            if (x >= rows[y][i] && x < rows[y][i + 1]) {
                return true;
            }
        }
        return false;
    }

    /**
     * Fills a plane.
     *
     * @param stride bytes of a row
     */
    void fill(BytePointer plane, int stride, int value) {
        for (int y = 0; y < rows.length; y++) {
            for (int i = 0; i < rows[y].length; i += 2) {
                plane.position((long) y * stride + rows[y][i]);
                Pointer.memset(plane, value, rows[y][i + 1] - rows[y][i]);
            }
        }
        plane.position(0);
    }
}
