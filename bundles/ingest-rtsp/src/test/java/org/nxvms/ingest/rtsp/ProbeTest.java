// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.ingest.rtsp.FakeCamera.Manners;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.platform.api.ingest.StreamProbe;
import org.nxvms.streamhub.HeldSessions;
import org.nxvms.streamhub.StreamHubComponent;

/** What the person adding a camera is told. */
class ProbeTest {
    private static final int PATIENCE_MS = 30_000;

    private RtspIngest ingest;

    @BeforeEach
    void start() {
        engine(Map.of());
    }

    /** Patient, but for what a story is about. */
    private void engine(Map<String, Object> changes) {
        if (ingest != null) {
            ingest.close();
        }
        Map<String, Object> settings = new HashMap<>(IngestTest.PATIENT);
        settings.putAll(changes);
        StreamHubComponent hub = new StreamHubComponent(IngestTest.defaults(StreamHubComponent.Config.class, Map.of()));
        ingest = new RtspIngest(hub, new HeldSessions(hub), IngestTest.defaults(RtspIngest.Config.class, settings));
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    private DriverException refused(String url) {
        return catchThrowableOfType(DriverException.class, () -> ingest.probe(IngestTest.endpoint(url), PATIENCE_MS));
    }

    private static void assertTold(DriverException told, DriverException.Kind kind, String text) {
        assertThat(told).isNotNull().hasMessageContaining(text);
        assertThat(told.kind()).isEqualTo(kind);
    }

    @Test
    void aGoodCameraIsDescribed() throws Exception {
        try (FakeCamera camera = new FakeCamera(new Manners())) {
            StreamProbe probe = ingest.probe(IngestTest.endpoint(camera.url()), PATIENCE_MS);

            assertThat(probe.format().video().orElseThrow().width()).isEqualTo(64);
            assertThat(probe.format().video().orElseThrow().frameRate()).isEqualTo(25);
            assertThat(probe.format().codecs()).contains("mp4a.40.2");
            assertThat(probe.firstKeyFrameMs()).isBetween(0L, (long) PATIENCE_MS);
        }
    }

    @Test
    void aClosedPortRefuses() throws Exception {
        // A port that is taken, so that nobody else opens it, and at which nobody listens.
        try (Socket nobody = new Socket()) {
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertTold(
                    refused("rtsp://127.0.0.1:" + nobody.getLocalPort() + "/"),
                    DriverException.Kind.UNREACHABLE,
                    "refuses the connection");
        }
    }

    @Test
    void anUnknownHostIsSaidToBeUnknown() {
        DriverException told = refused("rtsp://no-such-host.invalid/");
        assertTold(told, DriverException.Kind.UNREACHABLE, "host name is not known");
        assertThat(told.getMessage()).as("who may watch need not learn where").doesNotContain("no-such-host");
    }

    @Test
    void aServerThatNeverAnswersIsSuspected() throws Exception {
        Manners silent = new Manners() {
            @Override
            boolean answers() {
                return false;
            }
        };
        engine(Map.of("answerTimeoutMs", 700));
        try (FakeCamera camera = new FakeCamera(silent)) {
            assertTold(refused(camera.url()), DriverException.Kind.PROTOCOL, "does not answer OPTIONS");
        }
    }

    @Test
    void aWebServerIsNoCamera() throws Exception {
        try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try (var socket = web.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException gone) {
                    // The probe has seen enough.
                }
            });
            thread.setDaemon(true);
            thread.start();
            assertTold(
                    refused("rtsp://127.0.0.1:" + web.getLocalPort() + "/"),
                    DriverException.Kind.PROTOCOL,
                    "speaks HTTP");
        }
    }

    private static Manners refusing(String method, int status) {
        return new Manners() {
            @Override
            Optional<RtspResponse> instead(RtspRequest request) {
                return request.method().equals(method)
                        ? Optional.of(new RtspResponse(status, "No", RtspHeaders.EMPTY))
                        : Optional.empty();
            }
        };
    }

    @Test
    void anUnknownPathIsToldFromBusyAndFromRefusedTransport() throws Exception {
        try (FakeCamera camera = new FakeCamera(refusing("DESCRIBE", 404))) {
            assertTold(refused(camera.url()), DriverException.Kind.CONFIG, "path of the URL is not known");
        }
        try (FakeCamera camera = new FakeCamera(refusing("SETUP", 453))) {
            assertTold(refused(camera.url()), DriverException.Kind.BUSY, "too many sessions");
        }
        try (FakeCamera camera = new FakeCamera(refusing("SETUP", 461))) {
            assertTold(refused(camera.url()), DriverException.Kind.UNSUPPORTED, "RTP over TCP");
        }
    }

    @Test
    void missingCredentialsAreToldFromWrongOnes() throws Exception {
        Manners locked = new Manners() {
            @Override
            Optional<RtspResponse> instead(RtspRequest request) {
                return login(request, "a", "b");
            }
        };
        try (FakeCamera camera = new FakeCamera(locked)) {
            assertTold(refused(camera.url()), DriverException.Kind.AUTH, "none are set");
        }
    }

    @Test
    void anUnknownCodecIsNamed() throws Exception {
        Manners other = new Manners() {
            @Override
            String sdp() {
                return sdp("AV1", false);
            }
        };
        try (FakeCamera camera = new FakeCamera(other)) {
            assertTold(refused(camera.url()), DriverException.Kind.UNSUPPORTED, "AV1");
        }
    }

    @Test
    void aCameraThatAgreesAndSendsNothingIsTold() throws Exception {
        Manners mute = new Manners() {
            @Override
            void play(FakeCamera camera, OutputStream out) {
                // agreed, but says nothing
            }
        };
        engine(Map.of("firstKeyTimeoutMs", 1000));
        try (FakeCamera camera = new FakeCamera(mute)) {
            assertTold(refused(camera.url()), DriverException.Kind.UNREACHABLE, "no key frame arrived");
        }
    }
}
