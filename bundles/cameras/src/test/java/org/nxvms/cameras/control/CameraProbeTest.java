// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.cameras.fake.House.draft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.ProbeReport;

/** Trying a camera gives one clear answer in time, and leaves no trace. */
class CameraProbeTest {
    private static final int SHORT_MS = 300;
    private static final int LONG_MS = 60_000;

    private final House house = new House().withAll();
    private final FakeDriver driver = new FakeDriver("rtsp");
    private final ExecutorService pool = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @Test
    void everyStreamIsOpenedAndNothingIsKept() throws DriverException {
        house.install(driver, "1.0.0");

        ProbeReport report = probe(LONG_MS).probe(draft("rtsp://cam/1", Optional.of("rtsp://cam/2"), true));

        assertThat(report.streams()).extracting(ProbeReport.Stream::name).containsExactly("/1", "/2");
        assertThat(report.identity().model()).isEqualTo("Model");
        assertThat(driver.openSessions()).isZero();
        assertThat(house.ingest.ensured).isEmpty();
        assertThat(house.recorder.disturbances).isEmpty();
        assertThat(house.store.rows).isEmpty();
    }

    @Test
    void theStreamThatFailsIsNamed() {
        house.install(driver, "1.0.0");
        house.ingest.probeFailures.put("/2", new DriverException(Kind.AUTH, "cam refuses the password"));

        assertThatThrownBy(() -> probe(LONG_MS).probe(draft("rtsp://cam/1", Optional.of("rtsp://cam/2"), true)))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.AUTH))
                .hasMessage("The sub stream: Cam refuses the password.");
    }

    @Test
    void aDriverThatNeverAnswersIsGivenUpInTime() {
        driver.behaviour = target -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new DriverException(Kind.CLOSED, "Interrupted.");
            }
        };
        house.install(driver, "1.0.0");
        long begin = System.nanoTime();

        assertThatThrownBy(() -> probe(SHORT_MS).probe(draft("rtsp://cam/1")))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
                .hasMessageContaining("cam did not answer the driver rtsp 1.0.0 in time");
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(SHORT_MS - 50), Duration.ofSeconds(30));
    }

    @Test
    void tooManyAtOnceAreRefusedRatherThanQueued() throws Exception {
        CountDownLatch entered = new CountDownLatch(CameraProbe.PROBES_MAX);
        CountDownLatch release = new CountDownLatch(1);
        driver.behaviour = target -> {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new DriverException(Kind.CLOSED, "Interrupted.");
            }
        };
        house.install(driver, "1.0.0");
        CameraProbe probe = probe(LONG_MS);
        List<Future<ProbeReport>> running = new ArrayList<>();
        for (int i = 0; i < CameraProbe.PROBES_MAX; i++) {
            running.add(pool.submit(() -> probe.probe(draft("rtsp://cam/1"))));
        }
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(() -> probe.probe(draft("rtsp://cam/1")))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY));

        release.countDown();
        for (Future<ProbeReport> report : running) {
            assertThat(report.get(30, TimeUnit.SECONDS).streams()).hasSize(1);
        }
    }

    @Test
    void aMissingDriverOrIngestIsSaid() {
        assertThatThrownBy(() -> probe(LONG_MS).probe(draft("rtsp://cam/1")))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFIG))
                .hasMessageContaining("no driver is installed");

        house.install(driver, "1.0.0");
        house.supervisor.ingestRemoved(100);
        assertThatThrownBy(() -> probe(LONG_MS).probe(draft("rtsp://cam/1")))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
                .hasMessageContaining("No ingest for rtsp addresses");
    }

    private CameraProbe probe(int totalMs) {
        return house.supervisor.probe(pool, totalMs);
    }
}
