// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.kit.http.HttpClients;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.driver.spi.SearchScope;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtsp.Camera;

/** Devices on this machine are found by multicast and by their address, whatever they make of the standard. */
class OnvifSearchTest {
    private static final int CAMERAS = 6;
    private static final int SEARCH_MS = 60_000;
    private static final long PATIENCE_SECONDS = 60;

    private static CameraFarm farm;
    private static String loopback;
    private static OnvifSearch search;

    private final Findings findings = new Findings();

    /** What was found, in its order. */
    private static final class Findings implements SearchFindings {
        private final List<FoundDevice> devices = new CopyOnWriteArrayList<>();
        private final List<String> saidGoodbye = new CopyOnWriteArrayList<>();
        private final Map<String, FoundDevice> byEndpoint = new ConcurrentHashMap<>();

        @Override
        public void found(FoundDevice device, String endpoint) {
            // Where this machine has IPv6 on loopback each is found there, too.
            if (device.address().getHost().equals("127.0.0.1")) {
                devices.add(device);
                byEndpoint.put(endpoint, device);
            }
        }

        @Override
        public void gone(String endpoint) {
            byEndpoint.remove(endpoint);
            saidGoodbye.add(endpoint);
        }
    }

    /** {@return a search at one port, which asks nobody by HTTP} */
    static OnvifSearch at(int port) {
        return new OnvifSearch(new OnvifSearch.Ports(port, port, List.of()), new HttpClients("onvif-http"));
    }

    @BeforeAll
    static void start() throws IOException {
        loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress())
                .getName();
        farm = CameraFarm.builder()
                .clip(OnvifScene.CLIP)
                .data(Path.of("target", "simulator-data"))
                .cameras(CAMERAS)
                .dialect(OnvifDialect::new)
                .discovery(List.of(loopback))
                .discoveryPort(0)
                .start();
        search = at(farm.discoveryPort().orElseThrow());
    }

    @AfterEach
    void well() {
        farm.cameras().forEach(Camera::clearFaults);
    }

    @AfterAll
    static void stop() {
        farm.close();
    }

    private static SearchScope scope(String... addresses) throws IOException {
        List<InetAddress> all = new CopyOnWriteArrayList<>();
        for (String address : addresses) {
            all.add(InetAddress.getByName(address));
        }
        return new SearchScope(SEARCH_MS, Set.of(loopback), all, SearchScope.PACKETS_PER_SECOND_DEFAULT);
    }

    /** Searches, and again if the search ends by itself, until something is so. */
    private void search(SearchScope scope, BooleanSupplier done) throws Exception {
        Thread searching = new Thread(() -> {
            try {
                while (!done.getAsBoolean()) {
                    search.search(scope, findings);
                }
            } catch (DriverException | InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        searching.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            searching.join(5);
        }
        searching.interrupt();
        searching.join();
        assertThat(done.getAsBoolean()).as("found: " + findings.devices).isTrue();
    }

    private static void until(BooleanSupplier done) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String uri(int camera) {
        return farm.httpUri(camera);
    }

    @Test
    void eachDeviceIsFoundWithWhatItSaysOfItself() throws Exception {
        search(scope(), () -> findings.devices.size() >= CAMERAS);

        assertThat(findings.devices)
                .extracting(device -> device.address().toString())
                .containsExactlyInAnyOrderElementsOf(farm.cameras().stream()
                        .map(camera -> uri(camera.number()))
                        .toList());
        FoundDevice second = findings.byEndpoint.get("urn:uuid:5eed0000-0000-11f0-8000-02534d000002");
        assertThat(second.address()).isEqualTo(URI.create(uri(2)));
        assertThat(second.name()).isEqualTo("NXvms simulator 2");
        assertThat(second.identity().model()).isEqualTo("SIM-ONVIF");
        assertThat(second.identity().macAddress()).isEqualTo("02:53:4d:00:00:02");
    }

    @Test
    void oddAndHostileAnswersSpoilNothing() throws Exception {
        farm.camera(1).set(FaultKind.OTHER_NAMESPACES.fault());
        farm.camera(2).set(FaultKind.OTHER_ADDRESS.fault());
        farm.camera(3).set(FaultKind.HUGE_DISCOVERY.fault());
        farm.camera(4).set(FaultKind.MANY_DISCOVERIES.fault());
        farm.camera(5).set(FaultKind.ANSWER_GARBAGE.fault());

        // The last one answers after the others, so that all of their first answers were read.
        search(scope(), () -> findings.devices.size() >= CAMERAS - 1);

        assertThat(findings.devices)
                .extracting(device -> device.address().toString())
                .as("found at the address that answered, and once")
                .containsExactlyInAnyOrder(uri(1), "http://127.0.0.1:8899", uri(3), uri(4), uri(6));
    }

    @Test
    void anAddressIsAskedAndAnswersForItself() throws Exception {
        search(scope("127.0.0.1"), () -> findings.devices.size() >= CAMERAS);
        assertThat(findings.devices).extracting(FoundDevice::address).contains(URI.create(uri(3)));
    }

    @Test
    void whoComesAndGoesSaysSo() throws Exception {
        String endpoint = "urn:uuid:5eed0000-0000-11f0-8000-02534d000002";
        // It does not answer before it is back, and is heard by its greeting or found in the next round.
        farm.camera(2).set(FaultKind.REFUSE_CONNECTION.fault());
        Thread changing = new Thread(() -> {
            until(() -> findings.devices.size() >= CAMERAS - 1);
            farm.camera(2).clearFaults();
            until(() -> findings.byEndpoint.containsKey(endpoint));
            farm.camera(2).set(FaultKind.REBOOT.fault(3_600));
        });
        changing.start();
        search(scope(), () -> findings.saidGoodbye.contains(endpoint));
        changing.join();
        assertThat(findings.saidGoodbye).containsOnly(endpoint);
    }

    @Test
    void noInterfaceIsUsedThatWasNotChosen() throws Exception {
        assertThatThrownBy(() -> search.search(scope("192.0.2.1"), findings))
                .as("the way there is not over loopback")
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.UNREACHABLE))
                .hasMessageContaining("leads to these addresses");
        SearchScope gone = new SearchScope(SEARCH_MS, Set.of("gone7"), List.of(), 1);
        assertThatThrownBy(() -> search.search(gone, findings))
                .isInstanceOf(DriverException.class)
                .hasMessageContaining("gone7");
    }
}
