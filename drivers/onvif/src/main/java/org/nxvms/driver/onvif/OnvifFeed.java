// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One feed, which holds no thread: a <em>turn</em> renews and synchronises what is due, takes what is said, and pauses, each
 * when what came before is answered. Turns follow each other until there is something to tell, or the time is over. The
 * goodbye is said after the turn under way, whose exchange is broken off for it: one conversation at a time. Any thread.
 */
final class OnvifFeed implements DeviceEvents.AsyncFeed {
    private static final Logger LOG = LoggerFactory.getLogger(OnvifFeed.class);

    private final Subscription subscription;
    private final DeviceHttp http;
    private final FeedState state;
    /** What the platform waits for, and the turn that is under way for it; guarded by this. */
    private CompletableFuture<List<DeviceEvent>> answer = CompletableFuture.completedFuture(List.of());

    private CompletableFuture<Void> turn = CompletableFuture.completedFuture(null);
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private volatile boolean closed;
    private volatile CompletableFuture<?> exchange = turn;

    OnvifFeed(Subscription subscription, DeviceHttp http, FeedState state) {
        this.subscription = subscription;
        this.http = http;
        this.state = state;
    }

    @Override
    public CompletionStage<List<DeviceEvent>> nextAsync(int waitMs) {
        CompletableFuture<List<DeviceEvent>> asked = new CompletableFuture<>();
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(over());
            }
            if (!answer.isDone() || !turn.isDone()) {
                return CompletableFuture.failedFuture(
                        new DriverException(Kind.BUSY, "The subscription is asked already; one answer at a time."));
            }
            answer = asked;
        }
        go(asked, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs));
        return asked;
    }

    private static DriverException over() {
        return new DriverException(Kind.CLOSED, "The subscription has been closed.");
    }

    private void go(CompletableFuture<List<DeviceEvent>> asked, long endNano) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(endNano - System.nanoTime());
        if (leftMs <= 0) {
            asked.complete(List.of());
            return;
        }
        CompletableFuture<Void> over = new CompletableFuture<>();
        synchronized (this) {
            if (closed) {
                // Who closed it has answered.
                return;
            }
            turn = over;
        }
        // By a worker: who asks is not held up, and turns that are answered at once do not pile up on a stack.
        CompletableFuture.completedFuture(leftMs)
                .thenComposeAsync(this::turn, http.executor())
                .whenComplete((events, failed) -> {
                    over.complete(null);
                    if (failed != null) {
                        state.over();
                        // What was broken off by who closes may be heard of here before he has said so.
                        asked.completeExceptionally(closed ? over() : Later.cause(failed));
                    } else if (events.isEmpty()) {
                        go(asked, endNano);
                    } else {
                        asked.complete(events);
                    }
                });
    }

    private CompletableFuture<List<DeviceEvent>> turn(long leftMs) {
        FeedState.Due due = state.due(subscription.grantedMs());
        CompletableFuture<Void> renewed =
                due.renew() ? subscription.renew(this::send) : CompletableFuture.completedFuture(null);
        return renewed.thenCompose(done -> due.synchronise()
                        ? subscription.synchronise(this::send)
                        : CompletableFuture.completedFuture(null))
                .thenCompose(done -> subscription.take(state.ask(leftMs), this::send))
                .thenCompose(told -> {
                    FeedState.Said said = state.said(told, leftMs, told.size() > subscription.messagesMax());
                    return said.pauseMs() > 0
                            ? http.after(said.pauseMs()).thenApply(rested -> said.events())
                            : CompletableFuture.completedFuture(said.events());
                });
    }

    /** Sends a request of a turn. Either this sees that the feed is closed, or who closes sees the exchange. */
    private CompletableFuture<HttpResponse<byte[]>> send(DeviceHttp.Ask ask, int most) {
        CompletableFuture<HttpResponse<byte[]>> begun = http.exchangeAsync(ask, most);
        exchange = begun;
        if (closed) {
            begun.cancel(true);
        }
        return begun;
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        CompletableFuture<List<DeviceEvent>> waited;
        CompletableFuture<Void> last;
        synchronized (this) {
            if (closed) {
                return left;
            }
            closed = true;
            waited = answer;
            last = turn;
        }
        state.over();
        waited.completeExceptionally(over());
        exchange.cancel(true);
        subscription.wake();
        last.thenCompose(over -> subscription.end(http::exchangeAsync)).whenComplete((done, gone) -> {
            if (gone != null) {
                // It forgets us by itself in a minute.
                LOG.debug("a subscription was not ended: {}", Later.cause(gone).getMessage());
            }
            left.complete(null);
        });
        return left;
    }
}
