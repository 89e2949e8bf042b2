// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.ingest.kit.Names;
import org.nxvms.platform.api.ingest.IngestStatus;

/** A name that was looked at when the camera was added, and means something else when it is connected to. */
final class ReboundNameTest {
    private volatile String means = "169.254.169.254";
    private Stage stage;

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        return InetAddress.getAllByName(means);
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void nothingIsConnectedToUntilTheNameMeansACameraAgain() throws Exception {
        stage = new Stage(1, Map.of(), new Names("test-names", this::lookUp));
        stage.fetch(1, stage.url(1).replace("127.0.0.1", "camera.test"), Map.of(), Transport.TCP);
        // Its words stay while it is tried again: that it waits is true between two tries.
        stage.await("the refusal", () -> {
            IngestStatus now = stage.status(1);
            return now.state() == IngestStatus.State.WAITING && now.detail().contains("metadata service");
        });
        assertThat(stage.farm.camera(1).status().connections()).isZero();

        means = "127.0.0.1";
        stage.await("the camera", () -> stage.status(1).state() == IngestStatus.State.STREAMING);
    }
}
