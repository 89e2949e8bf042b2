// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.cameras.fake.House.draft;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.Camera;

/** A device that fails is asked again, how soon depends on why. */
class BackOffTest {
    private final BackOff backOff = new BackOff(new SplittableRandom(1));

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, 1,   1500,   2500",
        "UNREACHABLE, 3,   6000,  10000",
        "UNREACHABLE, 99, 45000,  75000",
        "PROTOCOL,    1,   1500,   2500",
        "BUSY,        1,   1500,   2500",
        "AUTH,        1,  90000, 150000",
        "AUTH,       50, 675000, 1125000",
        "UNSUPPORTED, 1, 225000, 375000",
        "CONFIG,      1, 225000, 375000"
    })
    void delaysGrowWithinJitter(Kind kind, int failures, long leastMs, long mostMs) {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            long delayMs = backOff.delayMs(kind, failures);
            assertThat(delayMs).isBetween(leastMs, mostMs);
            seen.add(delayMs);
        }
        assertThat(seen).as("jitter spreads cameras that failed together").hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource({
        // kind, contacts in the first minute, in the first hour
        "UNREACHABLE, 5, 8, 45, 90",
        "AUTH,        1, 1,  5, 10",
        "UNSUPPORTED, 1, 1,  4,  8",
        "CONFIG,      1, 1,  4,  8"
    })
    void aDeviceThatKeepsFailing(Kind kind, int minuteLeast, int minuteMost, int hourLeast, int hourMost) {
        FakeDriver driver = failing(kind);
        House house = new House().withAll().install(driver, "1.0.0");
        house.add(draft("rtsp://cam/1"));

        house.loop.advance(Duration.ofMinutes(1));
        assertThat(driver.opened.size()).isBetween(minuteLeast, minuteMost);
        house.loop.advance(Duration.ofMinutes(59));
        assertThat(driver.opened.size()).isBetween(hourLeast, hourMost);
    }

    @Test
    void aChangeOfTheConfigurationIsTriedAtOnce() {
        FakeDriver driver = failing(Kind.CONFIG);
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft("rtsp://cam/1"));
        house.loop.advance(Duration.ofHours(1));
        int before = driver.opened.size();
        driver.behaviour = target -> {};

        house.change(camera, draft("rtsp://cam/2"));

        assertThat(driver.opened).hasSize(before + 1);
        assertThat(house.ingest.disturbances).containsExactly("start main rtsp://cam/2");
    }

    private static FakeDriver failing(Kind kind) {
        FakeDriver driver = new FakeDriver("rtsp");
        driver.behaviour = target -> {
            throw new DriverException(kind, "It fails.");
        };
        return driver;
    }
}
