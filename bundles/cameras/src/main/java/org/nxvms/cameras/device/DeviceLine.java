// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.cameras.drivers.Fence;
import org.nxvms.cameras.drivers.Places;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session through which one camera's control functions are used: opened when needed, kept for the next call, one call at
 * a time. A driver that does not return in time keeps the turn until it does, so that there are never two calls at once.
 */
final class DeviceLine {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceLine.class);

    /** What a driver is told for each call. */
    static final int TIMEOUT_MS = 5_000;

    /**
     * How long a caller waits.
     *
     * @param turnMs for the turn
     * @param talkMs for open, and a question with its answer
     */
    record Limits(int turnMs, int talkMs) {
        static final Limits USUAL = new Limits(4_000, 3 * TIMEOUT_MS + 500);
    }

    /** Cameras lock accounts after 3 to 5 tries in some minutes, and other parts of the server try too. */
    static final int REFUSED_MS = 120_000;

    /** Each waits on a thread of its caller. */
    private static final int WAITING_MAX = 4;

    private static final int STOPS_WAITING_MAX = 2;

    /** Who gives way to whom. */
    enum Manner {
        /** Does not wait: who looks often must not keep those away who act. */
        LOOK,
        /** Waits for its turn, with a few others. */
        COMMAND,
        /** Has a place to wait of its own. */
        STOP
    }

    /** Said to an open session. */
    @FunctionalInterface
    interface Talk<R> {
        R with(CameraSession session) throws DriverException;
    }

    /** A login that was refused, through which registration of a driver; holds no driver, for it outlives them. */
    private record Refusal(long serviceId, int targetHash, long atMs) {}

    /** An open session, and what it was opened with. */
    private record Open(ShelvedDriver driver, DeviceTarget target, CameraSession session) {}

    private final UUID camera;
    private final Executor pool;
    private final Places places;
    private final Timer timer;
    private final Limits limits;
    private final Semaphore turn = new Semaphore(1, true);
    private final AtomicInteger waiting = new AtomicInteger();
    /** Written by who has the turn. */
    private volatile Optional<Open> open = Optional.empty();
    /** What the device refused to let in; guarded by the turn. */
    private Optional<Refusal> refusal = Optional.empty();

    private volatile long usedMs;
    private volatile boolean closed;

    DeviceLine(UUID camera, Executor pool, Places places, Timer timer, Limits limits) {
        this.camera = camera;
        this.pool = pool;
        this.places = places;
        this.timer = timer;
        this.limits = limits;
    }

    /** Waits for the turn, opens a session where there is none with this driver and target, and talks. */
    <R> R talk(ShelvedDriver driver, DeviceTarget target, Talk<R> talk) throws DriverException {
        return talk(driver, target, Manner.COMMAND, talk);
    }

    <R> R talk(ShelvedDriver driver, DeviceTarget target, Manner manner, Talk<R> talk) throws DriverException {
        takeTurn(manner);
        Places.Place place;
        try {
            place = takePlace(driver);
        } catch (DriverException none) {
            turn.release();
            throw none;
        }
        FutureTask<R> task = new FutureTask<>(() -> Fence.around(driver, () -> talkNow(driver, target, talk)));
        CountDownLatch free = new CountDownLatch(1);
        try {
            pool.execute(() -> {
                try {
                    task.run();
                    if (task.isCancelled() || closed) {
                        // Nobody knows in which state it left the session; its farewell shall not be interrupted.
                        Thread.interrupted();
                        closeNow();
                    }
                } finally {
                    usedMs = timer.monotonicMs();
                    place.free();
                    turn.release();
                    free.countDown();
                }
            });
        } catch (RejectedExecutionException e) {
            place.free();
            turn.release();
            throw new DriverException(Kind.BUSY, "The server is stopping or talks to too many cameras; try again.");
        }
        return await(task, free, driver, place);
    }

    private Places.Place takePlace(ShelvedDriver driver) throws DriverException {
        return places.take(driver, camera)
                .orElseThrow(() -> new DriverException(
                        Kind.BUSY,
                        places.isShut(driver)
                                ? "The driver " + driver.label() + " does not return from what it was asked of many"
                                        + " cameras. Nothing more is asked of it until it does; install another version"
                                        + " of it, or restart the server."
                                : "The server talks to too many cameras at the moment; try again."));
    }

    private void takeTurn(Manner manner) throws DriverException {
        int waitingMax = manner == Manner.STOP ? WAITING_MAX + STOPS_WAITING_MAX : WAITING_MAX;
        int turnMs = manner == Manner.LOOK ? 0 : limits.turnMs();
        try {
            if (waiting.incrementAndGet() > waitingMax || !turn.tryAcquire(turnMs, TimeUnit.MILLISECONDS)) {
                throw new DriverException(
                        Kind.BUSY,
                        "The camera is still busy with what it was asked before; try again in some seconds.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.BUSY, "The server is stopping.");
        } finally {
            waiting.decrementAndGet();
        }
    }

    /**
     * Waits for the answer, which is given when turn and place are free: who has it may look at once what has become of what
     * it said, and must not be told that the camera is busy with that.
     */
    private <R> R await(FutureTask<R> task, CountDownLatch free, ShelvedDriver driver, Places.Place place)
            throws DriverException {
        try {
            if (!free.await(limits.talkMs(), TimeUnit.MILLISECONDS) && task.cancel(true)) {
                place.overdue();
                throw new DriverException(
                        Kind.UNREACHABLE,
                        "The camera did not answer the driver " + driver.label() + " in time. Check whether it is on.");
            }
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DriverException cause) {
                throw cause;
            }
            throw new DriverException(Kind.CLOSED, "The conversation with the camera was ended.", e.getCause());
        } catch (InterruptedException e) {
            task.cancel(true);
            place.overdue();
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.BUSY, "The server is stopping.");
        }
    }

    private <R> R talkNow(ShelvedDriver driver, DeviceTarget target, Talk<R> talk) throws DriverException {
        boolean kept = open.filter(now -> now.driver() == driver && now.target().equals(target))
                .isPresent();
        try {
            return talk.with(session(driver, target, kept));
        } catch (DriverException e) {
            if (!kept || e.kind() != Kind.CLOSED) {
                ended(e, driver, target);
                throw e;
            }
            // A device that restarted, or let the session run out, has forgotten it; nothing was done.
            return talkAnew(driver, target, talk);
        } catch (RuntimeException | Error e) {
            closeNow();
            throw e;
        }
    }

    private <R> R talkAnew(ShelvedDriver driver, DeviceTarget target, Talk<R> talk) throws DriverException {
        try {
            return talk.with(session(driver, target, false));
        } catch (DriverException e) {
            ended(e, driver, target);
            throw e;
        }
    }

    private CameraSession session(ShelvedDriver driver, DeviceTarget target, boolean kept) throws DriverException {
        if (!kept) {
            closeNow();
            checkNotRefused(driver, target);
            open = Optional.of(new Open(driver, target, Fence.open(driver, target)));
            refusal = Optional.empty();
        }
        return open.orElseThrow().session();
    }

    private void checkNotRefused(ShelvedDriver driver, DeviceTarget target) throws DriverException {
        if (isRefused(driver, target)) {
            throw new DriverException(
                    Kind.AUTH,
                    "The camera refused user name and password a moment ago. So that it locks nobody out it is not asked"
                            + " again for two minutes; enter them anew.");
        }
    }

    private boolean isRefused(ShelvedDriver driver, DeviceTarget target) {
        return refusal.filter(last -> last.serviceId() == driver.serviceId() && last.targetHash() == target.hashCode())
                .filter(last -> timer.monotonicMs() - last.atMs() < REFUSED_MS)
                .isPresent();
    }

    private void ended(DriverException why, ShelvedDriver driver, DeviceTarget target) {
        if (why.kind() == Kind.AUTH && !isRefused(driver, target)) {
            refusal = Optional.of(new Refusal(driver.serviceId(), target.hashCode(), timer.monotonicMs()));
        }
        closeUnlessOfTheRequest(why.kind());
    }

    private void closeUnlessOfTheRequest(Kind kind) {
        if (kind != Kind.CONFIG && kind != Kind.UNSUPPORTED && kind != Kind.BUSY && kind != Kind.NOT_FOUND) {
            closeNow();
        }
    }

    private void closeNow() {
        Optional<Open> was = open;
        open = Optional.empty();
        was.ifPresent(now -> Fence.close(now.driver(), now.session()));
    }

    /** {@return how many wait for their turn} */
    int waiting() {
        return waiting.get();
    }

    boolean isOpen() {
        return open.isPresent();
    }

    /** {@return whether nothing is open and nobody talks} */
    boolean isFree() {
        return !isOpen() && waiting.get() == 0 && turn.availablePermits() > 0;
    }

    /** {@return the driver through which a session is open} */
    Optional<ShelvedDriver> driver() {
        return open.map(Open::driver);
    }

    /** {@return whether a session is open through this driver} */
    boolean uses(ShelvedDriver driver) {
        return open.filter(now -> now.driver() == driver).isPresent();
    }

    long idleMs() {
        return timer.monotonicMs() - usedMs;
    }

    /**
     * Lets no session stay open after the call that runs, if one does.
     *
     * @param last said to the open session before
     */
    void end(Talk<Boolean> last) {
        closed = true;
        if (isOpen() && turn.tryAcquire()) {
            release(() -> {
                Optional<Open> now = open;
                if (now.isPresent()) {
                    sayLast(now.get(), last);
                }
                closeNow();
            });
        }
    }

    private static void sayLast(Open now, Talk<Boolean> last) {
        try {
            Fence.around(now.driver(), () -> last.with(now.session()));
        } catch (DriverException e) {
            LOG.warn("The last word to a camera was not taken: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the session unless a call is under way; does not wait. */
    void closeSoon() {
        if (isOpen() && turn.tryAcquire()) {
            release(this::closeNow);
        }
    }

    /** Does something with the turn that was taken, and gives it back. */
    private void release(Runnable task) {
        Optional<Places.Place> place = open.flatMap(now -> places.take(now.driver(), camera));
        if (place.isEmpty()) {
            // Looked at again with the next tick.
            turn.release();
            return;
        }
        FutureTask<Boolean> last = new FutureTask<>(task, true);
        try {
            pool.execute(() -> {
                try {
                    last.run();
                } finally {
                    place.get().free();
                    turn.release();
                }
            });
        } catch (RejectedExecutionException e) {
            // Looked at again with the next tick; after the last one the driver's bundle has it to itself.
            place.get().free();
            turn.release();
            return;
        }
        timer.postAfter(limits.talkMs(), () -> {
            if (last.cancel(true)) {
                place.get().overdue();
            }
        });
    }
}
