// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.nxvms.cameras.book.CameraBook;
import org.nxvms.cameras.book.Intake;
import org.nxvms.cameras.book.Secrets;
import org.nxvms.cameras.control.CameraProbe;
import org.nxvms.cameras.control.ContactQueue;
import org.nxvms.cameras.control.Devices;
import org.nxvms.cameras.control.Supervisor;
import org.nxvms.cameras.control.ThreadLoop;
import org.nxvms.cameras.device.DeviceControl;
import org.nxvms.cameras.device.DeviceErrands;
import org.nxvms.cameras.device.Listening;
import org.nxvms.cameras.device.Reach;
import org.nxvms.cameras.drivers.ChosenVersionsFile;
import org.nxvms.cameras.drivers.DeviceDoor;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.Places;
import org.nxvms.cameras.moved.Following;
import org.nxvms.cameras.moved.KnownDevices;
import org.nxvms.cameras.moved.Proof;
import org.nxvms.cameras.recording.RequestFile;
import org.nxvms.cameras.setup.Setup;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.CameraStore;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.camera.ProbeReport;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSubscriber;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.network.DeviceNetwork;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.security.SecretVault;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The registry's service. Everything it uses may come and go while it runs: the store, the vault, drivers, ingests, the
 * recorder, the hub. It holds no media session, so that replacing it, or any driver, costs no frame.
 */
@Component(
        service = {Cameras.class, CameraRegistry.class, EventSubscriber.class},
        configurationPid = "org.nxvms.cameras",
        configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = Cameras.Settings.class)
public final class Cameras implements CameraRegistry, EventSubscriber {
    /** Settings of {@code etc/org.nxvms.cameras.cfg}. */
    @ObjectClassDefinition(name = "NXvms cameras")
    public @interface Settings {
        @AttributeDefinition(
                name = "Contact threads",
                description = "How many devices are asked for their streams at the same time; of one driver three"
                        + " quarters of them.",
                min = "1",
                max = "64")
        int contactThreadsMax() default 16;
    }

    /** Most return soon after they are interrupted. */
    private static final int HANGS_MS = 10_000;

    private final DriverShelf shelf;
    private final Secrets secrets = new Secrets();
    private final KnownDevices known;
    private final ThreadLoop loop = new ThreadLoop("nxvms-ctl");
    private final ControlThreads threads = new ControlThreads();
    private final Places contactPlaces;
    private final Supervisor supervisor;
    private final CameraBook book;
    private final CameraProbe probe;
    private final ManualRecordings manual;
    private final Setup setup;
    private final DeviceControl control;
    private volatile Optional<Archive> archive = Optional.empty();
    private final Intake intake;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile EventLog eventLog;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile EventPublisher eventPublisher;

    @Activate
    public Cameras(@Reference ServerIdentity server, @Reference DeviceNetwork network, Settings settings) {
        this(server, new DeviceDoor(network::addresses), settings, Setup.Limits.USUAL);
    }

    Cameras(ServerIdentity server, DeviceDoor door, Settings settings, Setup.Limits setupLimits) {
        this.shelf = new DriverShelf(door);
        this.intake = new Intake(shelf, secrets, door, () -> archive);
        int contactsMax = Math.max(1, Math.min(64, settings.contactThreadsMax()));
        this.contactPlaces = new Places(
                new Places.Bounds(contactsMax, Math.max(1, contactsMax * 3 / 4), CameraBook.CAMERAS_MAX),
                loop::monotonicMs);
        RequestFile requests = new RequestFile(server.dataFolder().resolve("recording-requests.json"), threads.book);
        Listening listening = new Listening(threads.event, loop, () -> eventPublisher, new SplittableRandom());
        ChosenVersionsFile versions = new ChosenVersionsFile(server.dataFolder().resolve("driver-versions.json"));
        this.known = new KnownDevices(server.dataFolder().resolve("known-devices.json"), threads.book);
        Devices devices = new Devices(
                shelf,
                secrets,
                listening,
                () -> eventPublisher,
                chosen -> threads.book.execute(() -> versions.write(chosen)),
                known);
        this.supervisor = new Supervisor(
                loop, devices, new ContactQueue(threads.contact, contactPlaces), new SplittableRandom(), requests);
        // On the book's thread, so that it comes before the first camera is read.
        threads.book.execute(() -> supervisor.resume(requests.read()));
        threads.book.execute(() -> versions.read().forEach(shelf::choose));
        threads.book.execute(known::read);
        this.book = new CameraBook(Clock.systemUTC(), server.serverId(), secrets, threads.book, supervisor);
        this.probe = supervisor.probe(threads.probe);
        Reach reach = new Reach(book::find, secrets, shelf);
        this.control = new DeviceControl(
                reach, new DeviceErrands(reach, threads.errand, () -> eventPublisher), threads.control, loop);
        this.manual = new ManualRecordings(supervisor);
        this.setup = new Setup(
                new Setup.Parts(shelf, intake, secrets, book, listening, supervisor.ingests()),
                setupLimits,
                server.dataFolder().resolve("camera-reports"),
                threads.setup);
        supervisor.start(book);
    }

    /** Ends the threads. Nothing is released: ingest and recorder go on with what was wished. */
    @Deactivate
    void deactivate() {
        supervisor.close();
        control.close();
        loop.close();
        threads.close();
    }

    /** Knows the volumes. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindArchive(Archive now) {
        archive = Optional.of(now);
    }

    void unbindArchive(Archive gone) {
        if (archive.filter(now -> now == gone).isPresent()) {
            archive = Optional.empty();
        }
    }

    // ---- CameraRegistry ----

    @Override
    public List<Camera> list() {
        return book.all().stream().map(StoredCamera::camera).toList();
    }

    @Override
    public Optional<Camera> find(UUID id) {
        return book.find(id).map(StoredCamera::camera);
    }

    @Override
    public Optional<CameraStatus> status(UUID id) {
        return book.find(id).map(stored -> supervisor.status(stored.camera()));
    }

    @Override
    public Camera create(CameraDraft draft) throws InvalidCameraException {
        Intake.Checked checked = intake.forNew(draft);
        return book.create(checked.draft(), checked.secretSettings());
    }

    @Override
    public Camera update(UUID id, Optional<Long> expectedVersion, CameraDraft draft) throws InvalidCameraException {
        Camera before = existing(id).camera();
        Intake.Checked checked = intake.forChange(before, draft);
        // Against this version it was checked.
        return book.update(
                id, expectedVersion.or(() -> Optional.of(before.version())), checked.draft(), checked.secretSettings());
    }

    @Override
    public boolean delete(UUID id, Optional<Long> expectedVersion) {
        boolean gone = book.delete(id, expectedVersion);
        if (gone) {
            setup.forget(id);
        }
        return gone;
    }

    @Override
    public ProbeReport probe(CameraDraft draft, Optional<UUID> stored) throws InvalidCameraException, DriverException {
        Optional<StoredCamera> camera = stored.isPresent() ? Optional.of(existing(stored.get())) : Optional.empty();
        return probe.probe(intake.forProbe(draft, camera));
    }

    private StoredCamera existing(UUID id) {
        return book.find(id).orElseThrow(() -> new NoSuchResourceException("There is no camera " + id + "."));
    }

    @Override
    public void startRecording(UUID id, Set<StreamRole> streams, Optional<Duration> duration) {
        manual.start(existing(id).camera(), streams, duration);
    }

    @Override
    public void stopRecording(UUID id) {
        supervisor.stopRecording(existing(id).camera().id());
    }

    /** {@return control of these cameras; see {@link ControlService}} */
    CameraControl control() {
        return control;
    }

    /** {@return adding and trying of these cameras; see {@link SetupService}} */
    CameraSetup setup() {
        return setup;
    }

    /** {@return which version of a driver serves these cameras; see {@link RolloutService}} */
    DriverRollouts rollouts() {
        return supervisor.rollouts();
    }

    /** {@return what follows these cameras to other addresses; see {@link MovedCameras}} */
    Following following(Following.Searches searches, ExecutorService asking, Following.Notes notes) {
        return new Following(
                new Following.Fleet(book::all, id -> supervisor.status(id), known, book::move),
                searches,
                new Proof(shelf, secrets, asking),
                notes,
                loop::monotonicMs);
    }

    /** {@return drivers that do not return from what they were told to give up} */
    List<Places.Hanging> hangingDrivers() {
        List<Places.Hanging> hanging = new ArrayList<>(contactPlaces.hanging(HANGS_MS));
        hanging.addAll(control.hanging());
        return hanging;
    }

    // ---- EventSubscriber ----

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public void onEvent(Event event) {
        supervisor.event(event);
    }

    @Override
    public void onSpill(long count) {
        EventLog log = eventLog;
        if (log != null) {
            supervisor.eventsLasting(
                    log.open(EventFilter.ALL).stream().map(Event::id).toList());
        }
    }

    @Override
    public List<InstalledDriver> drivers() {
        return InstalledDrivers.of(shelf, book.loaded() ? list() : List.of());
    }

    // ---- what comes and goes ----

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindStore(CameraStore store) {
        book.store(store);
        supervisor.storeAppeared();
    }

    void unbindStore(CameraStore store) {
        book.storeGone(store);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindVault(SecretVault vault) {
        secrets.vault(vault);
        supervisor.vaultAppeared();
    }

    void unbindVault(SecretVault vault) {
        secrets.vaultGone(vault);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHub(StreamHub hub) {
        supervisor.hub(hub);
    }

    void unbindHub(StreamHub hub) {
        supervisor.hubGone(hub);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRecorder(Recorder recorder) {
        supervisor.recorder(recorder);
    }

    void unbindRecorder(Recorder recorder) {
        supervisor.recorderGone(recorder);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindIngest(StreamIngest ingest, Map<String, Object> properties) {
        supervisor.ingestAdded(ServiceProperties.id(properties), ServiceProperties.schemes(properties), ingest);
    }

    void unbindIngest(StreamIngest ingest, Map<String, Object> properties) {
        supervisor.ingestRemoved(ServiceProperties.id(properties));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDriver(CameraDriver driver, ServiceReference<CameraDriver> reference) {
        Bundle bundle = reference.getBundle();
        if (bundle != null) {
            shelf.add(
                            (Long) reference.getProperty(Constants.SERVICE_ID),
                            bundle.getVersion(),
                            bundle.getSymbolicName(),
                            driver)
                    .ifPresent(supervisor::driverAdded);
        }
    }

    void unbindDriver(CameraDriver driver, ServiceReference<CameraDriver> reference) {
        shelf.remove((Long) reference.getProperty(Constants.SERVICE_ID)).ifPresent(gone -> {
            control.driverGone(gone);
            supervisor.driverRemoved(gone);
        });
    }
}
