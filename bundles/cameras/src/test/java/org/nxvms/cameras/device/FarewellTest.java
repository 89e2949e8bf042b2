// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.test.kit.Awaiting.until;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.nxvms.driver.spi.DeviceEvents.AsyncFeed;
import org.nxvms.driver.spi.DeviceTarget;
import org.osgi.framework.Version;

/** Drivers that do not end what they began cost their cameras nothing but time. */
class FarewellTest {
    private static final UUID CAMERA = new UUID(0, 1);
    private static final int STANDSTILL_MS = 600_000;
    private static final DeviceTarget TARGET =
            new DeviceTarget(URI.create("rtsp://cam"), Optional.empty(), Optional.empty(), Map.of(), 10_000);

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final VirtualLoop loop = new VirtualLoop();
    private final FakePublisher publisher = new FakePublisher();
    /** Who does not say goodbye at once is left alone when that is looked at. */
    private final Listening listening = new Listening(
            new AsyncHearing.Hands(
                    new FeedThreads(pool, loop, 2, STANDSTILL_MS),
                    new FeedThreads(pool, loop, 2, STANDSTILL_MS),
                    new FeedThreads(pool, loop, 2, STANDSTILL_MS),
                    loop,
                    0),
            () -> publisher,
            new SplittableRandom(7));

    private final FakeDriver driver = new FakeDriver("rtsp");
    private final CountDownLatch never = new CountDownLatch(1);

    /** A feed that says nothing, and is never done with its farewell. */
    private static final class Lingering implements AsyncFeed {
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public CompletionStage<List<DeviceEvent>> nextAsync(int waitMs) {
            asked.incrementAndGet();
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            closed.incrementAndGet();
            return new CompletableFuture<>();
        }
    }

    @AfterEach
    void stop() {
        never.countDown();
        listening.close();
        pool.shutdownNow();
    }

    private void await() {
        try {
            never.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private ShelvedDriver shelved() {
        return new DriverShelf(NoNames.door())
                .add(1, Version.parseVersion("1.0.0"), "bundle", driver)
                .orElseThrow();
    }

    @Test
    void farewellsWaitForNoCameraThatIsOff() {
        Sayings sayings = new Sayings();
        AtomicInteger goodbyes = new AtomicInteger();
        AtomicInteger calling = new AtomicInteger();
        driver.eventsOf = target -> Optional.of(() -> new FakeAsyncFeed(sayings, goodbyes::incrementAndGet));
        ShelvedDriver shelved = shelved();
        listening.answered(CAMERA, shelved, TARGET, List.of("events"), 0);
        until("it is heard", () -> listening.hears(CAMERA).orElse(false));

        driver.behaviour = target -> {
            calling.incrementAndGet();
            await();
        };
        for (int off = 2; off <= 4; off++) {
            listening.answered(new UUID(0, off), shelved, TARGET, List.of("events"), 0);
        }
        until("there is no thread left to begin with", () -> calling.get() == 2);

        listening.stop(CAMERA);
        until("its session is closed", () -> driver.openSessions() == 0);
        assertThat(goodbyes).hasValue(1);
    }

    @Test
    void aCameraIsHeardAgainWhenNeitherFeedNorSessionEnd() {
        Lingering first = new Lingering();
        Lingering second = new Lingering();
        AtomicInteger subscribed = new AtomicInteger();
        AtomicInteger closing = new AtomicInteger();
        driver.eventsOf = target -> Optional.of(() -> subscribed.getAndIncrement() == 0 ? first : second);
        driver.onClose = () -> {
            closing.incrementAndGet();
            await();
        };
        ShelvedDriver shelved = shelved();
        listening.answered(CAMERA, shelved, TARGET, List.of("events"), 0);
        until("it is heard", () -> first.asked.get() == 1);

        listening.stop(CAMERA);
        until("the feed is to end", () -> first.closed.get() == 1);
        until("its session is to end, too", () -> {
            listening.stop(CAMERA);
            return closing.get() == 1;
        });

        listening.answered(CAMERA, shelved, TARGET, List.of("events"), 0);
        until("it is heard by another feed", () -> second.asked.get() == 1);
        assertThat(driver.openSessions()).as("the one before still hangs").isEqualTo(2);
        assertThat(first.closed).hasValue(1);
    }
}
