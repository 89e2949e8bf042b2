// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraKnownException;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.camera.SetupBatch;
import org.nxvms.platform.api.camera.SetupBatch.Item;
import org.nxvms.platform.api.camera.SetupBatch.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One batch while it fills; its orders are worked off by several threads, in their order. Any thread. */
final class Batch {
    /** Adds one camera. */
    @FunctionalInterface
    interface Adder {
        CameraSetup.Added add(CameraSetup.Order order)
                throws InvalidCameraException, DriverException, CameraKnownException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

    private final UUID id = UUID.randomUUID();
    private final Instant begun = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Adder adder;
    private final Consumer<Camera> added;
    private final List<Item> items = new ArrayList<>();
    private int next;
    private int left;
    private long revision;

    Batch(List<CameraSetup.Order> orders, Adder adder, Consumer<Camera> added) {
        this.adder = adder;
        this.added = added;
        this.left = orders.size();
        orders.forEach(order ->
                items.add(new Item(order, State.WAITING, Optional.empty(), Optional.empty(), Optional.empty())));
    }

    UUID id() {
        return id;
    }

    /** Works off orders until none waits. */
    void work() {
        for (Optional<Integer> mine = take(); mine.isPresent(); mine = take()) {
            done(mine.get(), worked(order(mine.get())));
        }
    }

    /** Throws nothing: whatever becomes of one camera, the others are tried, and the batch comes to its end. */
    private Item worked(CameraSetup.Order order) {
        CameraSetup.Added done;
        try {
            done = adder.add(order);
        } catch (CameraKnownException known) {
            return new Item(order, State.KNOWN, Optional.of(known.camera()), Optional.empty(), Optional.empty());
        } catch (InvalidCameraException | DriverException e) {
            return failed(order, e);
        } catch (RuntimeException e) {
            // As many cameras as there may be, or a database that is away: it says so.
            return failed(
                    order,
                    new DriverException(
                            Kind.BUSY,
                            Optional.ofNullable(e.getMessage()).orElse("The server could not add the camera.")));
        } catch (Error e) {
            // Classes of a driver that do not fit, say.
            LOG.error("A camera could not be added by an error of the server or of a driver", e);
            return failed(
                    order,
                    new DriverException(
                            Kind.BUSY, "The server could not add the camera by an error of its own; its log has it."));
        }
        tell(done.camera());
        return new Item(
                order, State.ADDED, Optional.of(done.camera().id()), Optional.of(done.report()), Optional.empty());
    }

    /** It was added, whoever is told of it. */
    private void tell(Camera camera) {
        try {
            added.accept(camera);
        } catch (RuntimeException e) {
            LOG.error("Camera {} was added, which could not be told", camera.id(), e);
        }
    }

    private static Item failed(CameraSetup.Order order, Exception why) {
        return new Item(order, State.FAILED, Optional.empty(), Optional.empty(), Optional.of(why));
    }

    private synchronized Optional<Integer> take() {
        if (next >= items.size()) {
            return Optional.empty();
        }
        items.set(
                next,
                new Item(items.get(next).order(), State.RUNNING, Optional.empty(), Optional.empty(), Optional.empty()));
        changed();
        return Optional.of(next++);
    }

    private synchronized CameraSetup.Order order(int at) {
        return items.get(at).order();
    }

    private synchronized void done(int at, Item item) {
        // The password has done its work.
        items.set(
                at,
                new Item(withoutPassword(item.order()), item.state(), item.camera(), item.report(), item.failure()));
        left--;
        changed();
    }

    private static CameraSetup.Order withoutPassword(CameraSetup.Order order) {
        return new CameraSetup.Order(
                order.address(),
                order.driver(),
                order.name(),
                order.username(),
                Optional.empty(),
                order.group(),
                order.recording());
    }

    /** Nobody works: what waits is given up. */
    synchronized void giveUp() {
        DriverException why = new DriverException(Kind.BUSY, "Nobody had time for it; it was given up.");
        items.replaceAll(item -> failed(withoutPassword(item.order()), why));
        next = items.size();
        left = 0;
        changed();
    }

    private void changed() {
        revision++;
        notifyAll();
    }

    synchronized boolean runs() {
        return left > 0;
    }

    /** Waits until something has changed since a revision, the batch is over, or the time is. */
    synchronized void await(long since, int timeoutMs) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        long leftNano = end - System.nanoTime();
        while (revision <= since && left > 0 && leftNano > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, leftNano);
            leftNano = end - System.nanoTime();
        }
    }

    synchronized SetupBatch report() {
        return new SetupBatch(id, begun, revision, left > 0, items);
    }
}
