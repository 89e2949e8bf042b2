// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Boxes as cells, and how much in them must move. */
class CellsTest {
    @Test
    void aBoxHasTheCellsWhoseMiddleItHolds() {
        assertThat(Cells.of(List.of()).count()).isEqualTo(Change.CELLS);
        assertThat(Cells.of(List.of(new Area(0, 0, 1, 1))).count()).isEqualTo(Change.CELLS);
        assertThat(Cells.of(List.of(new Area(0, 0, 0.5, 0.5))).count()).isEqualTo(Change.CELLS / 4);
        byte[] grid = new byte[Change.CELLS];
        grid[18 * Change.COLUMNS + 32] = (byte) 255;
        assertThat(Cells.of(List.of(new Area(0.5, 0.5, 0.001, 0.001))).changed(grid, 0))
                .as("a box smaller than a cell has the one it lies in")
                .isEqualTo(1);
        assertThat(Cells.of(List.of(new Area(0.6, 0.5, 0.2, 0.2))).changed(grid, 0))
                .isZero();
        assertThat(Cells.of(List.of(new Area(0.999, 0.999, 0.001, 0.001))).count())
                .isEqualTo(1);
    }

    @Test
    void boxesThatOverlapCountEachCellOnce() {
        assertThat(Cells.of(List.of(new Area(0, 0, 0.5, 1), new Area(0.25, 0, 0.5, 1)))
                        .count())
                .isEqualTo(Change.CELLS * 3 / 4);
    }

    @Test
    void heightsShowSmallMotionBesideLarge() {
        Cells all = Cells.of(List.of());
        assertThat(all.height(0)).isZero();
        assertThat(all.height(Change.CELLS)).isEqualTo(255);
        assertThat(all.height(Change.CELLS / 100.0)).isBetween(24, 27);
    }

    @Test
    void theHigherTheSensitivityTheLessMustMove() {
        Cells all = Cells.of(List.of());
        double last = Double.MAX_VALUE;
        for (int sensitivity = Sensitivity.MIN; sensitivity <= Sensitivity.MAX; sensitivity++) {
            double cells = Sensitivity.cells(sensitivity, all);
            assertThat(cells).isLessThan(last);
            last = cells;
        }
        assertThat(Sensitivity.cells(50, all)).isBetween(1.9, 2.2);
        assertThat(Sensitivity.cells(1, Cells.of(List.of(new Area(0.5, 0.5, 0.001, 0.001)))))
                .as("a single cell need not change wholly")
                .isEqualTo(0.3);
    }

    @Test
    void boxesThatReachBeyondThePictureAreRefused() {
        assertThatThrownBy(() -> new Area(0.6, 0, 0.5, 1)).hasMessageContaining("within the picture");
        assertThatThrownBy(() -> new Area(0, 0, 0, 1)).hasMessageContaining("larger than nothing");
        assertThatThrownBy(() -> new Area(Double.NaN, 0, 0.1, 1)).hasMessageContaining("within the picture");
        assertThat(new Area(0, 0, 0.5, 0.5).touches(new Area(0.4, 0.4, 0.5, 0.5)))
                .isTrue();
        assertThat(new Area(0, 0, 0.5, 0.5).touches(new Area(0.5, 0, 0.5, 0.5))).isFalse();
    }
}
