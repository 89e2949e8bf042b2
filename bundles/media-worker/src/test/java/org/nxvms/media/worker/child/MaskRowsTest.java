// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Area;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nxvms.media.worker.wire.MaskArea;
import org.nxvms.media.worker.wire.MaskArea.Corner;

/** Which samples are filled: all that an area touches, in each plane, and not many more. */
class MaskRowsTest {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 36;
    private static final long SEED = 1_131;

    private static MaskArea area(double... corners) {
        List<Corner> all = new ArrayList<>();
        for (int i = 0; i < corners.length; i += 2) {
            all.add(new Corner(corners[i], corners[i + 1]));
        }
        return new MaskArea(all);
    }

    private static MaskRows.Planes planes(MaskArea... areas) {
        return MaskRows.of(List.of(areas), WIDTH, HEIGHT);
    }

    private static long count(MaskRows rows, int width, int height) {
        long count = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                count += rows.has(x, y) ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void aRectangleOnTheGridIsFilledAndNothingBesideIt() {
        MaskRows.Planes planes = planes(area(0.25, 0.5, 0.75, 0.5, 0.75, 1, 0.25, 1));
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                assertThat(planes.luma().has(x, y)).as("%d, %d", x, y).isEqualTo(x >= 16 && x < 48 && y >= 18);
            }
        }
        assertThat(count(planes.chroma(), WIDTH / 2, HEIGHT / 2)).isEqualTo(16 * 9);
    }

    @Test
    void aSampleOfColourIsFilledWhereAnyOfItsFourIs() {
        double pixelX = 1.0 / WIDTH;
        double pixelY = 1.0 / HEIGHT;
        MaskRows.Planes planes = planes(
                area(5 * pixelX, 7 * pixelY, 6 * pixelX, 7 * pixelY, 6 * pixelX, 8 * pixelY, 5 * pixelX, 8 * pixelY));
        assertThat(count(planes.luma(), WIDTH, HEIGHT)).isBetween(1L, 9L);
        assertThat(planes.luma().has(5, 7)).isTrue();
        assertThat(planes.chroma().has(2, 3)).isTrue();
    }

    @Test
    void theWholePictureIsFilledAndSeveralAreasAreJoined() {
        assertThat(count(planes(area(0, 0, 1, 0, 1, 1, 0, 1)).luma(), WIDTH, HEIGHT))
                .isEqualTo(WIDTH * HEIGHT);
        MaskRows.Planes two = planes(area(0, 0, 0.5, 0, 0.5, 1, 0, 1), area(0.5, 0, 1, 0, 1, 0.5, 0.5, 0.5));
        assertThat(count(two.luma(), WIDTH, HEIGHT)).isEqualTo(WIDTH * HEIGHT * 3 / 4);
    }

    /** Also of polygons whose lines cross: what they go around twice is within. */
    @Test
    void eachSampleThatAnyPolygonTouchesIsFilledAndNoneThatIsTwoAway() {
        Random random = new Random(SEED);
        for (int round = 0; round < 300; round++) {
            double[] corners = random.doubles(2 * (3 + random.nextInt(6))).toArray();
            Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
            path.moveTo(corners[0] * WIDTH, corners[1] * HEIGHT);
            for (int i = 2; i < corners.length; i += 2) {
                path.lineTo(corners[i] * WIDTH, corners[i + 1] * HEIGHT);
            }
            path.closePath();
            Area exact = new Area(path);
            MaskRows.Planes planes = planes(area(corners));
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    String where = "seed " + SEED + ", round " + round + ", " + x + ", " + y;
                    // A hair less than the sample, for what touches only its border.
                    if (exact.intersects(x + 0.001, y + 0.001, 0.998, 0.998)) {
                        assertThat(planes.luma().has(x, y)).as(where).isTrue();
                        assertThat(planes.chroma().has(x / 2, y / 2)).as(where).isTrue();
                    } else if (!exact.intersects(x - 2, y - 2, 5, 5)) {
                        assertThat(planes.luma().has(x, y)).as(where).isFalse();
                    }
                }
            }
        }
    }
}
