// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** A body of any length, taken from the network as it is read. Written by the client's threads, read by one other. */
public final class StreamBody implements BodySubscriber<StreamBody>, AutoCloseable {
    private final String contentType;
    private final Queue<ByteBuffer> parts = new ArrayDeque<>();
    private Flow.Subscription subscription;
    private boolean asked;
    private boolean whole;
    private boolean closed;
    private boolean broken;

    public StreamBody(String contentType) {
        this.contentType = contentType;
    }

    public String contentType() {
        return contentType;
    }

    /** At once: reading begins while it still comes. */
    @Override
    public CompletionStage<StreamBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        }
        notifyAll();
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> more) {
        asked = false;
        parts.addAll(more);
        notifyAll();
    }

    @Override
    public synchronized void onError(Throwable cause) {
        broken = true;
        notifyAll();
    }

    @Override
    public synchronized void onComplete() {
        whole = true;
        notifyAll();
    }

    /**
     * Reads on.
     *
     * @param waitMs for the camera
     * @return how many bytes were read; -1 at the end
     */
    public synchronized int read(ByteBuffer into, long waitMs) throws DriverException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (true) {
            while (!parts.isEmpty() && !parts.peek().hasRemaining()) {
                parts.remove();
            }
            if (closed) {
                throw new DriverException(Kind.CLOSED, "The download has been closed.");
            }
            if (!parts.isEmpty()) {
                return take(parts.peek(), into);
            }
            if (whole) {
                return -1;
            }
            if (broken) {
                throw new DriverException(Kind.UNREACHABLE, "The camera broke the download off.");
            }
            if (subscription != null && !asked) {
                asked = true;
                subscription.request(1);
            }
            // The client may have answered within the request.
            if (parts.isEmpty() && !whole && !broken) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (leftMs <= 0) {
                    throw new DriverException(
                            Kind.UNREACHABLE, "The camera sends nothing more of the download for " + waitMs + " ms.");
                }
                wait(leftMs);
            }
        }
    }

    private static int take(ByteBuffer part, ByteBuffer into) {
        int count = Math.min(part.remaining(), into.remaining());
        ByteBuffer some = part.slice(part.position(), count);
        into.put(some);
        part.position(part.position() + count);
        return count;
    }

    @Override
    public synchronized void close() {
        closed = true;
        parts.clear();
        if (subscription != null && !whole && !broken) {
            subscription.cancel();
        }
        notifyAll();
    }
}
