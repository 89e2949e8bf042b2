// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceEvents.AsyncFeed;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** All that holds for feeds with a thread holds for those without one; and what holds for these alone. */
class AsyncListeningTest extends ListeningTest {
    @Override
    boolean isAsync() {
        return true;
    }

    /** A feed that a test answers by hand. */
    private static final class ByHand implements AsyncFeed {
        private final List<CompletableFuture<List<DeviceEvent>>> asked = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> gone = new CompletableFuture<>();
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public CompletionStage<List<DeviceEvent>> nextAsync(int waitMs) {
            CompletableFuture<List<DeviceEvent>> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            closed.incrementAndGet();
            return gone;
        }
    }

    private FakeDriver handing(DeviceEvents events) {
        FakeDriver made = new FakeDriver("rtsp");
        made.eventsOf = target -> Optional.of(events);
        house.install(made, "2.0.0");
        return made;
    }

    @Test
    void aFeedIsAskedAgainWhenItsAnswerWasTakenAndNotBefore() throws Exception {
        ByHand feed = new ByHand();
        handing(() -> feed);
        until(() -> feed.asked.size() == 1);
        house.loop.advance(Duration.ofSeconds(10));
        assertThat(feed.asked).as("nobody answered").hasSize(1);

        for (int i = 1; i <= 20; i++) {
            feed.asked.get(i - 1).complete(List.of(DeviceEvent.on("camera.input", "input/" + i)));
            int next = i + 1;
            until(() -> feed.asked.size() == next);
        }
        house.publisher.await("hold camera.input input/20");
        List<String> said = house.publisher.said();
        for (int i = 2; i <= 20; i++) {
            assertThat(said.indexOf("hold camera.input input/" + i))
                    .as("said in order: %s", said)
                    .isGreaterThan(said.indexOf("hold camera.input input/" + (i - 1)));
        }
    }

    /** The next feed may need the place of the one before. */
    @Test
    void anotherFeedIsBegunWhenTheOneBeforeHasLetGo() {
        ByHand first = new ByHand();
        ByHand second = new ByHand();
        AtomicInteger subscribed = new AtomicInteger();
        FakeDriver driver = handing(() -> subscribed.getAndIncrement() == 0 ? first : second);
        until(() -> first.asked.size() == 1);

        first.asked.get(0).completeExceptionally(new DriverException(Kind.UNREACHABLE, "Connection reset."));
        until(() -> first.closed.get() == 1);
        house.loop.advance(Duration.ofMinutes(1));
        assertThat(subscribed).hasValue(1);
        int open = driver.openSessions();

        first.gone.complete(null);
        until(() -> second.asked.size() == 1);
        assertThat(driver.openSessions()).as("the one before was closed").isEqualTo(open);
        assertThat(first.closed).hasValue(1);
    }

    @Test
    void whatIsSaidAfterTheEndIsNotHeard() throws Exception {
        ByHand feed = new ByHand();
        FakeDriver driver = handing(() -> feed);
        until(() -> feed.asked.size() == 1);
        house.uninstall(driver);
        until(() -> feed.closed.get() == 1);

        feed.asked.get(0).complete(List.of(DeviceEvent.on("camera.tamper", "")));
        feed.gone.complete(null);
        until(() -> driver.openSessions() == 0);
        assertThat(feed.asked).hasSize(1);
        assertThat(house.publisher.said()).doesNotContain("hold camera.tamper");
    }

    @Test
    void anAnswerThatNoContractKnowsEndsTheFeedAndNothingElse() {
        ByHand broken = new ByHand();
        ByHand next = new ByHand();
        AtomicInteger subscribed = new AtomicInteger();
        handing(() -> subscribed.getAndIncrement() == 0 ? broken : next);
        until(() -> broken.asked.size() == 1);
        broken.gone.complete(null);

        broken.asked.get(0).complete(null);
        until(() -> next.asked.size() == 1);
        next.asked.get(0).completeExceptionally(new IllegalStateException("a defect"));
        until(() -> next.closed.get() == 1);
    }

    /** A driver that hangs keeps a thread; the cameras of others have theirs. */
    @Test
    void driversThatHangWhileTheyBeginHoldUpNobody() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        FeedThreads threads = new FeedThreads(
                task -> {
                    Thread thread = new Thread(task, "hangs");
                    thread.setDaemon(true);
                    thread.start();
                },
                house.loop,
                2,
                50);
        CountDownLatch done = new CountDownLatch(3);
        try {
            for (int i = 0; i < 5; i++) {
                threads.execute(() -> {
                    try {
                        never.await();
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            for (int i = 0; i < 3; i++) {
                threads.execute(done::countDown);
            }
            until(() -> done.getCount() == 0);
        } finally {
            never.countDown();
        }
    }
}
