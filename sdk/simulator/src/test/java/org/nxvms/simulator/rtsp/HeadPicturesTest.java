// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.clip.View;
import org.nxvms.simulator.clip.Viewer;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.onvif.OnvifDialect;

/** A head that turns is seen to turn in the stream. */
class HeadPicturesTest {
    private static final int GOP = TestClips.SPEC.gopFrames();
    private static final int PLACES = 24;

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

    @Test
    void theStreamShowsWhereTheHeadLooks() throws IOException {
        PtzHead head = farm.device(1).ptz();
        try (Watching main = new Watching(farm.camera(1))) {
            View aside = new View(0.25, 0, 1);
            assertThat(main.next().isOf(View.WHOLE, aside)).isTrue();

            head.moveTo(new PtzHead.Position(PtzHead.FIELD_WIDTH / 4, 0, 1));
            main.until(aside, View.WHOLE);
            for (int i = 0; i < 2 * GOP; i++) {
                assertThat(main.next().isOf(aside, View.WHOLE))
                        .as("and stays there")
                        .isTrue();
            }
            assertThat(farm.camera(1).pictures(Camera.Role.SUB).live())
                    .as("what nobody receives is not encoded")
                    .isEmpty();
            try (Watching another = new Watching(farm.camera(1))) {
                assertThat(another.next().isOf(aside, View.WHOLE))
                        .as("whoever joins sees nothing else")
                        .isTrue();
            }

            head.moveTo(new PtzHead.Position(0, 0, 1));
            main.until(View.WHOLE, aside);
            while (!isLoop(main)) {
                main.next();
            }
            for (int i = 0; i < TestClips.SPEC.frameCount(); i++) {
                main.next();
                assertThat(isLoop(main)).as("as if nothing had been").isTrue();
            }
        }
    }

    /** Whether the last picture is one of the loop, byte for byte. */
    private boolean isLoop(Watching main) {
        return farm.clip().main().accessUnits().stream().anyMatch(unit -> Arrays.equals(unit.annexB(), main.annexB));
    }

    @Test
    void aHeadThatGoesOnTurningIsSeenToMove() throws IOException {
        try (Watching main = new Watching(farm.camera(1))) {
            main.next();
            farm.device(1).ptz().movePanTilt(0.05, 0);
            Set<Integer> places = new HashSet<>();
            while (places.size() < 4) {
                // To look at each picture from everywhere takes longer than one is shown.
                for (int i = 0; i < GOP; i++) {
                    main.next();
                }
                places.add(place(main.next()));
            }
        }
    }

    /** Where in the scene its middle is, in parts of its width. */
    private static int place(Viewer.Seen seen) {
        return IntStream.range(0, PLACES)
                .boxed()
                .min(Comparator.comparingDouble(place -> seen.awayFrom(new View(place / (double) PLACES, 0, 1))))
                .orElseThrow();
    }
}
