// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.ingest.kit.Names;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.ingest.IngestStatus;

/** Name servers that do not answer stop the cameras that have names, and say so; those that have addresses go on. */
class DeadNameServerTest {
    /** More than any pool of threads has. */
    private static final int NAMED = 40;

    private final CountDownLatch alive = new CountDownLatch(1);
    private Stage stage;

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        try {
            alive.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
        return InetAddress.getAllByName("127.0.0.1");
    }

    @AfterEach
    void stop() {
        alive.countDown();
        stage.close();
    }

    @Test
    void camerasWithAddressesAreFetchedAndTheOthersComeWhenTheServersDo() throws Exception {
        stage = new Stage(1, Map.of("connectTimeoutMs", 1000), new Names("test-names", this::lookUp));
        for (int number = 2; number <= 1 + NAMED; number++) {
            stage.fetch(
                    number, stage.url(1).replace("127.0.0.1", "camera" + number + ".test"), Map.of(), Transport.TCP);
        }
        stage.await("the named ones to wait", () -> stage.status(2).state() == IngestStatus.State.WAITING);
        assertThat(stage.status(2).cause()).contains(GapCause.CAMERA_UNREACHABLE);
        assertThat(stage.status(2).detail()).contains("name server does not answer", "use the camera's address");

        Watch byAddress = stage.fetch(1, Transport.TCP);
        stage.awaitPictures(byAddress, 5);
        assertThat(stage.status(2).state()).isNotEqualTo(IngestStatus.State.STREAMING);

        alive.countDown();
        stage.await("the named ones", () -> stage.status(1 + NAMED).state() == IngestStatus.State.STREAMING);
        assertThat(byAddress.runs).hasSize(1);
    }
}
