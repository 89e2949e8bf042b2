// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.nxvms.media.StreamHub;
import org.nxvms.test.kit.Awaiting;

/** A camera that goes on when it is told to, and the listener at which players ask for it, over real sockets. */
@Timeout(120)
abstract class LiveScene {
    static final int RING_BYTES = 4 << 20;
    static final int PICTURE_BYTES = 20_000;

    final StreamHub hub = Stage.hub();
    final People people = new People();
    final Places places = new Places(2, 2);
    final Listener listener = new Listener(
            new Services(() -> hub, () -> people, () -> people, people::cameras, () -> null), (plain, read) -> {
                throw new IOException("no TLS here");
            });
    final Stage.Camera camera = new Stage.Camera(hub, RING_BYTES, PICTURE_BYTES);

    @BeforeEach
    void open() throws Exception {
        camera.startRun(1_000, Stage.H264, Stage.G711);
        open(60);
    }

    void open(int timeoutSeconds) throws Exception {
        Rules rules = new Rules(true, true, new UdpOutlet.Ports(0, 0), timeoutSeconds, 1, places);
        listener.apply(rules, Optional.of(new Listener.Address("127.0.0.1", 0)), 2);
        Awaiting.until("the port is open", () -> listener.port() > 0);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    String uri() {
        return "rtsp://127.0.0.1:" + listener.port() + "/live/" + Stage.CAMERA;
    }

    TestClient client() throws IOException {
        return TestClient.of(listener.port(), People.KEY);
    }

    String track(int number) {
        return uri() + "/track" + number;
    }

    static String interleaved(int channel) {
        return "RTP/AVP/TCP;unicast;interleaved=" + channel + "-" + (channel + 1);
    }

    void released() {
        Awaiting.until("no place is taken", () -> places.taken() == 0);
    }
}
