// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.worker.CaptionText;

/** The shapes of the characters that the contract promises. */
class GlyphsTest {
    private static final int CELL = 54;

    private static long ink(Glyphs glyphs, int character) {
        byte[] cell = glyphs.cell(character, CELL);
        return IntStream.range(0, cell.length)
                .filter(i -> (cell[i] & 0xFF) > 128)
                .count();
    }

    @Test
    void eachCharacterThatCanBeShownHasAShape() throws Exception {
        Glyphs glyphs = Glyphs.read();
        IntStream.rangeClosed(0, 0xFFFF).filter(CaptionText::isShown).forEach(one -> {
            assertThat(glyphs.has(one)).as("U+%04X", one).isTrue();
            if (!Character.isSpaceChar(one)) {
                assertThat(ink(glyphs, one)).as("U+%04X", one).isPositive();
            }
        });
        assertThat(ink(glyphs, ' ')).isZero();
        assertThat(ink(glyphs, '8')).isGreaterThan(ink(glyphs, '1')).isGreaterThan(ink(glyphs, '.'));
        assertThat(glyphs.cell('a', CELL)).isNotEqualTo(glyphs.cell('b', CELL));
    }

    @Test
    void whatHasNoShapeIsSeenToBeUnknown() throws Exception {
        Glyphs glyphs = Glyphs.read();
        assertThat(CaptionText.isShown(0x4E00)).isFalse();
        assertThat(glyphs.cell(0x4E00, CELL)).isEqualTo(glyphs.cell(CaptionText.UNKNOWN, CELL));
        assertThat(glyphs.cell(0x1F600, 12)).isEqualTo(glyphs.cell(CaptionText.UNKNOWN, 12));
    }

    /** Each sample is the mean of what it stands for. */
    @Test
    void aSmallerCellHasTheSameInk() throws Exception {
        Glyphs glyphs = Glyphs.read();
        double large = mean(glyphs.cell('W', CELL));
        assertThat(mean(glyphs.cell('W', 12))).isBetween(large * 0.9, large * 1.1);
        assertThat(mean(glyphs.cell('W', 96))).isBetween(large * 0.9, large * 1.1);
        assertThat(glyphs.cell('W', 12)).hasSize(12 * glyphs.width(12));
    }

    private static double mean(byte[] cell) {
        return IntStream.range(0, cell.length)
                .map(i -> cell[i] & 0xFF)
                .average()
                .orElseThrow();
    }
}
