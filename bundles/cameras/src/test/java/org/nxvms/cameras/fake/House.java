// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.nxvms.cameras.book.CameraBook;
import org.nxvms.cameras.book.Secrets;
import org.nxvms.cameras.control.ContactQueue;
import org.nxvms.cameras.control.Devices;
import org.nxvms.cameras.control.Supervisor;
import org.nxvms.cameras.device.DeviceControl;
import org.nxvms.cameras.device.DeviceErrands;
import org.nxvms.cameras.device.Listening;
import org.nxvms.cameras.device.Reach;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.Places;
import org.nxvms.cameras.moved.KnownDevices;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.test.kit.BindingVault;
import org.osgi.framework.Version;

/** The registry's inside on one thread, with its neighbours as fakes that outlive it. */
public final class House {
    public static final UUID SERVER = UUID.fromString("00000000-0000-4000-8000-000000000001");

    public final VirtualLoop loop;
    public final FakeIngest ingest;
    public final FakeRecorder recorder;
    public final FakeHub hub;
    public final FakeStore store;
    public final BindingVault vault = new BindingVault();
    public final DriverShelf shelf = new DriverShelf(NoNames.door());
    public final Secrets secrets = new Secrets();
    /** In memory: what would be written waits for ever. */
    public final KnownDevices known = new KnownDevices(Path.of("target", "no-known-devices.json"), task -> {});

    public final FakePublisher publisher = new FakePublisher();
    /** What would be on disk, of which version of a driver serves. */
    public Map<String, Version> chosenVersions = Map.of();

    public final Listening listening;
    public final DeviceControl control;
    public final Supervisor supervisor;
    /** Listening waits, so it has real threads. */
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "listens");
        thread.setDaemon(true);
        return thread;
    });

    public final CameraBook book;
    /** What would be on disk. */
    public final FakeRequests requests;

    private final Map<CameraDriver, Long> serviceIds = new HashMap<>();
    private long services;

    public House() {
        this(Runnable::run);
    }

    public House(Executor contactPool) {
        this(
                new VirtualLoop(),
                new FakeIngest(),
                new FakeRecorder(),
                new FakeHub(),
                new FakeStore(),
                contactPool,
                new FakeRequests());
    }

    private House(
            VirtualLoop loop,
            FakeIngest ingest,
            FakeRecorder recorder,
            FakeHub hub,
            FakeStore store,
            Executor contactPool,
            FakeRequests requests) {
        this.requests = requests;
        this.loop = loop;
        this.ingest = ingest;
        this.recorder = recorder;
        this.hub = hub;
        this.store = store;
        this.listening = new Listening(threads, loop, () -> publisher, new SplittableRandom(7));
        Devices devices =
                new Devices(shelf, secrets, listening, () -> publisher, chosen -> chosenVersions = chosen, known);
        this.supervisor = new Supervisor(
                loop,
                devices,
                new ContactQueue(contactPool, new Places(new Places.Bounds(16, 12, 1_000), loop::monotonicMs)),
                new SplittableRandom(7),
                requests);
        this.book = new CameraBook(Clock.systemUTC(), SERVER, secrets, Runnable::run, supervisor);
        Reach reach = new Reach(book::find, secrets, shelf);
        this.control = new DeviceControl(reach, new DeviceErrands(reach, threads, () -> publisher), contactPool, loop);
        supervisor.start(book);
        supervisor.resume(requests.running);
    }

    /** A new registry bundle among the same neighbours, as after an update of the bundle. */
    public House replaced() {
        supervisor.close();
        return new House(loop, ingest, recorder, hub, store, Runnable::run, requests);
    }

    public House withStore() {
        book.store(store);
        supervisor.storeAppeared();
        loop.run();
        return this;
    }

    public House withVault() {
        secrets.vault(vault);
        supervisor.vaultAppeared();
        loop.run();
        return this;
    }

    public House withIngest() {
        supervisor.ingestAdded(100, Set.of("rtsp", "rtsps"), ingest);
        loop.run();
        return this;
    }

    public House withRecorder() {
        supervisor.recorder(recorder);
        loop.run();
        return this;
    }

    public House withHub() {
        supervisor.hub(hub);
        return this;
    }

    public House withAll() {
        return withHub().withIngest().withRecorder().withVault().withStore();
    }

    public House install(CameraDriver driver, String version) {
        serviceIds.put(driver, ++services);
        shelf.add(
                        services,
                        Version.parseVersion(version),
                        "bundle.of." + driver.info().id(),
                        driver)
                .ifPresent(supervisor::driverAdded);
        loop.run();
        return this;
    }

    public House uninstall(CameraDriver driver) {
        shelf.remove(serviceIds.remove(driver)).ifPresent(gone -> {
            control.driverGone(gone);
            supervisor.driverRemoved(gone);
        });
        loop.run();
        return this;
    }

    public Camera add(CameraDraft draft) {
        Camera camera = book.create(draft, Set.of());
        loop.run();
        return camera;
    }

    public Camera change(Camera camera, CameraDraft draft) {
        Camera changed = book.update(camera.id(), Optional.of(camera.version()), draft, Set.of());
        loop.run();
        return changed;
    }

    public CameraStatus status(Camera camera) {
        return supervisor.status(camera.id()).orElseThrow();
    }

    public StreamId main(Camera camera) {
        return StreamId.main(camera.id());
    }

    public static CameraDraft draft(String address) {
        return draft(address, Optional.empty(), true);
    }

    public static CameraDraft draft(String address, Optional<String> subAddress, boolean enabled) {
        return draft(address, subAddress, enabled, RecordingSettings.DEFAULT);
    }

    public static CameraDraft draft(
            String address, Optional<String> subAddress, boolean enabled, RecordingSettings recording) {
        return new CameraDraft(
                "Gate",
                "rtsp",
                URI.create(address),
                subAddress.map(URI::create),
                Optional.of("admin"),
                Optional.of("geheim"),
                enabled,
                Optional.empty(),
                Map.of(),
                recording);
    }
}
