// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.test.kit.Awaiting.until;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.cameras.fake.FakeAsyncFeed;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.FakePublisher;
import org.nxvms.cameras.fake.NoNames;
import org.nxvms.cameras.fake.Sayings;
import org.nxvms.cameras.fake.VirtualLoop;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceTarget;
import org.osgi.framework.Version;

/** Many cameras at once on few threads. */
class ManyFeedsTest {
    private static final int CAMERAS = 300;
    private static final int EVENTS = 5;
    private static final int STANDSTILL_MS = 600_000;
    /**
     * Twenty work at once, and sixteen say goodbye; some of those before may be on their way out. With a thread a camera there
     * were more.
     */
    private static final int THREADS_MAX = CAMERAS / 4;

    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(0, 1_000, 30, TimeUnit.SECONDS, new SynchronousQueue<>());
    private final FakePublisher publisher = new FakePublisher();
    private final VirtualLoop loop = new VirtualLoop();
    /** A machine that stands still for a while shall make no thread look slow. */
    private final Listening listening = new Listening(
            new AsyncHearing.Hands(
                    new FeedThreads(pool, loop, Listening.CALLING_MAX, STANDSTILL_MS),
                    new FeedThreads(pool, loop, Listening.ENDING_MAX, STANDSTILL_MS),
                    new FeedThreads(pool, loop, Listening.TAKING_MAX, STANDSTILL_MS),
                    loop,
                    STANDSTILL_MS),
            () -> publisher,
            new SplittableRandom(7));

    private final Map<String, Sayings> sayings = new ConcurrentHashMap<>();
    private final FakeDriver devices = new FakeDriver("rtsp");
    private final AtomicInteger goodbyes = new AtomicInteger();

    @AfterEach
    void stop() {
        listening.close();
        pool.shutdownNow();
    }

    private ShelvedDriver driver() {
        // Each camera has a device of its own, known by the address of the session that asks.
        devices.eventsOf = target -> Optional.of(() -> new FakeAsyncFeed(
                sayings.computeIfAbsent(target.address().getHost(), host -> new Sayings()), goodbyes::incrementAndGet));
        return new DriverShelf(NoNames.door())
                .add(1, Version.parseVersion("1.0.0"), "bundle", devices)
                .orElseThrow();
    }

    private static DeviceTarget target(String host) {
        return new DeviceTarget(URI.create("rtsp://" + host), Optional.empty(), Optional.empty(), Map.of(), 10_000);
    }

    @Test
    void threeHundredCamerasTellTheirEventsInOrderAndHoldNoThread() {
        ShelvedDriver driver = driver();
        List<UUID> cameras = new ArrayList<>();
        for (int i = 0; i < CAMERAS; i++) {
            UUID camera = new UUID(0, i);
            cameras.add(camera);
            listening.answered(camera, driver, target("cam" + i), List.of("events"), 0);
        }
        until("all are heard", () -> cameras.stream()
                .allMatch(camera -> listening.hears(camera).orElse(false)));

        for (int event = 1; event <= EVENTS; event++) {
            for (int i = 0; i < CAMERAS; i++) {
                sayings.get("cam" + i).add(DeviceEvent.pulse("rtsp.said_" + i, "n" + event));
            }
        }
        until("all is said", () -> publisher.said().size() == CAMERAS * EVENTS);

        for (int i = 0; i < CAMERAS; i++) {
            String kind = "pulse rtsp.said_" + i + " ";
            assertThat(publisher.said().stream().filter(said -> said.startsWith(kind)))
                    .containsExactly(kind + "n1", kind + "n2", kind + "n3", kind + "n4", kind + "n5");
        }
        assertThat(pool.getLargestPoolSize()).as("threads, at most at any time").isLessThanOrEqualTo(THREADS_MAX);
        until("all threads are free", () -> pool.getActiveCount() == 0);
        assertThat(devices.openSessions()).isEqualTo(CAMERAS);
        assertThat(goodbyes).hasValue(0);

        cameras.forEach(listening::stop);
        until("all have let go", () -> {
            listening.tick(0, known -> true);
            return devices.openSessions() == 0;
        });
        assertThat(goodbyes).hasValue(CAMERAS);
        assertThat(pool.getLargestPoolSize()).isLessThanOrEqualTo(THREADS_MAX);
    }

    @Test
    void noMoreWorkIsDoneAtOnceThanMayBe() {
        FeedThreads threads = new FeedThreads(pool, loop, 3, STANDSTILL_MS);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(CAMERAS);
        for (int i = 0; i < CAMERAS; i++) {
            threads.execute(() -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                LockSupport.parkNanos(10_000);
                now.decrementAndGet();
                done.countDown();
            });
        }
        until("all is done", () -> done.getCount() == 0);
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void whoIsRefusedAThreadIsServedWhenThereIsOne() {
        ExecutorService one = new ThreadPoolExecutor(0, 1, 30, TimeUnit.SECONDS, new SynchronousQueue<>());
        FeedThreads threads = new FeedThreads(one, loop, 2, 60_000);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(2);
        try {
            threads.execute(() -> {
                try {
                    go.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
                done.countDown();
            });
            threads.execute(done::countDown);
            assertThat(done.getCount()).as("there is one thread only").isEqualTo(2);
            go.countDown();
            until("both are done", () -> done.getCount() == 0);
        } finally {
            go.countDown();
            one.shutdownNow();
        }
    }
}
