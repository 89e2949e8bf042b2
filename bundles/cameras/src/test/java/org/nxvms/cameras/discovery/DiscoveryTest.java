// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.Registry;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.DiscoveryScan;

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

        DiscoveryScan scan = whole(scene.discovery().begin(Set.of(), 30));
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

        assertThat(whole(scene.discovery().begin(Set.of("flood"), 30)).devices())
                .hasSize(DeviceSearch.DEVICES_MAX);
    }

    @Test
    void oneScanAtATime() {
        CountDownLatch go = new CountDownLatch(1);
        scene.install("slow", (timeMs, found) -> go.await());
        DiscoveryScan begun = scene.discovery().begin(Set.of(), 30);
        assertThatThrownBy(() -> scene.discovery().begin(Set.of(), 30)).isInstanceOf(IllegalStateException.class);
        go.countDown();
        whole(begun);
        whole(scene.discovery().begin(Set.of(), 30));
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
        DiscoveryScan begun = scene.discovery().begin(Set.of(), 1);

        assertThat(whole(begun).failures()).containsOnlyKeys("hangs");
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        go.countDown();
        assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(scene.discovery().scan(begun.id()).orElseThrow().devices()).isEmpty();
    }
}
