// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is drawn for a camera that looks elsewhere. */
class ViewTest {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;
    private static final ClipSpec SPEC = new ClipSpec(
            new ClipSpec.Rendition(WIDTH, HEIGHT, 250_000), new ClipSpec.Rendition(160, 90, 100_000), 25, 10, 2);
    /** Below clock and names. */
    private static final int FREE = 110;
    /** Of both pictures, by 9 either way. */
    private static final int NOISE = 18;

    private final Scene scene = new Scene(SPEC, FrameStrip.RENDITION_MAIN);

    @Test
    void whatIsSeenMovesToTheLeftWhereTheCameraTurnsToTheRight() {
        byte[] straight = scene.draw(7).y.clone();
        byte[] turned = scene.draw(7, new View(0.25, 0, 1), List.of()).y.clone();
        for (int y = FREE; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH - WIDTH / 4; x++) {
                assertAlike(turned[y * WIDTH + x], straight[y * WIDTH + x + WIDTH / 4]);
            }
        }
    }

    @Test
    void whatIsBroughtNearerIsLarger() {
        byte[] straight = scene.draw(7).y.clone();
        byte[] nearer = scene.draw(7, new View(0, 0, 2), List.of()).y.clone();
        for (int y = FREE; y < HEIGHT; y += 2) {
            for (int x = 0; x < WIDTH; x += 2) {
                int from = (HEIGHT / 4 + y / 2) * WIDTH + WIDTH / 4 + x / 2;
                assertAlike(nearer[y * WIDTH + x], straight[from]);
            }
        }
    }

    private static void assertAlike(byte one, byte other) {
        assertThat(Math.abs((one & 0xff) - (other & 0xff))).isLessThanOrEqualTo(NOISE);
    }
}
