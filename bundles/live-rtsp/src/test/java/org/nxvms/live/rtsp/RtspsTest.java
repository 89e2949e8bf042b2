// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.StreamHub;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.test.kit.Awaiting;

/** RTSP over TLS, at the same port, by the certificate of HTTPS. */
@Timeout(120)
class RtspsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path keys;

    private final StreamHub hub = Stage.hub();
    private final People people = new People();
    private final Stage.Camera camera = new Stage.Camera(hub, 4 << 20, 20_000);
    private TlsKeys tls;
    private Listener listener;

    @BeforeEach
    void open() throws Exception {
        makeCertificate();
        camera.startRun(0, Stage.H264, Stage.G711);
        camera.pictures(3);
        tls = new TlsKeys(keys);
        listener = new Listener(new Services(() -> hub, () -> people, () -> people, people::cameras, () -> null), tls);
        serve(true);
        Awaiting.until("it listens", () -> listener.port() != 0);
    }

    private void serve(boolean plain) {
        Rules rules = new Rules(plain, true, new UdpOutlet.Ports(0, 0), 60, 1, new Places(2, 2));
        listener.apply(rules, Optional.of(new Listener.Address("127.0.0.1", 0)), 2);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private void makeCertificate() throws Exception {
        Files.writeString(keys.resolve("https-password"), PASSWORD + "\n");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "https",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.resolve("https.p12").toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(keys.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }

    private Socket secured() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys.resolve("https.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("https", store.getCertificate("https"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context.getSocketFactory().createSocket("127.0.0.1", listener.port());
    }

    private String uri() {
        return "rtsps://127.0.0.1:" + listener.port() + "/live/" + Stage.CAMERA;
    }

    private static void watch(TestClient client, String uri) throws IOException {
        client.ask("SETUP", uri + "/track0", "Transport", "RTP/AVP/TCP;unicast;interleaved=0-1");
        assertThat(client.ask("PLAY", uri).status()).isEqualTo(200);
        Pictures film = new Pictures();
        while (film.pictures().size() < 3) {
            film.take(client.frame(0).buffer());
        }
        assertThat(film.pictures()).extracting(Pictures.Picture::number).containsExactly(0, 1, 2);
    }

    @Test
    void picturesComeOverTlsAtThePortOfAllOthers() throws Exception {
        try (TestClient client =
                new TestClient(secured(), Optional.of(new RtspAuthenticator(People.KEY_ID, People.KEY)))) {
            watch(client, uri());
            // Not before: who says nothing for some seconds is sent away.
            try (TestClient plain = TestClient.of(listener.port(), People.KEY)) {
                watch(plain, uri().replace("rtsps", "rtsp"));
            }
        }
    }

    @Test
    void overTlsAKeyMayBeSentItself() throws Exception {
        String pair =
                Base64.getEncoder().encodeToString((People.KEY_ID + ":" + People.KEY).getBytes(StandardCharsets.UTF_8));
        try (TestClient client = new TestClient(secured(), Optional.empty())) {
            assertThat(client.ask("DESCRIBE", uri()).headers().all("WWW-Authenticate"))
                    .hasSize(3)
                    .last()
                    .asString()
                    .startsWith("Basic");
            assertThat(client.ask("DESCRIBE", uri(), "Authorization", "Basic " + pair)
                            .status())
                    .isEqualTo(200);
            assertThat(client.ask(
                                    "SETUP",
                                    uri() + "/track0",
                                    "Authorization",
                                    "Basic " + pair,
                                    "Transport",
                                    "RTP/AVP;unicast;client_port=40000-40001")
                            .status())
                    .as("pictures in the clear beside TLS")
                    .isEqualTo(461);
        }
    }

    @Test
    void withoutTlsNobodyComesInWhereThatIsAskedFor() throws Exception {
        serve(false);
        try (TestClient plain = TestClient.of(listener.port(), People.KEY);
                TestClient client =
                        new TestClient(secured(), Optional.of(new RtspAuthenticator(People.KEY_ID, People.KEY)))) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> plain.ask("OPTIONS", "*"));
            watch(client, uri());
        }
    }

    @Test
    void olderTlsIsForThoseWhoAskForIt() throws Exception {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> older().startHandshake());
        tls.allow(true);
        SSLSocket older = older();
        older.startHandshake();
        assertThat(older.getSession().getProtocol()).isEqualTo("TLSv1.2");
        try (TestClient client = new TestClient(older, Optional.of(new RtspAuthenticator(People.KEY_ID, People.KEY)))) {
            watch(client, uri());
        }
    }

    private SSLSocket older() throws Exception {
        SSLSocket socket = (SSLSocket) secured();
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        return socket;
    }
}
