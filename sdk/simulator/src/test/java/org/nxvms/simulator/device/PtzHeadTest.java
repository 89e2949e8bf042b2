// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PtzHeadTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final PtzHead head = new PtzHead(now::get);

    @Test
    void aMoveAtASpeedGoesOnUntilItIsStoppedOrAtItsLimit() {
        head.movePanTilt(0.5, -1);
        head.moveZoom(1);
        now.addAndGet(SECOND / 10);
        assertThat(head.position()).isEqualTo(new PtzHead.Position(6, -6, 251));
        now.addAndGet(SECOND);
        head.stop();
        PtzHead.Position stopped = head.position();
        assertThat(stopped.pan()).isEqualTo(66);
        assertThat(stopped.tilt()).as("its limit").isEqualTo(-20);
        now.addAndGet(SECOND);
        assertThat(head.position()).isEqualTo(stopped);
        assertThat(head.moves()).isFalse();
    }

    @Test
    void presetsKeepTheirPlaceAndAreBounded() {
        head.moveTo(new PtzHead.Position(5, 5, 5));
        assertThat(head.keep("Gate").orElseThrow().number()).isEqualTo(2);
        head.moveTo(new PtzHead.Position(6, 6, 6));
        assertThat(head.keep("Gate").orElseThrow()).isEqualTo(new PtzHead.Preset(2, "Gate", head.position()));
        for (int i = 3; i <= PtzHead.PRESETS_MAX; i++) {
            assertThat(head.keep("p" + i)).isPresent();
        }
        assertThat(head.keep("one too many")).isEmpty();
        head.forget("p50");
        assertThat(head.keep("in its place").orElseThrow().number()).isEqualTo(50);
    }
}
