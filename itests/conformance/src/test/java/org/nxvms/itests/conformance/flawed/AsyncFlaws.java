// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents.AsyncFeed;
import org.nxvms.driver.spi.DeviceEvents.Feed;
import org.nxvms.driver.spi.DriverException;

/** Feeds that say they need no thread, and are not quite like that. */
final class AsyncFlaws {
    static final Map<String, Flaw> BY_RULE = Map.of(
            "events.async-returns", visit -> around(visit, Blocking::new),
            "events.async-closed", visit -> around(visit, Lingering::new),
            "events.async-waited-for", visit -> around(visit, Speechless::new));

    private AsyncFlaws() {}

    private interface Disguise {
        AsyncFeed of(Feed feed);
    }

    private static Object around(Visit visit, Disguise disguise) throws Throwable {
        Object answer = visit.go();
        return visit.is("DeviceEvents.subscribe") ? disguise.of((Feed) answer) : answer;
    }

    private static <T> CompletableFuture<T> later(Callable<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                answer.complete(work.call());
            } catch (Exception failed) {
                answer.completeExceptionally(failed);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    private static CompletionStage<Void> closing(Feed feed) {
        return later(() -> {
            feed.close();
            return null;
        });
    }

    /** Waits in the call. */
    private record Blocking(Feed feed) implements AsyncFeed {
        @Override
        public CompletionStage<List<DeviceEvent>> nextAsync(int waitMs) {
            try {
                return CompletableFuture.completedFuture(feed.next(waitMs));
            } catch (DriverException | InterruptedException failed) {
                return CompletableFuture.failedFuture(failed);
            }
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return closing(feed);
        }
    }

    /** Whoever closes it leaves who waits alone. */
    private record Lingering(Feed feed) implements AsyncFeed {
        @Override
        public CompletionStage<List<DeviceEvent>> nextAsync(int waitMs) {
            return later(() -> feed.next(waitMs));
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Has nothing to say to who waits with a thread. */
    private record Speechless(Feed feed) implements AsyncFeed {
        @Override
        public CompletionStage<List<DeviceEvent>> nextAsync(int waitMs) {
            return later(() -> feed.next(waitMs));
        }

        @Override
        public List<DeviceEvent> next(int waitMs) throws InterruptedException {
            SwapFlaws.pause(waitMs);
            return List.of();
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return closing(feed);
        }
    }
}
