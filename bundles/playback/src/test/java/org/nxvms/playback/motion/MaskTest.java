// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.motion.MotionMask;
import org.nxvms.platform.api.worker.Polygon.Point;

/** Which cells areas of a mask hide. */
class MaskTest {
    private static Mask mask(double... corners) {
        List<Point> points = IntStream.range(0, corners.length / 2)
                .mapToObj(i -> new Point(corners[2 * i], corners[2 * i + 1]))
                .toList();
        return Mask.of(new MotionMask(1, List.of(new MotionMask.Area(points))));
    }

    private static Mask box(double left, double top, double right, double bottom) {
        return mask(left, top, right, top, right, bottom, left, bottom);
    }

    private static boolean hides(Mask mask, int column, int row) {
        return mask.cells().get(row * Change.COLUMNS + column);
    }

    @Test
    void aBoxAlongTheEdgesOfCellsHidesThoseWithinAlone() {
        Mask mask = box(8.0 / 64, 9.0 / 36, 24.0 / 64, 18.0 / 36);
        assertThat(mask.cells().cardinality()).isEqualTo(16 * 9);
        assertThat(hides(mask, 8, 9)).isTrue();
        assertThat(hides(mask, 23, 17)).isTrue();
        assertThat(hides(mask, 7, 9)).isFalse();
        assertThat(hides(mask, 24, 17)).isFalse();
        assertThat(box(0, 0, 1, 1).cells().cardinality()).isEqualTo(Change.CELLS);
        assertThat(Mask.of(MotionMask.NONE).isEmpty()).isTrue();
    }

    @Test
    void aCellOfWhichAPartLiesBelowIsHidden() {
        Mask mask = box(8.5 / 64, 9.5 / 36, 9.2 / 64, 10.2 / 36);
        assertThat(mask.cells().cardinality()).isEqualTo(4);
        Mask slope = mask(0, 0, 1, 0, 0, 1);
        assertThat(hides(slope, 0, 0)).isTrue();
        assertThat(hides(slope, 32, 17)).as("the slope goes through it").isTrue();
        assertThat(hides(slope, 34, 18)).isFalse();
        assertThat(hides(slope, 63, 35)).isFalse();
    }

    @Test
    void anAreaThinnerThanACellHidesThoseItGoesThrough() {
        double thin = 0.05 / 36;
        for (int part = 0; part < 20; part++) {
            double top = (9 + part / 20.0) / 36;
            assertThat(box(0, top, 1, top + thin).cells().cardinality())
                    .as("%d twentieths down its row", part)
                    .isEqualTo(64);
            double left = (9 + part / 20.0) / 64;
            assertThat(box(left, 0, left + 0.05 / 64, 1).cells().cardinality()).isEqualTo(36);
        }
        assertThat(box(0, 9.98 / 36, 1, 10.02 / 36).cells().cardinality())
                .as("on the border of two rows")
                .isEqualTo(2 * 64);
        Mask slope = mask(0, 0, 1, 1, 1, 0.999);
        for (int column = 0; column < 64; column++) {
            assertThat(hides(slope, column, (int) ((column + 0.5) / 64 * 36)))
                    .as("column %d", column)
                    .isTrue();
        }
        assertThat(slope.cells().cardinality()).isLessThan(64 + 36 + 10);
        assertThat(mask(0, 0.5, 1, 0.5, 0.5, 0.5).isEmpty())
                .as("a line along a border goes through nothing")
                .isTrue();
    }

    @Test
    void whatLinesThatCrossGoAroundIsWithinAndWhicheverWayTheyGo() {
        assertThat(mask(0, 0, 0, 1, 1, 1, 1, 0).cells().cardinality()).isEqualTo(Change.CELLS);
        Mask twice = mask(0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1);
        assertThat(twice.cells().cardinality()).as("gone around twice").isEqualTo(Change.CELLS);
        Mask hourglass = mask(0, 0, 1, 0, 0, 1, 1, 1);
        assertThat(hides(hourglass, 32, 1)).isTrue();
        assertThat(hides(hourglass, 32, 34)).isTrue();
        assertThat(hides(hourglass, 1, 17)).isFalse();
    }

    @Test
    void whatItHidesDoesNotChange() {
        byte[] grid = new byte[Change.CELLS];
        grid[10 * Change.COLUMNS + 10] = (byte) 255;
        grid[20 * Change.COLUMNS + 40] = (byte) 255;
        Mask mask = box(0, 0, 0.5, 0.5);
        Cells seen = Cells.of(List.of(), mask);
        assertThat(seen.count()).isEqualTo(Change.CELLS * 3 / 4);
        assertThat(seen.changed(grid, 0)).isEqualTo(1);
        assertThat(Cells.of(List.of(new Area(0, 0, 0.5, 0.5)), mask).count()).isZero();
        assertThat(Cells.of(List.of(), box(0, 0, 1, 1)).height(0)).isZero();
        assertThat(mask.hides(new Area(0.1, 0.1, 0.3, 0.3))).isTrue();
        assertThat(mask.hides(new Area(0.1, 0.1, 0.5, 0.3))).isFalse();
        assertThat(Mask.NONE.hides(new Area(0.1, 0.1, 0.3, 0.3))).isFalse();
    }
}
