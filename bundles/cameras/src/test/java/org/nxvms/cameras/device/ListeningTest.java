// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.cameras.fake.House.draft;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.Camera;

/** A camera is listened to over losses, restarts and changes of its driver, and is never stuck on. */
class ListeningTest {
    final FakeDevice device = new FakeDevice();
    private final FakeDriver driver = driver();
    final House house = new House().withAll().install(driver, "1.0.0");
    private final Camera camera = house.add(draft("rtsp://cam/1"));

    /** Whether feeds wait without a thread, which changes nothing in what is told here. */
    boolean isAsync() {
        return false;
    }

    private FakeDriver driver() {
        FakeDriver made = new FakeDriver("rtsp");
        device.async = isAsync();
        made.device = Optional.of(device);
        return made;
    }

    /** Lets the house's time pass until something is so: feeds end on threads of their own. */
    void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 30 s; " + device.told).isLessThan(end);
            house.loop.advance(Duration.ofMillis(500));
            LockSupport.parkNanos(1_000_000);
        }
    }

    private long times(String what) {
        return device.told.stream().filter(what::equals).count();
    }

    @Test
    void aFeedThatFailsIsBegunAnewAndWhatEndedMeanwhileEnds() throws Exception {
        device.sayings.add(DeviceEvent.on("camera.motion", ""));
        device.sayings.add(DeviceEvent.on("camera.input", "input/1"));
        house.publisher.await("hold camera.input input/1");

        device.sayings.add(new DriverException(Kind.UNREACHABLE, "Connection reset."));
        until(() -> times("subscribe") == 2);
        assertThat(device.told).as("the lost one was let go").contains("unsubscribe");
        device.sayings.add(DeviceEvent.on("camera.input", "input/1"));
        device.sayings.add(DeviceEvent.synchronised());

        house.publisher.await("end camera.motion");
        assertThat(house.publisher.said()).doesNotContain("end camera.input input/1");
        assertThat(house.listening.hears(camera.id())).contains(true);
    }

    @Test
    void anotherVersionOfTheDriverTakesOver() throws Exception {
        device.sayings.add(DeviceEvent.on("camera.motion", ""));
        house.publisher.await("hold camera.motion");
        FakeDriver newer = driver();

        house.install(newer, "1.1.0");
        until(() -> times("subscribe") == 2);
        house.uninstall(driver);
        until(() -> driver.openSessions() == 0);

        device.sayings.add(DeviceEvent.synchronised());
        house.publisher.await("end camera.motion");
        assertThat(times("unsubscribe")).isEqualTo(1);
    }

    @Test
    void aDriverThatGoesLetsGoAndSaysNothingMore() throws Exception {
        device.sayings.add(DeviceEvent.on("camera.motion", ""));
        house.publisher.await("hold camera.motion");

        house.uninstall(driver);
        until(() -> driver.openSessions() == 0);
        house.loop.advance(Duration.ofMinutes(5));

        assertThat(house.publisher.said()).as("it lapses by itself").containsExactly("hold camera.motion");
        assertThat(house.listening.hears(camera.id())).isEmpty();
    }

    @Test
    void aCameraThatIsSwitchedOffIsNotListenedTo() throws Exception {
        device.sayings.add(DeviceEvent.on("camera.motion", ""));
        house.publisher.await("hold camera.motion");

        house.change(camera, draft("rtsp://cam/1", Optional.empty(), false));
        house.publisher.await("end camera.motion");
        until(() -> driver.openSessions() == 0);
        house.loop.advance(Duration.ofMinutes(5));
        assertThat(times("subscribe")).isEqualTo(1);
    }

    @Test
    void aFeedThatBreaksAtOnceEachTimeIsBegunLessAndLessOften() {
        for (int i = 1; i <= 5; i++) {
            int number = i;
            until(() -> times("subscribe") == number);
            device.sayings.add(DeviceEvent.pulse("rtsp.hello", ""));
            device.sayings.add(new DriverException(Kind.UNREACHABLE, "Connection reset."));
            until(() -> times("unsubscribe") == number);
        }
        house.loop.advance(Duration.ofSeconds(15));

        assertThat(times("subscribe")).as("it waits for half a minute by now").isEqualTo(5);
    }

    /** One question that fails says nothing about what a device can. */
    @Test
    void aDeviceThatDoesNotSayWhoItIsIsHeardOnAndAskedAgain() throws Exception {
        device.sayings.add(DeviceEvent.on("camera.motion", ""));
        house.publisher.await("hold camera.motion");
        FakeDriver newer = driver();
        newer.onIdentity = target -> {
            newer.onIdentity = again -> {};
            throw new DriverException(Kind.UNREACHABLE, "Timed out.");
        };

        house.install(newer, "1.1.0");
        assertThat(house.status(camera).device().orElseThrow().capabilities()).contains("ptz", "events");
        assertThat(house.status(camera).device().orElseThrow().identity().model())
                .as("as it was before")
                .isEqualTo("Model");
        house.loop.advance(Duration.ofSeconds(10));

        assertThat(newer.opened.stream()
                        .filter(target -> target.timeoutMs() == 10_000)
                        .count())
                .as("asked again, and listened to")
                .isGreaterThanOrEqualTo(2);
        assertThat(house.publisher.said()).doesNotContain("end camera.motion");
    }

    /** A contact that ends when its driver has gone must not bring the driver back. */
    @Test
    void aContactThatEndsAfterItsDriverWentBeginsNoFeed() throws Exception {
        List<Runnable> contacts = new CopyOnWriteArrayList<>();
        House slow = new House(contacts::add);
        FakeDriver late = driver();
        slow.withAll().install(late, "1.0.0");
        Camera gate = slow.add(draft("rtsp://cam/1"));
        assertThat(contacts).hasSize(1);

        slow.uninstall(late);
        contacts.remove(0).run();
        slow.loop.advance(Duration.ofMinutes(1));

        assertThat(slow.listening.hears(gate.id())).isEmpty();
        assertThat(late.opened).hasSize(1);
    }

    @Test
    void aDeviceThatLocksAccountsIsNotAskedAgainAtOnce() {
        until(() -> times("subscribe") == 1);
        device.sayings.add(new DriverException(Kind.AUTH, "Wrong password."));
        until(() -> times("unsubscribe") == 1 && driver.openSessions() == 0);
        house.loop.advance(Duration.ofSeconds(60));
        assertThat(times("subscribe")).isEqualTo(1);

        until(() -> times("subscribe") == 2);
    }
}
