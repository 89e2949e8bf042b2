// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.stage;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushInbox;
import org.nxvms.driver.spi.PushLimits;

/** One inbox: what came at a path, on its way to the driver and back. */
final class PushDelivery implements PushInbox {
    private static final int WAITING_MAX = 16;
    private static final int LOOK_MS = 100;
    private static final int ANSWER_MS_MAX = 10_000;

    private final URI address;
    private final PushLimits limits;
    private final Consumer<PushDelivery> onClose;
    private final BlockingQueue<Come> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private CompletableFuture<Void> arrival = new CompletableFuture<>();
    private volatile String lastPath = "";
    private volatile boolean closed;

    PushDelivery(URI address, PushLimits limits, Consumer<PushDelivery> onClose) {
        this.address = address;
        this.limits = limits;
        this.onClose = onClose;
    }

    /** What the driver says to a request. */
    record Answer(int status, String contentType, byte[] body) {
        static Answer of(int status) {
            return new Answer(status, "", new byte[0]);
        }
    }

    /** One request. */
    private record Come(
            String method, String path, Map<String, String> headers, byte[] body, CompletableFuture<Answer> answered)
            implements Request {
        @Override
        public boolean answer(int status, String contentType, byte[] content) {
            return answered.complete(new Answer(status, contentType, content.clone()));
        }
    }

    PushLimits limits() {
        return limits;
    }

    /** {@return where a device delivered last, or the address where none did yet} */
    URI used() {
        return URI.create(address + lastPath);
    }

    boolean isClosed() {
        return closed;
    }

    Answer deliver(String method, String path, Map<String, String> headers, byte[] body) throws InterruptedException {
        lastPath = path;
        CompletableFuture<Answer> answered = new CompletableFuture<>();
        if (closed || !waiting.offer(new Come(method, path, headers, body, answered))) {
            return Answer.of(503);
        }
        announce();
        try {
            return answered.get(Math.min(ANSWER_MS_MAX, limits.timeMs()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException nothingSaid) {
            answered.complete(Answer.of(504));
            return answered.join();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public URI address() {
        return address;
    }

    @Override
    public Optional<Request> next(int waitMs) throws DriverException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (true) {
            if (closed) {
                throw new DriverException(Kind.CLOSED, "The endpoint has been closed.");
            }
            long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            Come next = waiting.poll(Math.max(0, Math.min(LOOK_MS, leftMs)), TimeUnit.MILLISECONDS);
            if (next != null && !next.answered().isDone()) {
                return Optional.of(next);
            }
            if (next == null && leftMs <= 0) {
                return Optional.empty();
            }
        }
    }

    @Override
    public CompletionStage<Void> arrival() {
        CompletableFuture<Void> next;
        synchronized (this) {
            if (arrival.isDone()) {
                arrival = new CompletableFuture<>();
            }
            next = arrival;
        }
        return closed || !waiting.isEmpty() ? CompletableFuture.completedFuture(null) : next;
    }

    private void announce() {
        CompletableFuture<Void> awaited;
        synchronized (this) {
            awaited = arrival;
        }
        awaited.complete(null);
    }

    @Override
    public void close() {
        closed = true;
        for (Come each = waiting.poll(); each != null; each = waiting.poll()) {
            each.answered().complete(Answer.of(503));
        }
        announce();
        onClose.accept(this);
    }
}
