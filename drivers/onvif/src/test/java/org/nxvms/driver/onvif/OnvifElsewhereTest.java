// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.Reboot;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.driver.spi.SearchScope;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.test.kit.Awaiting;

/** A device that starts anew at another address is found there under its endpoint, and is known again. */
class OnvifElsewhereTest {
    private static final int SEARCH_MS = 60_000;

    private static CameraFarm farm(AuthScheme scheme, String loopback) throws Exception {
        return CameraFarm.builder()
                .clip(OnvifScene.CLIP)
                .data(Path.of("target", "simulator-data"))
                .settings(number -> CameraSettings.DEFAULT.withLogin(scheme, "root", "pass"))
                .dialect(OnvifDialect::new)
                .discovery(List.of(loopback))
                .discoveryPort(0)
                .start();
    }

    private static DeviceTarget target(URI address, int timeoutMs) {
        return new DeviceTarget(
                address,
                Optional.empty(),
                Optional.of(new Credentials("root", "pass").onlyByDigest()),
                Map.of(),
                timeoutMs);
    }

    private static Thread searching(OnvifSearch search, String loopback, Map<URI, String> found) {
        Thread thread = new Thread(() -> {
            SearchScope scope =
                    new SearchScope(SEARCH_MS, Set.of(loopback), List.of(), SearchScope.PACKETS_PER_SECOND_DEFAULT);
            try {
                while (true) {
                    search.search(scope, new SearchFindings() {
                        @Override
                        public void found(FoundDevice device, String endpoint) {
                            found.put(device.address(), endpoint);
                        }

                        @Override
                        public void gone(String endpoint) {
                            // It greets where it is then.
                        }
                    });
                }
            } catch (DriverException | InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void aRebootThatBringsItToAnotherAddressLosesItForNobody() throws Exception {
        String loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress())
                .getName();
        OnvifDriver driver = new OnvifDriver();
        try (CameraFarm farm = farm(AuthScheme.DIGEST_MD5_QOP, loopback)) {
            URI before = URI.create(farm.httpUri(1));
            String boot = farm.device(1).bootId();
            String streamBefore = farm.camera(1).uri(Camera.Role.MAIN);
            Map<URI, String> found = new ConcurrentHashMap<>();
            Thread search = searching(OnvifSearchTest.at(farm.discoveryPort().orElseThrow()), loopback, found);
            try {
                Awaiting.until("it is found where it is", () -> found.containsKey(before));
                DeviceIdentity identity;
                try (CameraSession session = driver.open(target(before, OnvifScene.TIMEOUT_MS))) {
                    identity = session.identity();
                    assertThat(session.endpoint())
                            .as("the device and its search call it the same")
                            .isEqualTo(found.get(before));
                    farm.camera(1).set(FaultKind.NEW_ADDRESS);
                    OnvifScene.capability(session, Reboot.class).reboot();
                }
                Awaiting.until("it starts anew", () -> !farm.device(1).bootId().equals(boot));
                farm.camera(1).clear(FaultKind.REBOOT); // it need not take its five seconds
                Awaiting.until(
                        "it is found where it has come to",
                        () -> !farm.httpUri(1).equals(before.toString())
                                && found.containsKey(URI.create(farm.httpUri(1))));
                URI after = URI.create(farm.httpUri(1));
                assertThat(after.getHost()).isEqualTo("127.0.0.2").isNotEqualTo(before.getHost());
                assertThat(found.get(after)).isEqualTo(found.get(before));
                try (CameraSession session = driver.open(target(after, OnvifScene.TIMEOUT_MS))) {
                    assertThat(session.identity()).isEqualTo(identity);
                    assertThat(session.endpoint()).isEqualTo(found.get(after));
                    URI stream = session.streams().get(0).endpoint().uri();
                    assertThat(stream).hasToString(farm.camera(1).uri(Camera.Role.MAIN));
                    assertThat(stream.toString()).isNotEqualTo(streamBefore);
                    assertThat(session.streams()
                                    .get(0)
                                    .endpoint()
                                    .credentials()
                                    .orElseThrow()
                                    .digestOnly())
                            .as("so that the password is not given away by its streams either")
                            .isTrue();
                }
                assertKind(Kind.UNREACHABLE, driver, before);
                assertThat(OnvifSearchTest.at(0).recognizes()).isTrue();
            } finally {
                search.interrupt();
                search.join();
            }
        } finally {
            driver.close();
        }
    }

    @Test
    void oneThatAsksForThePasswordItselfDoesNotLearnIt() throws Exception {
        String loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress())
                .getName();
        OnvifDriver driver = new OnvifDriver();
        try (CameraFarm farm = farm(AuthScheme.BASIC, loopback)) {
            farm.camera(1).set(FaultKind.NO_USERNAME_TOKEN);
            URI address = URI.create(farm.httpUri(1));
            assertKind(Kind.AUTH, driver, address);
            DeviceTarget entered = target(address, OnvifScene.TIMEOUT_MS);
            driver.open(new DeviceTarget(
                            address,
                            Optional.empty(),
                            Optional.of(new Credentials("root", "pass")),
                            entered.settings(),
                            entered.timeoutMs()))
                    .close();
        } finally {
            driver.close();
        }
    }

    private static void assertKind(Kind kind, OnvifDriver driver, URI address) {
        assertThatThrownBy(() -> driver.open(target(address, OnvifScene.TIMEOUT_MS)))
                .isInstanceOfSatisfying(DriverException.class, failed -> assertThat(failed.kind())
                        .isEqualTo(kind));
    }
}
