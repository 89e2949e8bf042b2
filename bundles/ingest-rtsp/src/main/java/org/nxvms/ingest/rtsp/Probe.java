// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.StreamFormat;
import org.nxvms.platform.api.ingest.StreamProbe;

/** One try of an endpoint that ends with a verdict within its time, whatever the other side does. */
final class Probe implements IoLoop.Timed, Attempt.Outcome {
    private final IoLoop loop;
    private final Attempt attempt;
    private final long startNs = System.nanoTime();
    private final long timeoutNs;
    private final CompletableFuture<StreamProbe> verdict = new CompletableFuture<>();

    /** Carries a verdict out of the future. */
    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Failure failure;

        Failed(Failure failure) {
            super(failure.detail(), null, false, false);
            this.failure = failure;
        }
    }

    Probe(IoLoop loop, OffLoop offLoop, StreamEndpoint endpoint, long timeoutMs) {
        this.loop = loop;
        this.timeoutNs = timeoutMs * 1_000_000;
        this.attempt = new Attempt(loop, offLoop, Attempt.Wanted.of(endpoint), new ProbeFeed(loop, this::found), this);
    }

    /** Blocks the caller, not the loop. */
    StreamProbe run() throws DriverException {
        loop.execute(() -> {
            loop.addTimed(this);
            attempt.start();
        });
        try {
            // The loop keeps the deadline; the margin is for a loop that is busy or was stopped.
            return verdict.get(timeoutNs + 2_000_000_000L, TimeUnit.NANOSECONDS);
        } catch (ExecutionException ended) {
            Failure failure = ended.getCause() instanceof Failed failed
                    ? failed.failure
                    : Failure.protocol("internal fault: " + ended.getCause());
            throw new DriverException(failure.kind(), failure.detail());
        } catch (TimeoutException stuck) {
            throw new DriverException(DriverException.Kind.BUSY, "the RTSP engine is overloaded; try again");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(DriverException.Kind.CLOSED, "the probe was interrupted", stop);
        } finally {
            loop.execute(this::finish);
        }
    }

    private void found(StreamFormat format) {
        verdict.complete(new StreamProbe(format, (System.nanoTime() - startNs) / 1_000_000));
    }

    private void finish() {
        loop.removeTimed(this);
        attempt.close();
    }

    @Override
    public void tick(long nowNs) {
        loop.hurry();
        if (nowNs - startNs > timeoutNs && !verdict.isDone()) {
            failed(attempt.unfinished());
        } else {
            attempt.tick(nowNs);
        }
    }

    @Override
    public void broke(Throwable fault) {
        failed(Failure.internal(fault));
    }

    @Override
    public void playing() {
        // The verdict waits for a picture.
    }

    @Override
    public void failed(Failure failure) {
        verdict.completeExceptionally(new Failed(failure));
    }
}
