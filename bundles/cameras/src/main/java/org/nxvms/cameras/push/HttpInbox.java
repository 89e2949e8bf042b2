// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.push;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushInbox;
import org.nxvms.driver.spi.PushLimits;

/** Requests of one device between the web server, which puts them in and waits, and the driver, which takes and answers. */
final class HttpInbox implements PushInbox {
    /** A device has no more at a time; each waits on a web thread. */
    static final int AT_ONCE_MAX = 4;

    private static final int WAITING_MAX = 16;
    private static final int LOOK_MS = 200;
    private static final int ANSWER_BYTES_MAX = 64 << 10;
    private static final int ANSWER_MS_MAX = 10_000;
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    /** What the driver says to a request. */
    record Answer(int status, String contentType, byte[] body) {
        static Answer of(int status) {
            return new Answer(status, "", new byte[0]);
        }
    }

    private final URI address;
    private final PushLimits limits;
    private final Runnable onClose;
    private final Allowance allowance;
    private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX);
    private final BlockingQueue<Delivery> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private CompletableFuture<Void> arrival = new CompletableFuture<>();
    private volatile boolean closed;

    HttpInbox(URI address, PushLimits limits, Runnable onClose) {
        this.address = address;
        this.limits = limits;
        this.onClose = onClose;
        this.allowance = new Allowance(limits.perMinuteMax(), MINUTE_NS, System.nanoTime());
    }

    /** One request. */
    private record Delivery(
            String method, String path, Map<String, String> headers, byte[] body, CompletableFuture<Answer> answered)
            implements Request {
        @Override
        public boolean answer(int status, String contentType, byte[] content) {
            if (status < 200 || status > 599 || content.length > ANSWER_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "an answer has status 200..599 and at most " + ANSWER_BYTES_MAX + " bytes");
            }
            return answered.complete(new Answer(status, contentType, content.clone()));
        }
    }

    // ---- the web server's side ----

    int bytesMax() {
        return limits.bytesMax();
    }

    /** {@return how long a request may take to arrive, and to be answered} */
    int timeMs() {
        return Math.min(ANSWER_MS_MAX, limits.timeMs());
    }

    /** {@return whether one more may come in at this moment} Each that may is {@link #leave left} again. */
    boolean enter() {
        return !closed && atOnce.tryAcquire();
    }

    void leave() {
        atOnce.release();
    }

    /** {@return whether one more may come in this minute} */
    synchronized boolean isInTime() {
        return allowance.take(1, System.nanoTime());
    }

    /** Hands a request to the driver and waits for its answer; {@return 503 when it has no time, 504 when it says nothing}. */
    Answer deliver(String method, String path, Map<String, String> headers, byte[] body) throws InterruptedException {
        CompletableFuture<Answer> answered = new CompletableFuture<>();
        if (closed || !waiting.offer(new Delivery(method, path, headers, body, answered))) {
            return Answer.of(503);
        }
        if (closed) {
            refuseAll();
        }
        announce();
        try {
            return answered.get(timeMs(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Whoever comes first counts; the driver is told when it was too late.
            answered.complete(Answer.of(504));
            return answered.join();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("an answer is never a failure", impossible);
        }
    }

    boolean isClosed() {
        return closed;
    }

    // ---- the driver's side ----

    @Override
    public URI address() {
        return address;
    }

    @Override
    public Optional<Request> next(int waitMs) throws DriverException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (true) {
            if (closed) {
                throw new DriverException(Kind.CLOSED, "The endpoint has been closed.");
            }
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            Delivery next = waiting.poll(Math.max(0, Math.min(LOOK_MS, leftMs)), TimeUnit.MILLISECONDS);
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
        // Looked at afterwards: what comes between is announced there.
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
        refuseAll();
        announce();
        onClose.run();
    }

    private void refuseAll() {
        for (Delivery each = waiting.poll(); each != null; each = waiting.poll()) {
            each.answered().complete(Answer.of(503));
        }
    }
}
