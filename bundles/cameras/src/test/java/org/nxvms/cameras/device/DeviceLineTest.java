// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.Places;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.NoNames;
import org.nxvms.cameras.fake.VirtualLoop;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.test.kit.Awaiting;
import org.osgi.framework.Version;

/** Drivers that do not return in time. */
class DeviceLineTest {
    private final FakeDriver driver = new FakeDriver("rtsp");
    private final ShelvedDriver shelved = new DriverShelf(NoNames.door())
            .add(1, Version.parseVersion("1.0.0"), "bundle", driver)
            .orElseThrow();
    private final DeviceTarget target =
            new DeviceTarget(URI.create("rtsp://cam/1"), Optional.empty(), Optional.empty(), Map.of(), 1_000);

    private static DeviceLine line(int turnMs, int talkMs) {
        return line(new Places(new Places.Bounds(64, 32, 16), () -> 0), 1, turnMs, talkMs);
    }

    private static DeviceLine line(Places places, int camera, int turnMs, int talkMs) {
        return line(DeviceLineTest::begin, places, camera, turnMs, talkMs);
    }

    private static DeviceLine line(Executor threads, Places places, int camera, int turnMs, int talkMs) {
        return new DeviceLine(
                new UUID(0, camera), threads, places, new VirtualLoop(), new DeviceLine.Limits(turnMs, talkMs));
    }

    private static void begin(Runnable task) {
        Thread thread = new Thread(task, "talks");
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins what counts a latch down, so that the time for its answer runs only from then on: it hangs in the driver. */
    private static Executor until(CountDownLatch entered) {
        return task -> {
            begin(task);
            try {
                assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static void kind(Kind kind, DriverException e) {
        assertThat(e.kind()).isEqualTo(kind);
    }

    @Test
    void oneThatIgnoresTheInterruptKeepsTheTurnUntilItReturns() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        DeviceLine line = line(until(entered), new Places(new Places.Bounds(64, 32, 16), () -> 0), 1, 30_000, 50);
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);

        assertThatThrownBy(() -> line.talk(shelved, target, session -> {
                    entered.countDown();
                    while (answer.getCount() > 0) {
                        try {
                            answer.await();
                        } catch (InterruptedException e) {
                            // Goes on, as bad code does.
                            over.countDown();
                        }
                    }
                    return true;
                }))
                .isInstanceOfSatisfying(DriverException.class, e -> kind(Kind.UNREACHABLE, e))
                .hasMessageContaining("rtsp 1.0.0", "in time");
        assertThat(over.await(60, TimeUnit.SECONDS)).as("it was interrupted").isTrue();
        FutureTask<Integer> next = new FutureTask<>(() -> line.talk(shelved, target, session -> 7));
        new Thread(next, "next").start();
        assertThat(driver.opened).hasSize(1);

        answer.countDown();
        assertThat(next.get(60, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(driver.opened).as("the session it left is not used again").hasSize(2);
        assertThat(driver.openSessions()).isEqualTo(1);
    }

    @Test
    void whoWaitsTooLongForTheTurnIsToldThatTheCameraIsBusy() throws Exception {
        DeviceLine line = line(50, 30_000);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        FutureTask<Boolean> first = new FutureTask<>(() -> line.talk(shelved, target, session -> {
            entered.countDown();
            try {
                return answer.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new DriverException(Kind.CLOSED, "Interrupted.");
            }
        }));
        new Thread(first, "first").start();
        assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(() -> line.talk(shelved, target, session -> true))
                .isInstanceOfSatisfying(DriverException.class, e -> kind(Kind.BUSY, e));
        answer.countDown();
        assertThat(first.get(60, TimeUnit.SECONDS)).isTrue();
    }

    /** A console that asks each second must not lock the account of a camera. */
    @Test
    void aRefusedLoginIsNotTriedAgainAtOnce() throws Exception {
        VirtualLoop time = new VirtualLoop();
        DeviceLine line = new DeviceLine(
                new UUID(0, 1),
                Runnable::run,
                new Places(new Places.Bounds(64, 32, 16), () -> 0),
                time,
                DeviceLine.Limits.USUAL);
        driver.behaviour = at -> {
            throw new DriverException(Kind.AUTH, "Wrong password.");
        };
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> line.talk(shelved, target, session -> true))
                    .isInstanceOfSatisfying(DriverException.class, e -> kind(Kind.AUTH, e));
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(driver.opened).hasSize(1);

        DeviceTarget corrected =
                new DeviceTarget(URI.create("rtsp://cam/2"), Optional.empty(), Optional.empty(), Map.of(), 1_000);
        assertThatThrownBy(() -> line.talk(shelved, corrected, session -> true)).hasMessage("Wrong password.");
        driver.behaviour = at -> {};
        time.advance(Duration.ofMillis(DeviceLine.REFUSED_MS));
        Integer answer = line.talk(shelved, target, session -> 7);

        assertThat(answer).isEqualTo(7);
    }

    @Test
    void whoLooksDoesNotWaitAndAStopHasAPlaceOfItsOwn() throws Exception {
        DeviceLine line = line(30_000, 30_000);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        start(line, DeviceLine.Manner.COMMAND, () -> {
            entered.countDown();
            return answer.await(60, TimeUnit.SECONDS);
        });
        assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(() -> line.talk(shelved, target, DeviceLine.Manner.LOOK, session -> true))
                .isInstanceOfSatisfying(DriverException.class, e -> kind(Kind.BUSY, e));
        for (int i = 0; i < 4; i++) {
            start(line, DeviceLine.Manner.COMMAND, () -> true);
        }
        Awaiting.until("four wait", () -> line.waiting() >= 4);
        assertThatThrownBy(() -> line.talk(shelved, target, session -> true))
                .isInstanceOfSatisfying(DriverException.class, e -> kind(Kind.BUSY, e));
        FutureTask<Boolean> stop = start(line, DeviceLine.Manner.STOP, () -> true);
        Awaiting.until("five wait", () -> line.waiting() >= 5);
        answer.countDown();
        assertThat(stop.get(60, TimeUnit.SECONDS)).isTrue();
    }

    private FutureTask<Boolean> start(DeviceLine line, DeviceLine.Manner manner, Callable<Boolean> work) {
        FutureTask<Boolean> task = new FutureTask<>(() -> line.talk(shelved, target, manner, session -> {
            try {
                return work.call();
            } catch (Exception e) {
                throw new DriverException(Kind.CLOSED, "Interrupted.");
            }
        }));
        Thread thread = new Thread(task, "asks");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Bad code in one driver must cost its own cameras only, and people must learn which driver it is. */
    @Test
    void aDriverThatIgnoresTheInterruptLeavesTheOthersTheirThreads() throws Exception {
        Places places = new Places(new Places.Bounds(6, 4, 3), () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        CountDownLatch answer = new CountDownLatch(1);
        DeviceLine.Talk<Boolean> hang = session -> {
            while (answer.getCount() > 0) {
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    assertThat(e).isNotNull(); // goes on, as bad code does
                }
            }
            return true;
        };
        ShelvedDriver other = new DriverShelf(NoNames.door())
                .add(2, Version.parseVersion("2.0.0"), "other", new FakeDriver("other"))
                .orElseThrow();
        for (int i = 0; i < 3; i++) {
            CountDownLatch now = new CountDownLatch(1);
            DeviceLine line = line(until(now), places, i, 1_000, 50);
            assertThatThrownBy(() -> line.talk(shelved, target, session -> {
                        now.countDown();
                        return hang.with(session);
                    }))
                    .isInstanceOfSatisfying(DriverException.class, e -> kind(Kind.UNREACHABLE, e));
        }
        assertThatThrownBy(() -> line(places, 9, 1_000, 10_000).talk(shelved, target, session -> true))
                .isInstanceOfSatisfying(DriverException.class, e -> kind(Kind.BUSY, e))
                .hasMessageContaining("rtsp 1.0.0 does not return", "install another version");
        assertThat(places.hanging(0)).singleElement().satisfies(hanging -> assertThat(hanging.cameras())
                .containsExactly(new UUID(0, 0), new UUID(0, 1), new UUID(0, 2)));
        for (int i = 10; i < 20; i++) {
            boolean asked = line(places, i, 1_000, 30_000).talk(other, target, session -> true);
            assertThat(asked).isTrue();
        }
        answer.countDown();
        Awaiting.until("none hangs any more", () -> places.hanging(0).isEmpty());
        boolean again = line(places, 20, 1_000, 30_000).talk(shelved, target, session -> true);
        assertThat(again).as("one that returns after all is asked again").isTrue();
    }

    @Test
    void aFailureOfTheRequestKeepsTheSessionAndOneOfTheDeviceDoesNot() throws Exception {
        for (Kind kind : Kind.values()) {
            DeviceLine line = line(1_000, 30_000);
            assertThatThrownBy(() -> line.talk(shelved, target, session -> {
                        throw new DriverException(kind, "No.");
                    }))
                    .as(kind.name())
                    .isInstanceOf(DriverException.class)
                    .isNotInstanceOf(ExecutionException.class);
            boolean ofTheRequest = Set.of(Kind.CONFIG, Kind.UNSUPPORTED, Kind.BUSY, Kind.NOT_FOUND)
                    .contains(kind);
            assertThat(line.isOpen()).as(kind.name()).isEqualTo(ofTheRequest);
        }
    }
}
