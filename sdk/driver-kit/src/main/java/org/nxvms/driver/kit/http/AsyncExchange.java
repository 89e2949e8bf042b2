// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.http;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.kit.http.DeviceHttp.Ask;
import org.nxvms.driver.spi.DriverException;

/**
 * One exchange for which nobody waits, with its login. Its time limit is kept by the workers' clock, for the client's own ends
 * with the head of an answer: a body that comes a byte at a time would never end.
 */
final class AsyncExchange {
    private final DeviceHttp http;
    private final HttpClient client;
    private final Workers workers;
    private final Ask ask;
    private final int most;
    private final long endNano;
    private final CompletableFuture<HttpResponse<byte[]>> whole = new CompletableFuture<>();
    private volatile CompletableFuture<HttpResponse<byte[]>> sent;
    /** Of what is under way, so of one thread at a time. */
    private volatile int repeats;

    AsyncExchange(DeviceHttp http, HttpClient client, Ask ask, int most) {
        this.http = http;
        this.client = client;
        this.ask = ask;
        this.most = most;
        this.workers = Workers.of(client);
        this.endNano = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(http.timeMs(ask));
    }

    /** {@return what comes of it} Whoever cancels that breaks the exchange off. */
    CompletableFuture<HttpResponse<byte[]>> begin() {
        CompletableFuture<Void> late = workers.after(http.timeMs(ask));
        late.whenComplete((over, stopped) -> {
            if (!whole.isDone()) {
                whole.completeExceptionally(stopped == null ? http.late(null) : Workers.stopped());
            }
        });
        whole.whenComplete((answer, failed) -> {
            late.cancel(false);
            breakOff();
        });
        send(1);
        return whole;
    }

    private void breakOff() {
        CompletableFuture<?> underWay = sent;
        if (underWay != null) {
            underWay.cancel(true);
        }
    }

    private void send(int tries) {
        try {
            http.requireOpen();
            long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNano - System.nanoTime()));
            CompletableFuture<HttpResponse<byte[]>> now =
                    client.sendAsync(http.request(ask, leftMs), head -> new BoundedBody(most));
            sent = now;
            if (whole.isDone()) {
                now.cancel(true);
            }
            now.whenCompleteAsync((answer, failed) -> answered(answer, failed, tries), workers);
        } catch (DriverException | RuntimeException refused) {
            whole.completeExceptionally(refused);
        }
    }

    private void answered(HttpResponse<byte[]> answer, Throwable failed, int tries) {
        if (whole.isDone()) {
            return;
        }
        try {
            if (failed != null && http.isToBeRepeated(ask, failed, repeats)) {
                repeats = repeats + 1;
                send(tries);
            } else if (failed != null) {
                whole.completeExceptionally(http.trouble(failed));
            } else if (http.isToBeAskedAgain(ask, answer, tries)) {
                send(tries + 1);
            } else {
                whole.complete(answer);
            }
        } catch (RuntimeException odd) {
            // Else nobody would learn of it before the time is over.
            whole.completeExceptionally(odd);
        }
    }
}
