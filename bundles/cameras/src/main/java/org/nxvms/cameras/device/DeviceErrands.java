// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.nxvms.cameras.drivers.Places;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.CameraTalk;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.camera.EdgeMedia;
import org.nxvms.platform.api.event.EventPublisher;

/** What lasts at devices: talks and fetches. Any thread. */
public final class DeviceErrands {
    private static final int FETCHES_MAX = 8;
    private static final int TALKS_MAX = 16;
    /** Threads that are needed at most. */
    public static final int THREADS_MAX = FETCHES_MAX + TALKS_MAX;

    /** Login, and the first answer. */
    private static final int BEGIN_MS_MAX = 2 * Errand.TIMEOUT_MS + 500;

    /** A driver's farewell to the device is a call, too. */
    private static final int LEAVE_MS_MAX = Errand.TIMEOUT_MS;

    private final Reach reach;
    private final Supplier<EventPublisher> publisher;
    private final Errands<EdgeFetch> fetches;
    private final Errands<DeviceTalk> talks;

    /**
     * @param pool refuses what it has no thread for
     * @param publisher answers null while it is away
     */
    public DeviceErrands(Reach reach, Executor pool, Supplier<EventPublisher> publisher) {
        this.reach = reach;
        this.publisher = publisher;
        this.fetches = new Errands<>(FETCHES_MAX, pool);
        this.talks = new Errands<>(TALKS_MAX, pool);
    }

    EdgeMedia fetch(UUID camera, String recording, Instant from, Instant to)
            throws DriverException, DriverMissingException {
        if (!to.isAfter(from)) {
            throw new IllegalArgumentException("to must be after from");
        }
        awaitLeaving(camera);
        EdgeFetch fetch =
                new EdgeFetch(camera, reach.to(camera, Errand.TIMEOUT_MS), new EdgeFetch.Order(recording, from, to));
        fetches.begin(fetch);
        return new EdgeMedia(await(fetch, fetch.begun()), fetch.stream());
    }

    /** Who asks for the next fetch as soon as the last one was given up finds the camera free. */
    private void awaitLeaving(UUID camera) throws DriverException {
        Optional<EdgeFetch> leaving = fetches.of(camera).filter(Errand::isStopped);
        try {
            if (leaving.isPresent()) {
                leaving.get().awaitEnd(LEAVE_MS_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.BUSY, "The server is stopping.");
        }
    }

    CameraTalk talk(UUID camera, AudioOut.Format format, String by) throws DriverException, DriverMissingException {
        Optional<String> other = talker(camera);
        if (other.isPresent()) {
            throw new DriverException(Kind.BUSY, other.get() + " talks through the camera; try again later.");
        }
        DeviceTalk talk = new DeviceTalk(camera, reach.to(camera, Errand.TIMEOUT_MS), format, by, publisher);
        talks.begin(talk);
        await(talk, talk.begun());
        return talk;
    }

    Optional<String> talker(UUID camera) {
        return talks.of(camera).map(DeviceTalk::by);
    }

    private static <T> T await(Errand errand, CompletableFuture<T> begun) throws DriverException {
        try {
            return begun.get(BEGIN_MS_MAX, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DriverException cause) {
                throw cause;
            }
            throw new DriverException(Kind.CLOSED, "The conversation with the camera was ended.", e.getCause());
        } catch (TimeoutException e) {
            errand.stop();
            throw new DriverException(
                    Kind.UNREACHABLE, "The camera did not answer its driver in time. Check whether it is on.");
        } catch (InterruptedException e) {
            errand.stop();
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.BUSY, "The server is stopping.");
        }
    }

    void driverGone(ShelvedDriver driver) {
        fetches.driverGone(driver);
        talks.driverGone(driver);
    }

    void look() {
        fetches.look();
        talks.look();
    }

    /** {@return drivers that do not return, one entry a call} */
    List<Places.Hanging> hanging() {
        List<Errand> late = new ArrayList<>(fetches.hanging());
        late.addAll(talks.hanging());
        return late.stream()
                .map(errand -> new Places.Hanging(errand.label().orElse(errand.driver()), 1, List.of(errand.camera())))
                .toList();
    }

    void close() {
        fetches.close();
        talks.close();
    }
}
