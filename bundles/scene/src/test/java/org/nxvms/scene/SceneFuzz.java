// SPDX-License-Identifier: Apache-2.0
package org.nxvms.scene;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Whatever a camera sends as metadata, reading it ends, and a box is within the picture. */
class SceneFuzz {
    private static void isWithin(Box box) {
        assertThat(box.x()).isBetween(0.0, 1.0);
        assertThat(box.y()).isBetween(0.0, 1.0);
        assertThat(box.x() + box.width()).isBetween(0.0, 1.000_001);
        assertThat(box.y() + box.height()).isBetween(0.0, 1.000_001);
    }

    @FuzzTest(maxDuration = "30s")
    void documents(byte[] bytes) {
        SceneDocument document = SceneDocument.parse(bytes);
        assertThat(document.objects()).hasSizeLessThanOrEqualTo(100);
        document.objects().forEach(seen -> seen.box().ifPresent(SceneFuzz::isWithin));
        document.moves().ifPresent(SceneFuzz::isWithin);
    }

    @FuzzTest(maxDuration = "30s")
    void cells(byte[] bytes) {
        String cells = new String(bytes, StandardCharsets.ISO_8859_1);
        int columns = bytes.length == 0 ? 0 : bytes[0];
        MotionCells.enclosing(columns, 18, cells).ifPresent(SceneFuzz::isWithin);
    }
}
