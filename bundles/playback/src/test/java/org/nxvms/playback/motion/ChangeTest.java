// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What moves is found in its cells; what only looks otherwise is not. */
class ChangeTest {
    @Test
    void aBlockThatMovesIsFoundWhereItWasAndWhereItIs() {
        byte[] change = Change.between(Scenes.with(Scenes.yard(1), 10, 8), Scenes.with(Scenes.yard(2), 40, 20));
        for (int i = 0; i < Change.CELLS; i++) {
            int x = i % Change.COLUMNS;
            int y = i / Change.COLUMNS;
            boolean was = x >= 10 && x < 10 + Scenes.BLOCK && y >= 8 && y < 8 + Scenes.BLOCK;
            boolean is = x >= 40 && x < 40 + Scenes.BLOCK && y >= 20 && y < 20 + Scenes.BLOCK;
            assertThat(change[i] & 0xff).as("cell %d, %d", x, y).isBetween(was || is ? 100 : 0, was || is ? 255 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 25", "1, -30", "1.3, 0", "0.7, 0", "0.6, 30", "1.25, -20"})
    void anotherLightIsNoMotionAndHidesNone(double gain, double offset) {
        byte[] before = Scenes.yard(1);
        assertThat(Scenes.changed(Change.between(before, Scenes.lit(Scenes.yard(2), gain, offset))))
                .as("cells that changed by light alone")
                .isZero();
        byte[] moved = Change.between(before, Scenes.lit(Scenes.with(Scenes.yard(2), 30, 20), gain, offset));
        assertThat(Scenes.changed(moved)).isEqualTo(Scenes.BLOCK * Scenes.BLOCK);
        assertThat(moved[20 * Change.COLUMNS + 30]).isNotZero();
    }

    /** At night a sensor shows snow: the bound follows it, and what is larger is still seen. */
    @Test
    void strongNoiseIsNoMotion() {
        byte[] before = snow(1);
        assertThat(Scenes.changed(Change.between(before, snow(2)))).isLessThan(10);
        assertThat(Cells.of(List.of(new Area(0.4, 0.5, 0.2, 0.2)))
                        .changed(Change.between(before, Scenes.with(snow(3), 30, 20)), 0))
                .isGreaterThan(6);
    }

    private static byte[] snow(int number) {
        Random random = new Random(number);
        byte[] cells = Scenes.yard(number);
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (byte) Math.max(0, Math.min(255, (cells[i] & 0xff) + Math.round(random.nextGaussian() * 3)));
        }
        return cells;
    }

    /** A lorry before the lens is motion, not another light. */
    @Test
    void whenMostOfThePictureMovesThatIsFound() {
        byte[] before = Scenes.yard(1);
        byte[] now = Scenes.yard(2);
        Random lorry = new Random(5);
        for (int i = 0; i < Change.CELLS * 7 / 10; i++) {
            now[i] = (byte) (30 + lorry.nextInt(200));
        }
        assertThat(Scenes.changed(Change.between(before, now))).isGreaterThan(Change.CELLS / 3);
    }

    @Test
    void blackAndFlatPicturesChangeNothing() {
        byte[] black = new byte[Change.CELLS];
        assertThat(Scenes.changed(Change.between(black, black))).isZero();
        byte[] flat = Scenes.lit(black, 1, 90);
        assertThat(Scenes.changed(Change.between(flat, Scenes.lit(black, 1, 120))))
                .isZero();
        assertThatThrownBy(() -> Change.between(black, new byte[5])).hasMessageContaining("5 cells");
    }
}
