// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.StreamRole;

/** Stills are fetched from the port that a device tells, and whoever is there instead of it learns no password. */
class OnvifStillsElsewhereTest {
    private static final byte[] STILL = {(byte) 0xff, (byte) 0xd8, 1, 2};
    private static final String DIGEST = "Digest realm=\"r\", qop=\"auth\", nonce=\"n\"";

    private final OnvifDriver driver = new OnvifDriver();
    /** The logins by which the told port was asked; "" where none was shown. */
    private final List<String> logins = new CopyOnWriteArrayList<>();

    private ScriptedDevice device;
    private HttpServer web;
    /** {@return the challenge with which a login is refused}; "": it is let in. */
    private volatile Function<String, String> refusal = login -> "";

    @BeforeEach
    void start() throws IOException {
        device = new ScriptedDevice().lacks("/still.jpg");
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/still.jpg", exchange -> {
            String login = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                    .replaceAll("^null$", "");
            logins.add(login);
            String challenge = refusal.apply(login);
            if (challenge.isEmpty()) {
                exchange.sendResponseHeaders(200, STILL.length);
                exchange.getResponseBody().write(STILL);
            } else {
                exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
                exchange.sendResponseHeaders(401, -1);
            }
            exchange.close();
        });
        web.start();
        tells("http", web.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        web.stop(0);
        device.close();
        driver.close();
    }

    private void tells(String scheme, int port) {
        device.answers(
                "GetSnapshotUri",
                "<GetSnapshotUriResponse><MediaUri><Uri>" + scheme + "://10.0.0.1:" + port
                        + "/still.jpg</Uri></MediaUri></GetSnapshotUriResponse>");
    }

    private static byte[] still(CameraSession session) throws Exception {
        return session.capability(DeviceSnapshot.class).orElseThrow().jpeg(StreamRole.MAIN);
    }

    private static void assertNone(CameraSession session) {
        OnvifDriverTest.assertKind(Kind.PROTOCOL, "no JPEG (status 404)", () -> still(session));
    }

    @Test
    void itIsAtTheToldPortOfOurHostWhereTheTypedOneHasNone() throws Exception {
        try (CameraSession session = driver.open(device.target())) {
            assertThat(still(session)).isEqualTo(STILL);
            assertThat(logins).as("nobody asked for a login").containsExactly("");
            tells("http", 1); // nobody is there
            assertNone(session);
        }
    }

    @Test
    void aDeviceThatWantsALoginThereIsAnsweredByDigest() throws Exception {
        refusal = login -> login.startsWith("Digest ") ? "" : DIGEST;
        try (CameraSession session = driver.open(device.target())) {
            assertThat(still(session)).isEqualTo(STILL);
        }
        assertThat(logins).hasSize(2).first().isEqualTo("");
    }

    @Test
    void aStrangerThereLearnsNoPassword() throws Exception {
        refusal = login -> "Basic realm=\"r\"";
        try (CameraSession session = driver.open(device.target())) {
            assertNone(session);
        }
        assertThat(logins).containsExactly("");
    }

    @Test
    void aStrangerThereCountsOneWrongLoginInASession() throws Exception {
        refusal = login -> DIGEST;
        try (CameraSession session = driver.open(device.target())) {
            assertNone(session);
            assertNone(session);
        }
        assertThat(logins).filteredOn(login -> !login.isEmpty()).hasSize(1);
    }

    @Test
    void anotherSchemeIsAnotherDevice() throws Exception {
        tells("https", web.getAddress().getPort());
        try (CameraSession session = driver.open(device.target())) {
            assertNone(session);
        }
        assertThat(logins).isEmpty();
        assertThat(device.asked("/still.jpg")).as("asked where it was typed").hasSize(1);
        assertThat(OtherPorts.other(URI.create("https://192.0.2.1"), "http://10.0.0.1/still.jpg"))
                .as("nor is what was typed with TLS asked in the clear")
                .isEmpty();
    }

    @Test
    void aFailureAtTheTypedPortIsNoReasonToAskAStranger() throws Exception {
        try (ScriptedDevice has = new ScriptedDevice()) {
            // Whatever it does not know it answers with 400.
            has.answers(
                    "GetSnapshotUri",
                    "<GetSnapshotUriResponse><MediaUri><Uri>http://10.0.0.1:"
                            + web.getAddress().getPort()
                            + "/still.jpg</Uri></MediaUri></GetSnapshotUriResponse>");
            try (CameraSession session = driver.open(has.target())) {
                OnvifDriverTest.assertKind(Kind.PROTOCOL, "no JPEG (status 400)", () -> still(session));
            }
        }
        assertThat(logins).isEmpty();
    }
}
