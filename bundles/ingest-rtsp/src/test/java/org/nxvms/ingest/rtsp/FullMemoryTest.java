// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.ingest.rtsp.FakeCamera.Manners;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamWriter;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.streamhub.StreamHubComponent;

/** A stream that found no ring memory is fetched when there is some, without anybody's help. */
class FullMemoryTest extends IngestScene {
    /** Nobody is asked for anything by a try. */
    private static final Duration AGAIN_WITHIN = Duration.ofSeconds(10);

    private static final StreamId OTHER = StreamId.main(new UUID(1, 2));

    @Test
    void whatWasRefusedForMemoryIsFetchedSoonAfterAnotherCameraGaveItsOwnBack() throws Exception {
        hub = new StreamHubComponent(defaults(StreamHubComponent.Config.class, Map.of("memoryMaxMiB", 16)));
        engine(Map.of());
        StreamWriter other = hub.openWriter(OTHER, new StreamBudget(15 << 20, 2048, 1 << 20));
        try (FakeCamera camera = new FakeCamera(new Manners())) {
            ingest.ensure(stream, endpoint(camera.url()));
            await("the refusal", () -> status().state() == IngestStatus.State.WAITING);
            IngestStatus refused = status();
            assertThat(refused.detail()).contains("ring memory", "memoryMaxMiB");
            assertThat(refused.nextAttempt().orElseThrow())
                    .isBefore(Instant.now().plus(AGAIN_WITHIN));
            assertThat(camera.connections).as("it is not troubled for nothing").isEmpty();

            other.close();
            await("pictures", () -> !pictures.isEmpty());
            await("the status", () -> status().state() == IngestStatus.State.STREAMING);
            assertThat(status().cause()).isEmpty();
        }
    }
}
