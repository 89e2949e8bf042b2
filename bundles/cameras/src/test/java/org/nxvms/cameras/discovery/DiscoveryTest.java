// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.Registry;
import org.nxvms.cameras.moved.Following;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.driver.spi.SearchScope;
import org.nxvms.platform.api.camera.DeviceDiscovery;
import org.nxvms.platform.api.camera.DiscoveryScan;
import org.nxvms.platform.api.network.AddressRule;

/** One driver that fails, floods or hangs does not spoil what others find. */
class DiscoveryTest {
    private Registry registry;
    private SearchScene scene;

    @BeforeEach
    void begin() {
        registry = new Registry();
        scene = new SearchScene(100, registry.cameras());
    }

    @AfterEach
    void end() {
        scene.close();
        registry.close();
    }

    private DiscoveryScan begin(Set<String> drivers, int seconds, String... addresses) {
        return scene.discovery().begin(new DeviceDiscovery.Order(drivers, seconds, List.of(addresses)));
    }

    private DiscoveryScan whole(DiscoveryScan begun) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        DiscoveryScan scan = begun;
        while (scan.runs()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
            scan = scene.discovery().scan(begun.id()).orElseThrow();
        }
        return scan;
    }

    @Test
    void failuresAreSaidByDriver() {
        scene.install("good", (timeMs, found) -> found.accept(SearchScene.device("http://a/", "A")));
        scene.install("bad", (timeMs, found) -> {
            throw new DriverException(Kind.UNREACHABLE, "No network.");
        });
        scene.install("broken", (timeMs, found) -> found.accept(null));

        DiscoveryScan scan = whole(begin(Set.of(), 30));
        assertThat(scan.devices()).hasSize(1);
        assertThat(scan.failures()).containsOnlyKeys("bad", "broken").containsEntry("bad", "No network.");
    }

    @Test
    void whatIsFoundIsBounded() {
        scene.install("flood", (timeMs, found) -> {
            for (int i = 0; i < 2 * DeviceSearch.DEVICES_MAX; i++) {
                found.accept(SearchScene.device("http://a/" + i, ""));
            }
        });

        assertThat(whole(begin(Set.of("flood"), 30)).devices()).hasSize(DeviceSearch.DEVICES_MAX);
    }

    @Test
    void oneScanAtATime() {
        CountDownLatch go = new CountDownLatch(1);
        scene.install("slow", (timeMs, found) -> go.await());
        DiscoveryScan begun = begin(Set.of(), 30);
        assertThatThrownBy(() -> begin(Set.of(), 30)).isInstanceOf(IllegalStateException.class);
        go.countDown();
        whole(begun);
        whole(begin(Set.of(), 30));
    }

    @Test
    void oneThatHangsIsNotWaitedForAndNotHeardAnyMore() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        scene.install("hangs", (timeMs, found) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            go.await();
            found.accept(SearchScene.device("http://late/", ""));
            told.countDown();
        });
        DiscoveryScan begun = begin(Set.of(), 3);

        assertThat(whole(begun).failures()).containsOnlyKeys("hangs");
        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
        go.countDown();
        assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(scene.discovery().scan(begun.id()).orElseThrow().devices()).isEmpty();
    }

    @Test
    void whatHasOneEndpointOrOneMacAddressIsOneDevice() {
        scene.installScoped("onvif", (scope, findings) -> {
            findings.found(SearchScene.device("http://[2001:db8::1]", "A"), "urn:a");
            findings.found(SearchScene.device("http://192.0.2.1", "A"), "urn:a");
            findings.found(SearchScene.device("http://192.0.2.1", "A, again"), "urn:a");
            findings.found(SearchScene.deviceWithMac("http://192.0.2.2", "00:00:5e:00:53:02"), "urn:b");
            findings.found(SearchScene.deviceWithMac("http://192.0.2.2:81", "00:00:5e:00:53:02"), "");
            findings.found(SearchScene.device("http://192.0.2.3", ""), "");
            findings.found(SearchScene.device("http://192.0.2.3:81", ""), "");
        });

        assertThat(whole(begin(Set.of(), 30)).devices())
                .extracting(found -> found.device().address() + " " + found.endpoint() + " "
                        + found.otherWays().stream()
                                .map(way -> way.address().toString())
                                .toList())
                .containsExactly(
                        "http://192.0.2.1 urn:a [http://[2001:db8::1]]",
                        "http://192.0.2.2 urn:b [http://192.0.2.2:81]",
                        "http://192.0.2.3  []",
                        "http://192.0.2.3:81  []");
    }

    @Test
    void whatIsSaidToBeOneLaterIsOneFromThenOn() {
        String mac = "00:00:5e:00:53:01";
        scene.installScoped("onvif", (scope, findings) -> {
            findings.found(SearchScene.device("http://192.0.2.1", "by a protocol that tells no endpoints"), "");
            findings.found(SearchScene.device("http://192.0.2.1", "A"), "urn:a");
            findings.found(SearchScene.deviceWithMac("http://192.0.2.1:81", mac), "");
            findings.found(SearchScene.deviceWithMac("http://192.0.2.1:82", mac), "urn:a");
        });

        assertThat(whole(begin(Set.of(), 30)).devices())
                .extracting(found -> found.device().address() + " " + found.endpoint() + " "
                        + found.otherWays().stream()
                                .map(way -> way.address().toString())
                                .toList())
                .containsExactly("http://192.0.2.1 urn:a [http://192.0.2.1:81, http://192.0.2.1:82]");
    }

    @Test
    void aLookForCamerasThatMovedGivesWayToAScan() throws Exception {
        CountDownLatch looks = new CountDownLatch(1);
        AtomicInteger searches = new AtomicInteger();
        scene.installRecognizing("onvif", (scope, findings) -> {
            findings.found(SearchScene.device("http://192.0.2.1", "A"), "urn:a");
            findings.found(SearchScene.device("http://169.254.169.254", "not a camera"), "urn:a");
            if (searches.getAndIncrement() == 0) {
                looks.countDown();
                new CountDownLatch(1).await();
            }
        });
        List<String> told = new CopyOnWriteArrayList<>();
        Following.Search look = look("onvif", told).orElseThrow();
        assertThat(looks.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(look.runs()).isTrue();
        assertThat(look("onvif", told)).as("one at a time").isEmpty();

        DiscoveryScan scan = whole(begin(Set.of(), 30));
        assertThat(scan.failures()).isEmpty();
        assertThat(scan.devices()).hasSize(1);
        assertThat(look.runs()).isFalse();
        assertThat(told)
                .as("and nobody is sent where this server speaks to nobody")
                .containsExactly("http://192.0.2.1");
    }

    @Test
    void camerasAreLookedForOnlyWhereThatIsWantedAndWhereTheyAreKnownAgain() {
        SearchScene.Scoped found = (scope, findings) -> {};
        scene.installScoped("strange", found);
        scene.installRecognizing("onvif", found);
        assertThat(look("strange", List.of())).isEmpty();
        assertThat(look("missing", List.of())).isEmpty();
        scene.configure(new SearchScene.Set(new String[] {"none"}, 100, true));
        assertThat(look("onvif", List.of())).isEmpty();
        scene.configure(new SearchScene.Set(new String[0], 100, false));
        assertThat(look("onvif", List.of())).isEmpty();
        scene.configure(SearchScene.Set.NONE);
        assertThat(look("onvif", List.of())).isPresent();
    }

    private Optional<Following.Search> look(String driver, List<String> told) {
        return scene.discovery().look(driver, 20_000, new SearchFindings() {
            @Override
            public void found(FoundDevice device, String endpoint) {
                told.add(device.address().toString());
            }

            @Override
            public void gone(String endpoint) {
                throw new AssertionError("nobody has gone");
            }
        });
    }

    @Test
    void ofSeveralDriversTheOneThatKnowsMostIsOfferedFirst() {
        String mac = "00:00:5e:00:53:02";
        scene.installScoped(
                "streams",
                DeviceSearch.Knowledge.STREAMS,
                (scope, findings) -> findings.found(SearchScene.device("rtsp://192.0.2.2/a", ""), ""));
        scene.installScoped(
                "standard",
                (scope, findings) -> findings.found(SearchScene.deviceWithMac("http://192.0.2.2/x", mac), "urn:b"));
        scene.installScoped(
                "maker",
                DeviceSearch.Knowledge.MAKER,
                (scope, findings) -> findings.found(SearchScene.deviceWithMac("http://192.0.2.2", mac), ""));

        List<DiscoveryScan.Found> devices = whole(begin(Set.of(), 30)).devices();
        assertThat(devices).hasSize(1);
        assertThat(devices.get(0).driver()).isEqualTo("maker");
        assertThat(devices.get(0).endpoint()).isEqualTo("urn:b");
        assertThat(devices.get(0).otherWays())
                .extracting(DiscoveryScan.Way::driver)
                .containsExactlyInAnyOrder("streams", "standard");
    }

    @Test
    void whatHasNoNameIsNobodyElseWhereSeveralAreAtItsHost() {
        scene.installScoped(
                "streams",
                DeviceSearch.Knowledge.STREAMS,
                (scope, findings) -> findings.found(SearchScene.device("rtsp://192.0.2.2:8554/a", ""), ""));
        scene.installScoped("standard", (scope, findings) -> {
            findings.found(SearchScene.device("http://192.0.2.2:81", ""), "urn:a");
            findings.found(SearchScene.device("http://192.0.2.2:82", ""), "urn:b");
        });

        assertThat(whole(begin(Set.of(), 30)).devices()).hasSize(3);
    }

    @Test
    void whatSaysGoodbyeWhileItIsLookedForIsNotFound() {
        scene.installScoped("onvif", (scope, findings) -> {
            findings.found(SearchScene.device("http://192.0.2.1", ""), "urn:a");
            findings.found(SearchScene.device("http://192.0.2.2", ""), "urn:b");
            findings.gone("urn:a");
            findings.gone("urn:never-there");
            findings.gone("");
        });

        assertThat(whole(begin(Set.of(), 30)).devices())
                .extracting(DiscoveryScan.Found::endpoint)
                .containsExactly("urn:b");
    }

    @Test
    void devicesOfHostsThatTheServerDoesNotSpeakToAreLeftOut() {
        scene.close();
        scene = new SearchScene(100, registry.cameras(), new AddressRule(false, true));
        scene.install("any", (timeMs, found) -> {
            found.accept(SearchScene.device("http://127.0.0.1", ""));
            found.accept(SearchScene.device("http://169.254.169.254", ""));
            found.accept(SearchScene.device("http://192.0.2.1", ""));
        });

        assertThat(whole(begin(Set.of(), 30)).devices())
                .extracting(found -> found.device().address().getHost())
                .containsExactly("192.0.2.1");
    }

    @Test
    void driversAreToldWhereTheyMayLook() {
        List<SearchScope> asked = new CopyOnWriteArrayList<>();
        scene.configure(SearchScene.Set.interfaces(" eth1", "", "eth2 "));
        scene.installScoped("new", (scope, findings) -> asked.add(scope));
        scene.install("old", (timeMs, found) -> found.accept(SearchScene.device("http://192.0.2.1", "")));

        DiscoveryScan scan = whole(begin(Set.of(), 30));

        assertThat(asked).containsExactly(new SearchScope(30_000, Set.of("eth1", "eth2"), List.of(), 50));
        assertThat(scan.devices()).as("who cannot keep to it is not asked").isEmpty();
        assertThat(scan.failures()).containsOnlyKeys("old");
        whole(begin(Set.of("new"), 30, "192.0.2.1-2"));
        assertThat(asked.get(1).addresses())
                .extracting(InetAddress::getHostAddress)
                .containsExactly("192.0.2.1", "192.0.2.2");
        scene.configure(SearchScene.Set.interfaces("none"));
        assertThatThrownBy(() -> begin(Set.of(), 30))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("org.nxvms.discovery.cfg");
    }

    @Test
    void whoWaitsIsToldOfEachDeviceWhenItIsFound() throws Exception {
        SynchronousQueue<String> answers = new SynchronousQueue<>();
        scene.install("slow", (timeMs, found) -> {
            for (String address = answers.take(); !address.isEmpty(); address = answers.take()) {
                found.accept(SearchScene.device(address, ""));
            }
        });
        DiscoveryScan scan = begin(Set.of(), 30);
        assertThat(scene.discovery().await(scan.id(), scan.revision(), 1).orElseThrow())
                .as("nothing new within the time")
                .isEqualTo(scan);
        for (int devices = 1; devices <= 3; devices++) {
            answers.put("http://192.0.2." + devices);
            scan = scene.discovery().await(scan.id(), scan.revision(), 30_000).orElseThrow();
            assertThat(scan.devices()).hasSize(devices);
            assertThat(scan.runs()).isTrue();
        }
        answers.put("");
        scan = scene.discovery().await(scan.id(), scan.revision(), 30_000).orElseThrow();
        assertThat(scan.runs()).isFalse();
        assertThat(scene.discovery().await(scan.id(), scan.revision(), 30_000))
                .as("what is over is not waited for")
                .contains(scan);
        assertThat(scene.discovery().await(UUID.randomUUID(), 0, 30_000)).isEmpty();
    }
}
