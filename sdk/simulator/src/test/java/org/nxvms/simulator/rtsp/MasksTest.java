// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.Cover;
import org.nxvms.simulator.clip.Cover.Corner;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.clip.Viewer;
import org.nxvms.simulator.device.Masks;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.onvif.OnvifDialect;

/** What a device hides is in no picture that it sends. */
class MasksTest {
    private static final int BLACK_MAX = 24;

    private CameraFarm farm;

    @BeforeEach
    void start() throws IOException {
        farm = CameraFarm.builder()
                .clip(TestClips.SPEC)
                .data(TestClips.FOLDER)
                .dialect(OnvifDialect::new)
                .start();
    }

    @AfterEach
    void stop() {
        farm.close();
    }

    private static Masks.Mask mask(boolean mosaic, boolean on) {
        return new Masks.Mask(
                new Cover(
                        List.of(new Corner(0.5, 0.5), new Corner(1, 0.5), new Corner(1, 1), new Corner(0.5, 1)),
                        new Cover.Paint(mosaic, 0, 0, 0)),
                on);
    }

    /** {@return how bright the brightest pixel is of what is hidden}; lines at its sides are smeared by the codec. */
    private static int brightest(Viewer.Seen seen) {
        return seen.range(0.53, 0.53, 1, 1)[1];
    }

    @Test
    void itIsBlackInTheStreamWhileItIsOn() throws IOException {
        Masks masks = farm.device(1).masks();
        try (Watching main = new Watching(farm.camera(1))) {
            int bright = brightest(main.next());
            assertThat(bright).isGreaterThan(BLACK_MAX * 3);

            String token = masks.create(mask(false, true)).orElseThrow();
            main.until("what is hidden is black", seen -> brightest(seen) <= BLACK_MAX);
            for (int i = 0; i < 2 * TestClips.SPEC.gopFrames(); i++) {
                Viewer.Seen seen = main.next();
                assertThat(brightest(seen)).as("and stays so").isLessThanOrEqualTo(BLACK_MAX);
                assertThat(seen.range(0, 0.5, 0.47, 1)[1])
                        .as("the rest is as it was")
                        .isGreaterThan(BLACK_MAX * 3);
            }

            farm.device(1).ptz().moveTo(new PtzHead.Position(PtzHead.FIELD_WIDTH / 4, 0, 1));
            for (int i = 0; i < 2 * TestClips.SPEC.gopFrames(); i++) {
                assertThat(brightest(main.next())).as("wherever it looks").isLessThanOrEqualTo(BLACK_MAX);
            }
            farm.device(1).ptz().moveTo(new PtzHead.Position(0, 0, 1));

            assertThat(masks.set(token, mask(false, false))).isTrue();
            main.until("what was hidden is seen", seen -> brightest(seen) > BLACK_MAX);
            assertThat(masks.remove(token)).isTrue();
            assertThat(masks.all()).isEmpty();
        }
    }

    @Test
    void itIsBlackInStillsAtOnce() throws IOException {
        farm.device(1).masks().create(mask(false, true));
        BufferedImage still =
                ImageIO.read(new ByteArrayInputStream(farm.device(1).still(Camera.Role.MAIN)));
        for (int x = still.getWidth() * 53 / 100; x < still.getWidth(); x++) {
            for (int y = still.getHeight() * 53 / 100; y < still.getHeight(); y++) {
                assertThat(still.getRGB(x, y) >> 8 & 0xff).isLessThan(BLACK_MAX);
            }
        }
        assertThat(still.getRGB(still.getWidth() / 4, still.getHeight() * 3 / 4) >> 8 & 0xff)
                .isGreaterThan(BLACK_MAX);
    }

    @Test
    void aMosaicHasSquares() throws IOException {
        farm.device(1).masks().create(mask(true, true));
        BufferedImage still =
                ImageIO.read(new ByteArrayInputStream(farm.device(1).still(Camera.Role.MAIN)));
        int left = (still.getWidth() * 3 / 4 / 32 + 1) * 32;
        int top = (still.getHeight() * 3 / 4 / 32) * 32;
        int green = still.getRGB(left + 16, top + 16) >> 8 & 0xff;
        for (int i = 4; i < 28; i++) {
            assertThat((still.getRGB(left + i, top + i) >> 8 & 0xff) - green).isBetween(-6, 6);
        }
    }

    @Test
    void thereAreNoMoreThanItHasPlacesFor() {
        Masks masks = farm.device(1).masks();
        for (int i = 0; i < Masks.MASKS_MAX; i++) {
            assertThat(masks.create(mask(false, false))).isPresent();
        }
        assertThat(masks.create(mask(false, false))).isEmpty();
        assertThat(masks.set("mask_9", mask(false, false))).isFalse();
        assertThat(masks.remove("mask_9")).isFalse();
        assertThat(masks.all()).hasSize(Masks.MASKS_MAX);
        assertThat(Masks.isPossible(new Masks.Mask(
                        new Cover(
                                List.of(new Corner(0, 0), new Corner(1.1, 0), new Corner(1, 1)),
                                new Cover.Paint(false, 0, 0, 0)),
                        true)))
                .as("beyond the picture")
                .isFalse();
    }
}
