// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a frame is shown, also where it does not last whole milliseconds. */
class ClipSpecTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 15, 24, 25, 30, 60})
    void framesAreFoundByTheMomentsAtWhichTheyAreShown(int fps) {
        ClipSpec spec = new ClipSpec(ClipSpec.SMALL.main(), ClipSpec.SMALL.sub(), fps, fps, 4);
        for (int frame = -2; frame <= spec.frameCount(); frame++) {
            assertThat(spec.startMs(frame)).isBetween(frame * 1000L / fps - 1, frame * 1000L / fps);
            assertThat(spec.frameAt(spec.startMs(frame))).isEqualTo(frame);
            assertThat(spec.frameAt(spec.startMs(frame) - 1)).isEqualTo(frame - 1L);
        }
        assertThat(spec.startMs(spec.frameCount())).isEqualTo(4_000);
    }
}
