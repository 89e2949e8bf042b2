// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.StillOrder;
import org.nxvms.media.worker.wire.WireException;

/**
 * The child that makes everybody's stills, one at a time: started at the first, ended when nobody asked for a while. A picture
 * that kills it costs its asker that picture; after several losses in a row it rests before the next start.
 */
final class StillProcess {
    private static final int WAITING_MAX = 16;
    private static final long REST_FIRST_MS = 500;
    private static final long REST_MS_MAX = 30_000;
    private static final int JPEG_BYTES_MIN = 4;

    private final Function<Child.Handler, Child> factory;
    private final Semaphore turn = new Semaphore(1, true);

    /** Written by who has the turn. */
    private volatile Run run;

    private boolean closed;
    private int losses;
    private long restUntilNs = System.nanoTime();
    private int numbers;
    private volatile long lastUseNs = System.nanoTime();

    StillProcess(Function<Child.Handler, Child> factory) {
        this.factory = factory;
    }

    /** One life of the child. */
    private static final class Run implements Child.Handler {
        private final CompletableFuture<FrameWriter> orders = new CompletableFuture<>();
        private volatile Child child;
        private volatile int wanted;
        private volatile CompletableFuture<byte[]> answer = new CompletableFuture<>();
        private volatile boolean over;

        @Override
        public void ready(FrameWriter writer) {
            orders.complete(writer);
        }

        @Override
        public void frame(int type, ByteBuffer body) throws IOException {
            int number = Body.number(body);
            if (number != wanted) {
                // Asked by somebody who did not wait.
                return;
            }
            if (type == FrameType.STILL && body.remaining() >= JPEG_BYTES_MIN) {
                byte[] jpeg = new byte[body.remaining()];
                body.get(jpeg);
                answer.complete(jpeg);
            } else if (type == FrameType.NO_STILL) {
                answer.completeExceptionally(new DriverException(Kind.UNSUPPORTED, Body.text(body)));
            } else {
                throw new WireException("frame " + type + " for a still");
            }
        }

        @Override
        public void gone(Loss loss) {
            over = true;
            DriverException why = new DriverException(
                    Kind.BUSY, loss.asked() ? "the server is stopping" : "the picture was given up: " + loss.detail());
            orders.completeExceptionally(why);
            answer.completeExceptionally(why);
        }
    }

    /**
     * Blocks.
     *
     * @param order makes the order from its number
     * @param more what follows it
     */
    byte[] make(Function<Integer, StillOrder> order, List<StillOrder.Picture> more, long timeoutMs)
            throws DriverException {
        long deadlineNs = System.nanoTime() + timeoutMs * 1_000_000;
        try {
            if (turn.getQueueLength() >= WAITING_MAX || !turn.tryAcquire(timeoutMs, TimeUnit.MILLISECONDS)) {
                throw new DriverException(Kind.BUSY, "too many stills are being made at the moment; try again");
            }
            try {
                return makeNow(order, more, deadlineNs);
            } finally {
                lastUseNs = System.nanoTime();
                turn.release();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.CLOSED, "the still was not waited for", stop);
        }
    }

    private byte[] makeNow(Function<Integer, StillOrder> order, List<StillOrder.Picture> more, long deadlineNs)
            throws DriverException, InterruptedException {
        Run now = living();
        int number = ++numbers;
        now.answer = new CompletableFuture<>();
        now.wanted = number;
        try {
            FrameWriter orders = now.orders.get(left(deadlineNs), TimeUnit.MILLISECONDS);
            orders.write(FrameType.DECODE, order.apply(number).toBytes());
            for (StillOrder.Picture picture : more) {
                orders.write(FrameType.PICTURE, picture.toBytes());
            }
            byte[] jpeg = now.answer.get(left(deadlineNs), TimeUnit.MILLISECONDS);
            losses = 0;
            return jpeg;
        } catch (ExecutionException failed) {
            if (now.over) {
                lost();
            }
            throw failed.getCause() instanceof DriverException why ? why : new DriverException(Kind.BUSY, "no still");
        } catch (IOException | TimeoutException slow) {
            // Also so that the next asker does not wait behind this picture.
            now.child.close();
            lost();
            throw new DriverException(Kind.BUSY, "the still was not made in time; try again", slow);
        }
    }

    private static long left(long deadlineNs) {
        return Math.max(1, (deadlineNs - System.nanoTime()) / 1_000_000);
    }

    private Run living() throws DriverException {
        if (run == null || run.over) {
            if (System.nanoTime() - restUntilNs < 0) {
                throw new DriverException(
                        Kind.BUSY, "the process that makes stills was lost " + losses + " times; it rests for a while");
            }
            begin();
        }
        return run;
    }

    /** Together: what was begun is found by who closes. */
    private synchronized void begin() throws DriverException {
        if (closed) {
            throw new DriverException(Kind.CLOSED, "the media worker is stopping");
        }
        Run fresh = new Run();
        fresh.child = factory.apply(fresh);
        fresh.child.start();
        run = fresh;
    }

    private void lost() {
        run = null;
        losses++;
        long restMs = losses < 2 ? 0 : Math.min(REST_MS_MAX, REST_FIRST_MS << Math.min(10, losses));
        restUntilNs = System.nanoTime() + restMs * 1_000_000;
    }

    /** Ends the process when nobody asked for so long. */
    void endIfIdle(long idleMs) {
        if (turn.tryAcquire()) {
            try {
                if (run != null && System.nanoTime() - lastUseNs > idleMs * 1_000_000) {
                    run.child.close();
                    run = null;
                }
            } finally {
                turn.release();
            }
        }
    }

    private synchronized Run lastRun() {
        closed = true;
        return run;
    }

    /** Ends the process, also under a picture that is being made, and waits for its end. */
    void close(long timeoutMs) {
        Run now = lastRun();
        if (now != null) {
            now.child.close();
            now.child.await(timeoutMs);
        }
    }
}
