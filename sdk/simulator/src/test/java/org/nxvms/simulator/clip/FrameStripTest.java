// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameStripTest {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;

    @Test
    void everyNumberIsReadBackInBothRenditions() {
        byte[] luma = new byte[WIDTH * HEIGHT];
        for (int number = 0; number < 1 << FrameStrip.NUMBER_BITS; number += 7) {
            for (int rendition = 0; rendition < 2; rendition++) {
                FrameStrip.paint(luma, WIDTH, HEIGHT, number, rendition);
                assertThat(FrameStrip.read((x, y) -> luma[y * WIDTH + x] & 0xff, WIDTH, HEIGHT))
                        .contains(new FrameStrip.Reading(number, rendition));
            }
        }
    }

    @Test
    void aStripDrawnLargeIsReadInAThumbnail() {
        byte[] luma = new byte[1920 * 1080];
        FrameStrip.paint(luma, 1920, 1080, 749, 0);
        assertThat(FrameStrip.read((x, y) -> luma[y * 12 * 1920 + x * 12] & 0xff, 160, 90))
                .contains(new FrameStrip.Reading(749, 0));
    }

    @Test
    void aStripWithOneWrongCellIsNotReadAsAnotherNumber() {
        for (int cell = 0; cell < FrameStrip.CELLS; cell++) {
            byte[] luma = new byte[WIDTH * HEIGHT];
            FrameStrip.paint(luma, WIDTH, HEIGHT, 12_345, 1);
            for (int y = 8; y < 16; y++) {
                for (int x = (4 + cell) * 8; x < (5 + cell) * 8; x++) {
                    luma[y * WIDTH + x] = (byte) (251 - (luma[y * WIDTH + x] & 0xff));
                }
            }
            assertThat(FrameStrip.read(luma, WIDTH, WIDTH, HEIGHT))
                    .as("cell " + cell)
                    .isEmpty();
        }
    }

    @Test
    void picturesWithoutAStripReadAsNothing() {
        byte[] luma = new byte[WIDTH * HEIGHT];
        assertThat(FrameStrip.read(luma, WIDTH, WIDTH, HEIGHT)).isEmpty();
        Arrays.fill(luma, (byte) 235);
        assertThat(FrameStrip.read(luma, WIDTH, WIDTH, HEIGHT)).isEmpty();
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            random.nextBytes(luma);
            assertThat(FrameStrip.read(luma, WIDTH, WIDTH, HEIGHT)).isEmpty();
        }
        assertThat(FrameStrip.read((x, y) -> 0, 8, 8)).isEqualTo(Optional.empty());
    }

    @Test
    void aNumberThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> FrameStrip.encode(1 << FrameStrip.NUMBER_BITS, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
