// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.vapix.VapixDialect;

/** A vendor's stream addresses lead to the same streams, and are answered in their own words. */
class VendorAddressTest {
    private static CameraFarm farm;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .clip(TestClips.SPEC)
                .data(TestClips.FOLDER)
                .settings(number -> CameraSettings.DEFAULT)
                .dialect(VapixDialect::new)
                .start();
    }

    @AfterAll
    static void stop() {
        farm.close();
    }

    @Test
    void profilesAndResolutionsLeadToTheirStream() throws IOException {
        String main = sets("/cam/1/main");
        String sub = sets("/cam/1/sub");
        assertThat(main).isNotEqualTo(sub);
        assertThat(sets("/axis-media/media.amp")).isEqualTo(main);
        assertThat(sets("/axis-media/media.amp?streamprofile=Main")).isEqualTo(main);
        assertThat(sets("/axis-media/media.amp?streamprofile=Sub")).isEqualTo(sub);
        assertThat(sets("/axis-media/media.amp?videocodec=h264&resolution=320x180"))
                .isEqualTo(sub);
        for (String unknown : new String[] {"?streamprofile=Moon", "?resolution=1x1", "?videocodec=h265"}) {
            try (RtspClient client = client("/axis-media/media.amp" + unknown)) {
                assertThat(client.describe().status()).as(unknown).isEqualTo(404);
            }
        }
    }

    @Test
    void aTrackIsSetUpByTheAddressThatSdpNames() throws IOException {
        try (RtspClient client = client("/axis-media/media.amp?streamprofile=Sub")) {
            RtspClient.Response described = client.describe();
            String base = farm.camera(1).baseUri() + "/axis-media/media.amp";
            assertThat(described.header("content-base")).isEqualTo(base + "/");
            String track = base + "/trackID=0?streamprofile=Sub";
            assertThat(described.body()).contains("a=control:" + base + "?streamprofile=Sub", "a=control:" + track);
            RtspClient.Response setup =
                    client.request("SETUP", track, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1");
            assertThat(setup.status()).isEqualTo(200);
            RtspClient.Response play = client.request("PLAY", base, "Session: " + setup.session());
            assertThat(play.header("rtp-info")).startsWith("url=" + track + ";seq=");
            assertThat(client.frame(0).nalType()).isEqualTo(FaultScene.NAL_SPS);
        }
    }

    private static String sets(String target) throws IOException {
        try (RtspClient client = client(target)) {
            return client.describe().body().replaceAll("(?s).*sprop-parameter-sets=(\\S+).*", "$1");
        }
    }

    private static RtspClient client(String target) throws IOException {
        return new RtspClient(farm.camera(1).address(), farm.camera(1).baseUri() + target);
    }
}
