// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.UUID;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.security.AccessDeniedException;

/** Upgrades and sockets on the distribution's own web server, with the JDK's WebSocket client. */
class LiveServletTest extends ServletScene {
    private static final String PATH = "/ws/v1/live/" + Stage.CAMERA;

    LiveServletTest() {
        super(new LivePump.Limits(2, 2, 8 << 20, 16 << 20, 2));
    }

    @Test
    void picturesArriveInOrderBehindTheirInitialisation() throws Exception {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 200_000);
        camera.startRun(Stage.H264);
        camera.pictures(13);
        TestSocket viewer = connect(PATH + "?stream=main", "good");
        assertThat(viewer.text()).contains("\"type\":\"init\"");
        assertThat(viewer.binary().getInt(4)).isEqualTo(0x66747970);
        for (int i = 10; i < 13; i++) {
            assertThat(Read.pictureNumber(viewer.binary())).isEqualTo(i);
        }
        for (int i = 13; i < 53; i++) {
            camera.picture();
            assertThat(Read.pictureNumber(viewer.binary())).isEqualTo(i);
        }
        viewer.socket.abort();
    }

    @Test
    void soundComesWithThePicturesUnlessItIsNotWanted() throws Exception {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.H264, Stage.AAC);
        camera.picture();
        camera.sound(1, 0);
        camera.picture();
        TestSocket hears = connect(PATH + "?stream=main", "good");
        TestSocket sees = connect(PATH + "?stream=main&sound=false", "good");
        assertThat(hears.text()).contains("\"hasAudio\":true");
        assertThat(sees.text()).contains("\"hasAudio\":false").doesNotContain("mp4a");
        assertThat(trackOfThird(hears)).isEqualTo(2);
        assertThat(trackOfThird(sees)).isEqualTo(1);
        hears.socket.abort();
        sees.socket.abort();
    }

    /** Of what comes behind the initialisation and the first picture. */
    private static long trackOfThird(TestSocket viewer) throws InterruptedException {
        viewer.binary();
        viewer.binary();
        return Read.samples(viewer.binary()).trackId();
    }

    @Test
    void nothingIsCompressedThoughAClientOffersIt() throws Exception {
        // The JDK's client cannot offer extensions: speak the handshake by hand (RFC 6455 1.3).
        try (java.net.Socket socket =
                new java.net.Socket("127.0.0.1", ((ServerConnector) server.getConnectors()[0]).getLocalPort())) {
            socket.getOutputStream()
                    .write(("GET " + PATH + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                    + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                                    + "Authorization: Bearer good\r\n\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(java.nio.charset.StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                head.write(socket.getInputStream().read());
            }
            assertThat(head.toString(java.nio.charset.StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 101")
                    .doesNotContain("Sec-WebSocket-Extensions");
        }
    }

    @Test
    void strangersAreRefusedBeforeTheUpgrade() {
        assertRefused(PATH, "bad", 401);
        assertThat(servlet.pump().places()).isZero();
    }

    @Test
    void whatTheConsoleMustReadIsACloseCode() throws Exception {
        assertThat(connect("/ws/v1/live/" + UUID.randomUUID(), "good").closeCode())
                .isEqualTo(4404);
        untilPlacesAre(0);
        guard.hidden.add(Stage.CAMERA);
        assertThat(connect(PATH, "good").closeCode()).isEqualTo(4403);
        untilPlacesAre(0);
        guard.kind = AccessDeniedException.Kind.NOT_FOUND;
        assertThat(connect(PATH, "good").closeCode()).isEqualTo(4404);
        untilPlacesAre(0);
    }

    @Test
    void badAddressesAreRefusedPlainly() throws Exception {
        assertRefused("/ws/v1/live/nobody", "good", 404);
        assertRefused(PATH + "?stream=left", "good", 400);
        assertRefused(PATH + "?strem=sub", "good", 400);
        assertRefused(PATH + "?sound=loud", "good", 400);
        HttpResponse<String> plain = client.send(
                HttpRequest.newBuilder(URI.create("http://" + address() + PATH))
                        .header("Authorization", "Bearer good")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(plain.statusCode()).isEqualTo(426);
        assertThat(plain.headers().firstValue("Upgrade")).contains("websocket");
        assertThat(plain.body()).contains("/problems/upgrade-required");
    }

    @Test
    void moreViewersThanAllowedAreAskedToComeLater() throws Exception {
        TestSocket one = connect(PATH, "good");
        TestSocket two = connect(PATH, "good");
        assertRefused(PATH, "good", 503);
        one.socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(one.closeCode()).isEqualTo(1000);
        untilPlacesAre(1);
        TestSocket three = connect(PATH, "good");
        two.socket.abort();
        three.socket.abort();
    }

    @Test
    void nonsenseEndsTheSocketWithAReason() throws Exception {
        TestSocket viewer = connect(PATH, "good");
        viewer.socket.sendText("{\"type\":\"rewind\"}", true).join();
        assertThat(viewer.closeCode()).isEqualTo(1008);
        assertThat(viewer.closeReason).contains("resume");
        TestSocket loud = connect(PATH, "good");
        loud.socket.sendText("x".repeat(5_000), true).join();
        assertThat(loud.closeCode()).isEqualTo(1009);
    }

    @Test
    void aStoppingServerSaysGoodbye() throws Exception {
        TestSocket viewer = connect(PATH, "good");
        servlet.stop();
        assertThat(viewer.closeCode()).isEqualTo(1001);
    }
}
