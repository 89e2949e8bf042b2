// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.fault.FaultKind;

/** Faults of what a camera answers: each does what its name says. */
class ConversationFaultsTest extends FaultScene {
    @Test
    void refuseConnection() throws IOException {
        try (RtspClient client = connect()) {
            client.play(1);
            camera.set(FaultKind.REFUSE_CONNECTION);
            assertThat(client.readUntilClosed()).isTrue();
            assertThatThrownBy(FaultScene::connect).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void silent() throws IOException {
        camera.set(FaultKind.SILENT);
        try (RtspClient client = connect()) {
            client.timeoutMs(300);
            assertThatThrownBy(client::options).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void closeAfter() throws IOException {
        camera.set(FaultKind.CLOSE_AFTER.fault(1));
        try (RtspClient client = connect()) {
            client.play(1);
            assertThat(client.readUntilClosed()).isTrue();
        }
    }

    @Test
    void unauthorizedWhateverIsSent() throws Exception {
        Camera locked = farm.camera(2);
        locked.set(FaultKind.UNAUTHORIZED);
        try (RtspClient client = RtspClient.of(locked, Camera.Role.MAIN)) {
            RtspClient.Response refused = client.describe();
            String login = ConversationTest.digest(refused.header("www-authenticate"), locked, "secret");
            assertThat(client.describe(login).status()).isEqualTo(401);
            locked.clear(FaultKind.UNAUTHORIZED);
            assertThat(client.describe(login).status()).isEqualTo(200);
        }
    }

    @Test
    void staleNonce() throws Exception {
        Camera locked = farm.camera(2);
        locked.set(FaultKind.STALE_NONCE.fault(1));
        try (RtspClient client = RtspClient.of(locked, Camera.Role.MAIN)) {
            String login = ConversationTest.digest(client.describe().header("www-authenticate"), locked, "secret");
            assertThat(client.describe(login).status()).isEqualTo(200);
            RtspClient.Response stale = client.describe(login);
            assertThat(stale.status()).isEqualTo(401);
            assertThat(stale.header("www-authenticate")).containsIgnoringCase("stale=\"true\"");
            String again = ConversationTest.digest(stale.header("www-authenticate"), locked, "secret");
            assertThat(client.describe(again).status()).isEqualTo(200);
        } finally {
            locked.clearFaults();
        }
    }

    @Test
    void refusalsByStatus() throws IOException {
        try (RtspClient client = connect()) {
            camera.set(FaultKind.NOT_FOUND);
            assertThat(client.describe().status()).isEqualTo(404);
            camera.clear(FaultKind.NOT_FOUND);
            camera.set(FaultKind.BUSY);
            assertThat(client.setup(0).status()).isEqualTo(453);
            camera.clear(FaultKind.BUSY);
            camera.set(FaultKind.NO_TCP);
            assertThat(client.setup(0).status()).isEqualTo(461);
        }
    }

    @Test
    void answersThatAreNoRtsp() throws IOException {
        camera.set(FaultKind.ANSWER_HTTP);
        try (RtspClient client = connect()) {
            client.send("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n");
            assertThat(client.readResponse().head()).startsWith("HTTP/1.1 400");
        }
        camera.clearFaults();
        camera.set(FaultKind.ANSWER_GARBAGE.fault(500));
        try (RtspClient client = connect()) {
            client.send("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n");
            assertThat(client.bytes(500)).hasSize(500);
        }
    }

    @Test
    void slowDrip() throws IOException {
        camera.set(FaultKind.SLOW_DRIP.fault(200));
        try (RtspClient client = connect()) {
            long start = System.nanoTime();
            int length = client.options().head().length();
            assertThat((System.nanoTime() - start) / 1e9).isGreaterThan(length / 200.0 * 0.7);
        }
    }

    @Test
    void oddDescriptions() throws IOException {
        try (RtspClient client = connect()) {
            camera.set(FaultKind.UNSUPPORTED_CODEC);
            assertThat(client.describe().body()).doesNotContain("H264").contains("a=rtpmap:96 X-WAVELET3D/90000");
            camera.clearFaults();
            camera.set(FaultKind.NO_PARAMETER_SETS);
            assertThat(client.describe().body()).contains("H264").doesNotContain("sprop");
            camera.clearFaults();
            camera.set(FaultKind.ABSOLUTE_CONTROL);
            RtspClient.Response absolute = client.describe();
            assertThat(absolute.body()).contains("a=control:" + camera.uri(Camera.Role.MAIN) + "/trackID=1");
            assertThat(absolute.header("content-base")).isEmpty();
        }
    }

    @Test
    void oddHeaders() throws IOException {
        camera.set(FaultKind.ODD_HEADERS);
        try (RtspClient client = connect()) {
            RtspClient.Response response = client.describe();
            assertThat(response.head()).contains("\r\ncseq:1\r\n", "\r\nx-empty:\r\n", "\r\ncontent-length:");
            assertThat(response.body()).doesNotContain("\r").contains("a=rtpmap:96 H264/90000\n");
            assertThat(client.setup(0).header("transport")).startsWith("RTP/AVP/TCP; unicast; interleaved=0-1;ssrc=");
        }
    }

    @Test
    void sessionsWithoutTimeoutAndWithoutGetParameter() throws IOException {
        camera.set(FaultKind.NO_SESSION_TIMEOUT);
        camera.set(FaultKind.NO_GET_PARAMETER);
        try (RtspClient client = connect()) {
            assertThat(client.options().header("public")).doesNotContain("GET_PARAMETER");
            assertThat(client.setup(0).header("session")).matches("[0-9A-F]{16}");
            assertThat(client.inSession("GET_PARAMETER").status()).isEqualTo(501);
        }
    }

    @Test
    void halfOpen() throws IOException {
        try (RtspClient client = connect()) {
            client.play(1);
            camera.set(FaultKind.HALF_OPEN);
            client.timeoutMs(500);
            assertThatThrownBy(client::readUntilClosed).isInstanceOf(SocketTimeoutException.class);
            try (RtspClient other = connect()) {
                assertThat(other.options().status())
                        .as("a new connection works")
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void reboot() throws IOException {
        try (RtspClient client = connect()) {
            client.play(1);
            camera.set(FaultKind.REBOOT.fault(3600));
            assertThat(client.readUntilClosed()).isTrue();
            assertThatThrownBy(FaultScene::connect).isInstanceOf(ConnectException.class);
        }
        camera.set(FaultKind.REBOOT.fault(0));
        long end = System.nanoTime() + 30_000_000_000L;
        while (!camera.faults().isEmpty()) {
            assertThat(System.nanoTime()).as("the camera comes back").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
        try (RtspClient client = connect()) {
            assertThat(client.options().status()).isEqualTo(200);
        }
    }

    @Test
    void sessionLimits() throws IOException {
        try (RtspClient first = connect();
                RtspClient second = connect()) {
            camera.set(FaultKind.SESSION_LIMIT.fault(1));
            assertThat(first.setup(0).status()).isEqualTo(200);
            assertThat(second.setup(0).status()).isEqualTo(453);
            camera.clearFaults();
            camera.set(FaultKind.SESSION_LIMIT_503.fault(1));
            assertThat(second.setup(0).status()).isEqualTo(503);
            assertThat(first.setup(1).status()).as("a session there is goes on").isEqualTo(200);
            first.inSession("TEARDOWN");
            assertThat(second.setup(0).status()).as("there is room again").isEqualTo(200);
        }
    }

    @Test
    void otherChannels() throws IOException {
        camera.set(FaultKind.OTHER_CHANNELS.fault(10));
        try (RtspClient client = connect()) {
            assertThat(client.setup(0).header("transport")).contains("interleaved=10-11");
            client.inSession("PLAY");
            assertThat(client.frame().channel()).isIn(10, 11);
        }
    }

    @Test
    void noRtpInfo() throws IOException {
        camera.set(FaultKind.NO_RTP_INFO);
        try (RtspClient client = connect()) {
            RtspClient.Response play = client.play(1);
            assertThat(play.status()).isEqualTo(200);
            assertThat(play.header("rtp-info") + play.header("range")).isEmpty();
        }
    }

    @Test
    void serverRequests() throws IOException {
        camera.set(FaultKind.SERVER_REQUESTS.fault(1));
        try (RtspClient client = connect()) {
            client.play(1);
            assertThat(client.serverRequest()).startsWith("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n");
            client.send("RTSP/1.0 501 Not Implemented\r\nCSeq: 1\r\n\r\n");
            assertThat(client.serverRequest()).contains("CSeq: 2\r\n");
            client.send("RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n");
            assertThat(client.options().status()).as("an answer is no request").isEqualTo(200);
        }
    }

    @Test
    void wrongDescriptions() throws IOException {
        try (RtspClient main = connect();
                RtspClient sub = RtspClient.of(camera, Camera.Role.SUB)) {
            String subs = sub.describe().body().replaceAll("(?s).*sprop-parameter-sets=(\\S+).*", "$1");
            assertThat(main.describe().body()).doesNotContain(subs);
            camera.set(FaultKind.WRONG_PARAMETER_SETS);
            assertThat(main.describe().body()).contains("sprop-parameter-sets=" + subs);
            camera.clearFaults();
            camera.set(FaultKind.SDP_WITHOUT_MEDIA);
            assertThat(main.describe().body()).contains("s=").doesNotContain("m=");
            camera.clearFaults();
            camera.set(FaultKind.SDP_BROKEN);
            assertThat(main.describe().body()).contains("m=video port RTP", "a=rtpmap:type", "no line at all");
        }
    }

    /** Else whoever asks for any free port might get it, and the camera could not come back. */
    @Test
    void aPortOfACameraThatIsAwayIsNotFree() throws IOException {
        Camera other = farm.camera(3);
        other.set(FaultKind.REFUSE_CONNECTION);
        try (ServerSocket stranger = new ServerSocket()) {
            stranger.setReuseAddress(false);
            assertThatThrownBy(() -> stranger.bind(other.address())).isInstanceOf(BindException.class);
        } finally {
            other.clearFaults();
        }
    }

    @Test
    void aPortThatIsTakenMeanwhileCostsItsCameraOnlyAndIsTriedAgain() throws IOException {
        Camera other = farm.camera(3);
        other.set(FaultKind.REFUSE_CONNECTION);
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(other.address());
            other.clearFaults();
            try (RtspClient neighbour = connect()) {
                assertThat(neighbour.options().status()).isEqualTo(200);
            }
        }
        long end = System.nanoTime() + 30_000_000_000L;
        while (true) {
            try (RtspClient back = RtspClient.of(other, Camera.Role.MAIN)) {
                assertThat(back.options().status()).isEqualTo(200);
                return;
            } catch (ConnectException stillAway) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
        }
    }
}
