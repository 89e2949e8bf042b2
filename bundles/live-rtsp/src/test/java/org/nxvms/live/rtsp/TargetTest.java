// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamId;

/** What addresses of the server name. */
class TargetTest {
    private static final UUID CAMERA = UUID.fromString("11111111-2222-4333-8444-555555555555");
    private static final String LIVE = "rtsp://vms.example:8554/live/" + CAMERA;

    @Test
    void theStreamOfWhatIsLiveStandsInThePath() throws Exception {
        assertThat(Target.parse(LIVE).stream()).isEqualTo(StreamId.main(CAMERA));
        assertThat(Target.parse(LIVE + "/sub").stream()).isEqualTo(StreamId.sub(CAMERA));
        assertThat(Target.parse(LIVE + "/main~480p/track1").stream()).isEqualTo(StreamId.of(CAMERA, "main~480p"));
        assertThat(Target.parse(LIVE + "/sub?transportmode=unicast&upstream=1/track0").stream())
                .as("players add what they like")
                .isEqualTo(StreamId.sub(CAMERA));
    }

    /** As by HLS and WHEP: who was given the large stream would not notice. */
    @Test
    void aStreamThatIsAskedForBehindTheAddressIsRefusedWithItsPlace() {
        for (String query : List.of("?stream=sub", "?a=1&stream=main~480p", "?stream=sub/track0")) {
            assertThatThrownBy(() -> Target.parse(LIVE + query)).isInstanceOfSatisfying(Refusal.class, refused -> {
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.getMessage()).contains("/live/{cameraId}/sub");
            });
        }
    }
}
