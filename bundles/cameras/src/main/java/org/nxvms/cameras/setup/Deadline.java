// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.CameraDraft;

/** What is tried on a device, on threads of a pool, until a moment. */
final class Deadline {
    private final ExecutorService pool;
    private final long beginNano;
    private final long endNano;

    private Deadline(ExecutorService pool, long beginNano, long endNano) {
        this.pool = pool;
        this.beginNano = beginNano;
        this.endNano = endNano;
    }

    static Deadline in(ExecutorService pool, int ms) {
        long now = System.nanoTime();
        return new Deadline(pool, now, now + TimeUnit.MILLISECONDS.toNanos(ms));
    }

    /** {@return one that ends earlier, where this one does not} */
    Deadline within(int ms) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        return new Deadline(pool, beginNano, end - endNano < 0 ? end : endNano);
    }

    int sinceMs() {
        return (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNano);
    }

    int leftMs() {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNano - System.nanoTime()));
    }

    <T> Future<T> submit(Callable<T> work) throws DriverException {
        try {
            return pool.submit(work);
        } catch (RejectedExecutionException e) {
            throw new DriverException(Kind.BUSY, "The server is stopping or fully busy; try again in a few seconds.");
        }
    }

    /** @param late what to say when the time is over; the work is ended then */
    <T> T await(Future<T> work, String late) throws DriverException {
        return await(work, Kind.UNREACHABLE, late);
    }

    /** As {@link #await(Future, String)}. @param kind of the failure when the time is over */
    <T> T await(Future<T> work, Kind kind, String late) throws DriverException {
        try {
            return work.get(leftMs(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DriverException cause) {
                throw cause;
            }
            throw new DriverException(
                    Kind.PROTOCOL,
                    "It failed with an internal error ("
                            + Optional.ofNullable(e.getCause())
                                    .map(cause -> cause.getClass().getSimpleName())
                                    .orElse("unknown")
                            + "); the server's log has the details.",
                    e.getCause());
        } catch (TimeoutException e) {
            work.cancel(true);
            throw new DriverException(kind, late, e);
        } catch (InterruptedException e) {
            work.cancel(true);
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.BUSY, "The server is stopping; it was given up.", e);
        }
    }

    static DeviceTarget target(CameraDraft draft, int timeoutMs) {
        return new DeviceTarget(
                draft.address(),
                draft.subAddress(),
                draft.username()
                        .map(name -> new Credentials(name, draft.password().orElse(""))),
                draft.settings(),
                timeoutMs);
    }
}
