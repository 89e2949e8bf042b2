// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** Devices that hold up who fetches their recordings. */
class ReplayConnectionTest {
    /** Else one camera would keep the recordings of all others waiting, which are fetched one after the other. */
    @Test
    void whoSendsAByteAtATimeHoldsNobodyUp() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread camera = new Thread(() -> drip(server), "test-drip");
            camera.setDaemon(true);
            camera.start();
            ReplayWay way = new ReplayWay(Optional.empty(), SSLContext.getDefault(), true, 10_000);
            URI uri = URI.create("rtsp://127.0.0.1:" + server.getLocalPort() + "/recording");
            ReplayConnection connection = ReplayConnection.open(way, uri);
            try {
                assertThatThrownBy(() -> connection.next((channel, offset, length) -> {}, 300))
                        .isInstanceOf(ReplayConnection.Silence.class);
            } finally {
                connection.close();
            }
        }
    }

    /** A header without end, until the other side has gone. */
    private static void drip(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getOutputStream().write("RTSP/1.0 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                client.getOutputStream().write('x');
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (IOException over) {
            // closed
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
