// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents.AsyncFeed;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** A feed that waits without a thread: whoever says something completes its answer. */
public final class FakeAsyncFeed implements AsyncFeed {
    private final Sayings sayings;
    private final Runnable goodbye;
    private CompletableFuture<List<DeviceEvent>> asked = CompletableFuture.completedFuture(List.of());
    private boolean closed;

    public FakeAsyncFeed(Sayings sayings, Runnable goodbye) {
        this.sayings = sayings;
        this.goodbye = goodbye;
        sayings.tell(this::look);
    }

    @Override
    public CompletionStage<List<DeviceEvent>> nextAsync(int waitMs) {
        CompletableFuture<List<DeviceEvent>> answer;
        synchronized (this) {
            if (!asked.isDone()) {
                throw new AssertionError("asked again before it has answered");
            }
            asked = new CompletableFuture<>();
            answer = asked;
        }
        look();
        return answer.completeOnTimeout(List.of(), waitMs, TimeUnit.MILLISECONDS);
    }

    private synchronized void look() {
        if (asked.isDone()) {
            return;
        }
        if (closed) {
            asked.completeExceptionally(new DriverException(Kind.CLOSED, "Closed."));
            return;
        }
        Object said = sayings.poll();
        if (said instanceof DriverException failure) {
            asked.completeExceptionally(failure);
        } else if (said != null) {
            asked.complete(List.of((DeviceEvent) said));
        }
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        synchronized (this) {
            if (closed) {
                throw new AssertionError("closed twice");
            }
            closed = true;
        }
        goodbye.run();
        look();
        return CompletableFuture.completedFuture(null);
    }
}
