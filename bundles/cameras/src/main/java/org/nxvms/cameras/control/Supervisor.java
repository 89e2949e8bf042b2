// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.nxvms.cameras.book.CameraBook;
import org.nxvms.cameras.device.Listening;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.cameras.moved.KnownDevices;
import org.nxvms.cameras.recording.RecordingPlans;
import org.nxvms.cameras.recording.RequestStore;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.recording.Recorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps ingest and recorder wishing for what the cameras' configuration asks.
 *
 * <p>A camera starts from its remembered endpoints at once; meanwhile its driver is asked whether they
 * still hold. Only a different endpoint touches a running session. A driver that goes, fails or is
 * replaced changes nothing until it names a different endpoint. Nothing is released when this bundle
 * stops: the wishes go on, and its next instance says them again.
 */
public final class Supervisor implements CameraBook.Listener {
    /** Rates, due contacts and unsaved endpoints are looked at this often. */
    static final int TICK_MS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final int STORE_RETRY_MS = 2_000;
    private static final int MINUTE_MS = 60_000;

    private final ControlLoop loop;
    private final DriverShelf shelf;
    private final Listening listening;
    private final KnownDevices known;
    private final IngestRouter ingests = new IngestRouter();
    private final RateMeter rates = new RateMeter();
    private final RecordingPlans plans;
    private final Wishes wishes;
    private final EndpointMemory memory;
    private final ScarcePlaces places;
    private final Inquiry inquiry;
    private final StatusComposer composer;
    private final Rollouts rollouts;
    /** Written by the control thread. */
    private final Map<UUID, Supervised> cameras = new ConcurrentHashMap<>();

    private volatile CameraBook book;
    private volatile StreamHub hub;
    private volatile Recorder recorder;
    private volatile boolean closed;
    /** Control thread: whether {@link #cameras} is all there is, so that other wishes are strays. */
    private boolean complete;

    /**
     * @param contacts runs contacts with devices, which block
     * @param random for jitter
     */
    public Supervisor(
            ControlLoop loop, Devices devices, ContactQueue contacts, RandomGenerator random, RequestStore requests) {
        this.plans = new RecordingPlans(loop::now, requests);
        this.loop = loop;
        this.shelf = devices.shelf();
        this.listening = devices.listening();
        this.known = devices.known();
        this.wishes =
                new Wishes(loop, ingests, () -> recorder, () -> hub, id -> Optional.ofNullable(cameras.get(id)), plans);
        this.places = new ScarcePlaces(ingests, wishes);
        this.memory = new EndpointMemory(loop, devices.secrets(), () -> book);
        this.inquiry = new Inquiry(
                loop,
                new Contacts(loop, contacts),
                devices,
                random,
                new Inquiry.Outcome(ingests, wishes, memory),
                camera -> cameras.get(camera.id) == camera);
        Fitness fitness = new Fitness(wishes, listening, () -> hub);
        this.rollouts = new Rollouts(
                loop,
                shelf,
                new Rollouts.Fleet(cameras, inquiry, fitness),
                devices.publisher(),
                devices.chosenVersions());
        this.composer = new StatusComposer(loop, ingests, rates, shelf, () -> recorder, () -> hub);
    }

    /** Begins to tick. */
    public void start(CameraBook cameraBook) {
        book = cameraBook;
        loop.postAfter(TICK_MS, this::tick);
        loop.postAfter(toNextMinuteMs(), this::minute);
    }

    /** Stops asking and wishing; running sessions and recordings go on. */
    public void close() {
        closed = true;
        inquiry.close();
        listening.close();
    }

    // ---- what comes and goes; any thread ----

    public void hub(StreamHub now) {
        hub = now;
    }

    public void hubGone(StreamHub gone) {
        if (hub == gone) {
            hub = null;
        }
    }

    public void storeAppeared() {
        book.load(() -> loop.postAfter(STORE_RETRY_MS, () -> {
            if (!closed) {
                storeAppeared();
            }
        }));
        // Endpoints found while the store was away.
        loop.post(() -> cameras.values().forEach(memory::keep));
    }

    public void vaultAppeared() {
        loop.post(() -> cameras.values().forEach(camera -> {
            if (memory.recall(camera)) {
                wishes.settle(camera);
            }
            memory.keep(camera);
            inquiry.ask(camera);
        }));
    }

    /** A driver is here; its cameras are asked again through it if it is the one that serves. */
    public void driverAdded(ShelvedDriver driver) {
        loop.post(() -> {
            String id = driver.info().id();
            if (shelf.serving(id).filter(driver::equals).isPresent()) {
                LOG.info("Driver {} from {} serves its cameras now", driver.label(), driver.bundle());
                askAllOf(id);
            } else {
                LOG.info("Driver {} from {} is here; another version serves", driver.label(), driver.bundle());
            }
            rollouts.added(id);
        });
    }

    public void driverRemoved(ShelvedDriver driver) {
        listening.driverGone(driver);
        loop.post(() -> {
            String id = driver.info().id();
            if (shelf.serving(id).isPresent()) {
                askAllOf(id);
            } else {
                LOG.info("Driver {} is gone; its cameras go on with their last known streams", driver.label());
                // What a contact through it says that ends now counts for nothing.
                camerasOf(id).forEach(camera -> camera.generation++);
            }
            rollouts.removed(id, driver.version());
        });
    }

    public void ingestAdded(long serviceId, Set<String> schemes, StreamIngest ingest) {
        ingests.add(serviceId, schemes, ingest);
        loop.post(this::settleAll);
    }

    public void ingestRemoved(long serviceId) {
        ingests.remove(serviceId);
    }

    public void recorder(Recorder now) {
        recorder = now;
        loop.post(this::settleAll);
    }

    public void recorderGone(Recorder gone) {
        if (recorder == gone) {
            recorder = null;
        }
    }

    // ---- what is recorded when; any thread ----

    /** Event and manual recordings that ran before this bundle was started; to be called before the book is read. */
    public void resume(Map<UUID, RequestStore.Kept> kept) {
        loop.post(() -> plans.resume(kept));
    }

    public void event(Event event) {
        loop.post(() -> event.cameraId()
                .map(cameras::get)
                .filter(camera -> plans.event(camera.camera(), event))
                .ifPresent(wishes::replan));
    }

    /** Of the events that last, only these still do. */
    public void eventsLasting(Collection<UUID> events) {
        loop.post(() -> {
            plans.lastOnly(events);
            cameras.values().forEach(wishes::replan);
        });
    }

    /** @param durationUs empty: until it is stopped */
    public void startRecording(UUID id, Set<StreamRole> roles, OptionalLong durationUs) {
        loop.post(() -> {
            plans.start(id, roles, durationUs);
            Optional.ofNullable(cameras.get(id)).ifPresent(wishes::replan);
        });
    }

    public void stopRecording(UUID id) {
        loop.post(() -> {
            plans.stop(id);
            Optional.ofNullable(cameras.get(id)).ifPresent(wishes::replan);
        });
    }

    /** {@return how a camera fares; empty when it is not supervised yet} */
    public Optional<CameraStatus> status(UUID id) {
        return Optional.ofNullable(cameras.get(id)).map(composer::compose);
    }

    /** {@return how a camera fares} */
    public CameraStatus status(Camera camera) {
        return status(camera.id()).orElseGet(() -> composer.starting(camera));
    }

    /** {@return who fetches streams of an address now} */
    public Function<URI, Optional<StreamIngest>> ingests() {
        return ingests::forUri;
    }

    /** {@return a tester of configurations that uses the drivers and ingests of now} */
    public CameraProbe probe(ExecutorService pool) {
        return probe(pool, CameraProbe.TOTAL_MS_MAX);
    }

    CameraProbe probe(ExecutorService pool, int totalMs) {
        return new CameraProbe(shelf, ingests, pool, totalMs);
    }

    /** {@return which version of a driver serves, and how cameras are moved to another} */
    public Rollouts rollouts() {
        return rollouts;
    }

    // ---- what the book tells; posted to the control thread ----

    @Override
    public void loaded(List<StoredCamera> all) {
        loop.post(() -> {
            Set<UUID> ids = new HashSet<>();
            for (StoredCamera stored : all) {
                ids.add(stored.camera().id());
                apply(stored);
            }
            for (Supervised camera : List.copyOf(cameras.values())) {
                if (!ids.contains(camera.id)) {
                    drop(camera);
                }
            }
            complete = true;
            wishes.releaseStrays();
        });
    }

    @Override
    public void changed(StoredCamera stored) {
        loop.post(() -> apply(stored));
    }

    @Override
    public void removed(Camera camera) {
        loop.post(() -> Optional.ofNullable(cameras.get(camera.id())).ifPresent(this::drop));
    }

    // ---- the control thread ----

    private void apply(StoredCamera stored) {
        UUID id = stored.camera().id();
        Supervised camera = cameras.get(id);
        StoredCamera before = camera == null ? null : camera.stored;
        if (before != null && before.camera().version() > stored.camera().version()) {
            return;
        }
        if (camera == null) {
            camera = new Supervised(id);
            camera.stored = stored;
            cameras.put(id, camera);
            memory.recall(camera);
        } else {
            camera.stored = stored;
        }
        boolean reached = before != null && sameContact(before, stored);
        if (!reached) {
            camera.generation++;
            camera.failures = 0;
            camera.trouble = null;
            listening.stop(id);
            camera.stale |= before != null && !CameraBook.sameDevice(before.camera(), stored.camera());
        }
        wishes.settle(camera);
        if (!reached) {
            inquiry.ask(camera);
        }
        composer.look(camera);
    }

    /** {@return whether a driver asked with the one configuration would be asked the same with the other} */
    private static boolean sameContact(StoredCamera a, StoredCamera b) {
        return CameraBook.sameDevice(a.camera(), b.camera())
                && a.camera().enabled() == b.camera().enabled()
                && a.camera().username().equals(b.camera().username())
                && a.sealedPassword().equals(b.sealedPassword())
                && a.camera().settings().equals(b.camera().settings());
    }

    private void drop(Supervised camera) {
        cameras.remove(camera.id);
        camera.generation++;
        listening.stop(camera.id);
        wishes.forget(camera.id);
        plans.forget(camera.id);
        known.forget(camera.id);
        LOG.info("Camera {} is removed; its footage stays until retention removes it", camera.id);
    }

    private void settleAll() {
        cameras.values().forEach(wishes::settle);
        if (complete) {
            wishes.releaseStrays();
        }
    }

    private void askAllOf(String driver) {
        camerasOf(driver).forEach(inquiry::askAnew);
    }

    private List<Supervised> camerasOf(String driver) {
        return cameras.values().stream()
                .filter(camera -> camera.camera().driver().equals(driver))
                .toList();
    }

    private void tick() {
        if (closed) {
            return;
        }
        loop.postAfter(TICK_MS, this::tick);
        long now = loop.monotonicMs();
        StreamHub hubNow = hub;
        if (hubNow != null) {
            rates.sample(hubNow.statistics(), now);
        }
        for (Supervised camera : cameras.values()) {
            wishes.replan(camera);
            memory.keep(camera);
            places.tick(camera, now);
            inquiry.tick(camera, now);
            composer.look(camera);
        }
        listening.tick(now, shelf.all()::contains);
        rollouts.tick(now);
    }

    /** Schedules change at full minutes. */
    private void minute() {
        if (!closed) {
            cameras.values().forEach(wishes::replan);
            loop.postAfter(toNextMinuteMs(), this::minute);
        }
    }

    private long toNextMinuteMs() {
        return MINUTE_MS - Math.floorMod(loop.now().toEpochMilli(), MINUTE_MS);
    }
}
