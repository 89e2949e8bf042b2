// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.device.Encoders.Setup;
import org.nxvms.simulator.device.Encoders.Size;
import org.nxvms.simulator.onvif.OnvifDialect;

/** An encoder that is set: its stream goes over to the new pictures, and no moment is without one. */
class EncodersTest {
    private static final int NAL_SPS = 7;
    private static final int TICKS = 3_600;
    /** Pictures are made in about a second; a machine may stand still for some. */
    private static final int TICKS_MAX = 120 * 90_000;

    private static CameraFarm farm;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .clip(ClipSpec.SMALL)
                .data(Path.of("target", "simulator-data"))
                .dialect(OnvifDialect::new)
                .start();
    }

    @AfterAll
    static void stop() {
        farm.close();
    }

    /** Reads on to the first packet of a picture whose parameter sets are others; what comes before goes on evenly. */
    private static RtspClient.Frame change(RtspClient client, RtspClient.Frame first, int ticks) throws IOException {
        RtspClient.Frame last = first;
        while (true) {
            RtspClient.Frame next = client.frame(0);
            assertThat(next.sequence() - last.sequence() & 0xffff).isEqualTo(1);
            assertThat(next.timestamp() - last.timestamp()).isIn(0, ticks);
            assertThat(next.timestamp() - first.timestamp()).as("it is in time").isLessThan(TICKS_MAX);
            if (next.nalType() == NAL_SPS && !Arrays.equals(payload(next), payload(first))) {
                return next;
            }
            last = next;
        }
    }

    private static byte[] payload(RtspClient.Frame frame) {
        return Arrays.copyOfRange(frame.bytes(), 12, frame.bytes().length);
    }

    @Test
    void theStreamFollowsWithoutAHole() throws IOException {
        Camera camera = farm.camera(1);
        Setup before = farm.device(1).encoders().now(Camera.Role.MAIN);
        try (RtspClient client = RtspClient.of(camera, Camera.Role.MAIN)) {
            client.play(1);
            RtspClient.Frame first = client.frame(0);
            assertThat(first.nalType()).isEqualTo(NAL_SPS);
            Setup small = new Setup(new Size(320, 180), 12.5, 200, false, 5, 10, "Baseline");
            assertThat(farm.device(1).encoders().set(Camera.Role.MAIN, small)).isEmpty();

            RtspClient.Frame changed = change(client, first, TICKS);
            assertThat(payload(changed)[1]).as("profile_idc: Baseline").isEqualTo((byte) 66);
            RtspClient.Frame last = changed;
            int pictures = 0;
            do {
                RtspClient.Frame next = client.frame(0);
                pictures += next.timestamp() == last.timestamp() ? 0 : 1;
                assertThat(next.timestamp() - last.timestamp()).isIn(0, 2 * TICKS);
                last = next;
            } while (last.nalType() != NAL_SPS);
            assertThat(pictures).as("from key frame to key frame").isEqualTo(10);
            assertThat(client.describe().body()).contains("a=framerate:12.5");

            assertThat(farm.device(1).encoders().set(Camera.Role.MAIN, before)).isEmpty();
            assertThat(payload(change(client, last, 2 * TICKS))).isEqualTo(payload(first));
        }
    }

    @Test
    void whatItCannotDoChangesNothing() {
        var encoders = farm.device(1).encoders();
        Setup before = encoders.now(Camera.Role.SUB);
        for (Setup wrong : List.of(
                new Setup(new Size(640, 360), 25, 200, true, 5, 25, "High"),
                new Setup(new Size(320, 180), 26, 200, true, 5, 25, "High"),
                new Setup(new Size(320, 180), 4, 200, true, 5, 25, "High"),
                new Setup(new Size(320, 180), 25, 63, true, 5, 25, "High"),
                new Setup(new Size(320, 180), 25, 200, true, 11, 25, "High"),
                new Setup(new Size(320, 180), 25, 200, true, 5, 0, "High"),
                new Setup(new Size(320, 180), 25, 200, true, 5, 25, "Extended"))) {
            assertThat(encoders.set(Camera.Role.SUB, wrong))
                    .as(wrong.toString())
                    .isPresent();
        }
        assertThat(encoders.now(Camera.Role.SUB)).isEqualTo(before);
    }
}
