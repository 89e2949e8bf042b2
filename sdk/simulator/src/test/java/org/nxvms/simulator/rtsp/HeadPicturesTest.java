// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
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
    private static final int TICKS = 3_600;
    /** Pictures are made in some milliseconds; a machine may stand still for some seconds. */
    private static final int TICKS_MAX = 120 * 90_000;

    private static final int GOP = TestClips.SPEC.gopFrames();
    private static final int PLACES = 24;

    private static final int NAL_SPS = 7;
    private static final int FU_A = 28;
    private static final byte[] START_CODE = {0, 0, 0, 1};

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

    /** Receives the main stream and decodes it. */
    private final class Watching implements AutoCloseable {
        private final RtspClient client = RtspClient.of(farm.camera(1), Camera.Role.MAIN);
        private final Viewer viewer = new Viewer(TestClips.SPEC);
        private byte[] parameterSet = {};
        private RtspClient.Frame ahead;
        private int sequence;
        private int firstTimestamp;
        private int firstNumber = -1;
        /** As it was received. */
        private byte[] annexB;

        Watching() throws IOException {
            client.play(1);
            ahead = client.frame(0);
            sequence = ahead.sequence();
            firstTimestamp = ahead.timestamp();
        }

        /** The next picture; that it is what its time says, and no packet is missing, is looked at for each. */
        Viewer.Seen next() throws IOException {
            while (true) {
                int timestamp = ahead.timestamp();
                assertThat(timestamp - firstTimestamp).as("it is in time").isLessThan(TICKS_MAX);
                annexB = accessUnit();
                var seen = viewer.see(annexB);
                if (seen.isPresent()) {
                    int loop = TestClips.SPEC.frameCount();
                    int number = seen.get().number();
                    // The decoder gives each picture as soon as it has it.
                    firstNumber = firstNumber < 0 ? number : firstNumber;
                    assertThat(Math.floorMod(number - firstNumber, loop))
                            .as("the frame strip goes with the time")
                            .isEqualTo((timestamp - firstTimestamp) / TICKS % loop);
                    return seen.get();
                }
            }
        }

        private byte[] accessUnit() throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int timestamp = ahead.timestamp();
            while (ahead.timestamp() == timestamp) {
                byte[] bytes = ahead.bytes();
                if (ahead.nalType() == FU_A) {
                    if ((bytes[13] & 0x80) != 0) {
                        out.writeBytes(START_CODE);
                        out.write(bytes[12] & 0xe0 | bytes[13] & 0x1f);
                    }
                    out.write(bytes, 14, bytes.length - 14);
                } else {
                    out.writeBytes(START_CODE);
                    out.write(bytes, 12, bytes.length - 12);
                    sameParameters(ahead);
                }
                ahead = client.frame(0);
                assertThat(ahead.sequence() - sequence & 0xffff).isEqualTo(1);
                sequence = ahead.sequence();
            }
            return out.toByteArray();
        }

        private void sameParameters(RtspClient.Frame frame) {
            if (frame.nalType() == NAL_SPS) {
                byte[] told = Arrays.copyOfRange(frame.bytes(), 12, frame.bytes().length);
                parameterSet = parameterSet.length == 0 ? told : parameterSet;
                assertThat(told).as("a recorder need not begin anew").isEqualTo(parameterSet);
            }
        }

        /** Goes on to a picture of one view and not of another. */
        Viewer.Seen until(View one, View other) throws IOException {
            Viewer.Seen seen = next();
            while (!seen.isOf(one, other)) {
                seen = next();
            }
            return seen;
        }

        @Override
        public void close() throws IOException {
            client.close();
            viewer.close();
        }
    }

    @Test
    void theStreamShowsWhereTheHeadLooks() throws IOException {
        PtzHead head = farm.device(1).ptz();
        try (Watching main = new Watching()) {
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
            try (Watching another = new Watching()) {
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
        try (Watching main = new Watching()) {
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
