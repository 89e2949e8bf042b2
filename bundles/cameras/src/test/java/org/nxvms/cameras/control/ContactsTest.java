// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.cameras.fake.House.draft;

import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.drivers.Contact;
import org.nxvms.cameras.drivers.Places;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.cameras.fake.NoNames;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus;
import org.osgi.framework.Version;

/** A driver that does not return in time holds up nobody but its own camera. */
class ContactsTest {
    private final AtomicReference<Thread> lastThread = new AtomicReference<>();
    private final House house = new House(task -> {
        Thread thread = new Thread(task, "contact");
        thread.setDaemon(true);
        lastThread.set(thread);
        thread.start();
    });
    private final FakeDriver driver = new FakeDriver("rtsp");

    @Test
    void aHangingDriverIsInterruptedAndItsCameraAskedAgainLater() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        driver.behaviour = target -> {
            entered.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new DriverException(Kind.CLOSED, "Interrupted.");
            }
        };
        house.withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft("rtsp://cam/1"));
        assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
        Thread hanging = lastThread.get();

        house.loop.advance(Duration.ofMillis(Contacts.OVERDUE_MS + 1));

        hanging.join(60_000);
        assertThat(hanging.isAlive()).as("it was interrupted").isFalse();
        house.loop.run();
        CameraStatus status = house.status(camera);
        assertThat(status.state()).isEqualTo(CameraStatus.State.OFFLINE);
        assertThat(status.detail()).as("not what the interrupted driver says").contains("did not return within 35 s");

        driver.behaviour = target -> {};
        house.loop.advance(Duration.ofSeconds(30));
        lastThread.get().join(60_000);
        house.loop.run();
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.RECORDING);
    }

    @Test
    void oneThatIgnoresTheInterruptIsNeverAskedTwiceAtOnce() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        driver.behaviour = target -> {
            if (!target.address().getHost().equals("stubborn")) {
                return;
            }
            entered.countDown();
            boolean over = false;
            while (!over) {
                try {
                    over = answer.await(1, TimeUnit.DAYS);
                } catch (InterruptedException e) {
                    // Goes on, as bad code does.
                    assertThat(e).isNotNull();
                }
            }
        };
        house.withAll().install(driver, "1.0.0");
        house.add(draft("rtsp://stubborn/1"));
        assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
        Thread hanging = lastThread.get();

        house.loop.advance(Duration.ofHours(1));
        assertThat(driver.opened).hasSize(1);

        Camera other = house.add(draft("rtsp://good/1"));
        lastThread.get().join(60_000);
        house.loop.run();
        assertThat(house.status(other).state()).isEqualTo(CameraStatus.State.RECORDING);

        answer.countDown();
        hanging.join(60_000);
        house.loop.run();
        assertThat(house.ingest.disturbances).contains("start main rtsp://stubborn/1");
    }

    /** At a start every camera is asked at once: those of one bad driver must not keep the others from being found. */
    @Test
    void aDriverThatMakesAllItsCamerasWaitLeavesRoomForOthers() throws Exception {
        CountDownLatch entered = new CountDownLatch(3);
        CountDownLatch answer = new CountDownLatch(1);
        driver.behaviour = target -> {
            entered.countDown();
            boolean over = false;
            while (!over) {
                try {
                    over = answer.await(1, TimeUnit.DAYS);
                } catch (InterruptedException e) {
                    // Goes on, as bad code does.
                    assertThat(e).isNotNull();
                }
            }
        };
        Places places = new Places(new Places.Bounds(4, 3, 100), house.loop::monotonicMs);
        ContactQueue queue = new ContactQueue(
                task -> {
                    Thread thread = new Thread(task, "contact");
                    thread.setDaemon(true);
                    thread.start();
                },
                places);
        Contacts contacts = new Contacts(house.loop, queue);
        ShelvedDriver bad = new ShelvedDriver(
                1, driver.info(), new Version("1.0.0"), "bad", driver, Optional.empty(), NoNames.door());
        FakeDriver fine = new FakeDriver("other");
        ShelvedDriver good =
                new ShelvedDriver(2, fine.info(), new Version("1.0.0"), "good", fine, Optional.empty(), NoNames.door());
        for (int i = 0; i < 10; i++) {
            contacts.ask(new UUID(1, i), bad, target(), new Outcome());
        }
        Outcome found = new Outcome();
        contacts.ask(new UUID(2, 1), good, target(), found);
        found.await(house);
        // The time of each runs from when it is begun.
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(driver.opened).hasSizeLessThanOrEqualTo(3);

        house.loop.advance(Duration.ofMillis(Contacts.OVERDUE_MS + 1));
        assertThat(places.hanging(0)).singleElement().satisfies(hanging -> {
            assertThat(hanging.driver()).isEqualTo("rtsp 1.0.0");
            assertThat(hanging.calls()).isEqualTo(3);
        });
        Outcome later = new Outcome();
        contacts.ask(new UUID(2, 2), good, target(), later);
        later.await(house);
        answer.countDown();
    }

    private static DeviceTarget target() {
        return new DeviceTarget(
                URI.create("rtsp://cam/1"), Optional.empty(), Optional.empty(), Map.of(), Contacts.TIMEOUT_MS);
    }

    /** What became of a contact. */
    private static final class Outcome implements Contacts.Reply {
        private volatile boolean answered;

        @Override
        public void overdue(DriverException why) {
            assertThat(why.kind()).isEqualTo(Kind.UNREACHABLE);
        }

        @Override
        public void ended(Optional<Contact.Answer> answer, Optional<DriverException> failure) {
            answered = answer.isPresent();
        }

        void await(House house) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!answered) {
                assertThat(System.nanoTime()).isLessThan(end);
                house.loop.run();
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @Test
    void nothingIsKeptOfADriverThatHasReturned() throws Exception {
        WeakReference<FakeDriver> gone = askedOnce();
        house.loop.run();

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (gone.get() != null) {
            assertThat(System.nanoTime())
                    .as("collected while its time limit still runs")
                    .isLessThan(end);
            System.gc();
        }
    }

    /** Apart, so that no variable of the caller holds the driver. */
    private WeakReference<FakeDriver> askedOnce() {
        FakeDriver once = new FakeDriver("rtsp");
        ShelvedDriver shelved = new ShelvedDriver(
                1, once.info(), new Version("1.0.0"), "driver", once, Optional.empty(), NoNames.door());
        DeviceTarget target = new DeviceTarget(
                URI.create("rtsp://cam/1"), Optional.empty(), Optional.empty(), Map.of(), Contacts.TIMEOUT_MS);
        new Contacts(house.loop, new ContactQueue(Runnable::run, new Places(new Places.Bounds(1, 1, 1), () -> 0)))
                .ask(UUID.randomUUID(), shelved, target, new Contacts.Reply() {
                    @Override
                    public void overdue(DriverException why) {
                        throw new AssertionError(shelved.label() + " returned in time", why);
                    }

                    @Override
                    public void ended(Optional<Contact.Answer> answer, Optional<DriverException> failure) {
                        assertThat(answer).as(shelved.label()).isPresent();
                    }
                });
        return new WeakReference<>(once);
    }
}
