// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.nxvms.cameras.book.CameraBook;
import org.nxvms.cameras.book.Intake;
import org.nxvms.cameras.book.Secrets;
import org.nxvms.cameras.device.Listening;
import org.nxvms.cameras.drivers.Contact;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraKnownException;
import org.nxvms.platform.api.camera.CameraReport;
import org.nxvms.platform.api.camera.CameraReport.Check;
import org.nxvms.platform.api.camera.CameraReport.State;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.camera.SetupBatch;
import org.nxvms.platform.api.ingest.StreamIngest;

/** Adds cameras of which only address and login are known, and tries cameras (ADR 111). Any thread; blocks. */
public final class Setup implements CameraSetup {
    /** Each holds a thread of the caller's and up to eight of the pool, for its whole time. */
    static final int AT_ONCE_MAX = 8;

    private static final int NAME_MAX = 100;
    private static final int DEVICE_MS_MAX = 3_000;

    /** What the registry is made of. */
    public record Parts(
            DriverShelf shelf,
            Intake intake,
            Secrets secrets,
            CameraBook book,
            Listening listening,
            Function<URI, Optional<StreamIngest>> ingests) {}

    /**
     * How long what may take.
     *
     * @param totalMs answers come within 10 s; this leaves time for the way back
     * @param contactMs a device that needs longer for all that it is asked, some 20 times, leaves no time for its streams to begin
     * @param exchangeMs for one question: a part of a device that hangs costs itself, and not the contact
     */
    public record Limits(int totalMs, int contactMs, int exchangeMs) {
        public static final Limits USUAL = new Limits(9_500, 6_000, 2_000);
    }

    private final Parts parts;
    private final Limits limits;
    private final Recognition recognition;
    private final ReportFiles files;
    private final ExecutorService pool;
    private final Semaphore running = new Semaphore(AT_ONCE_MAX);
    private final Batches batches;

    /** @param folder for reports */
    public Setup(Parts parts, Limits limits, Path folder, ExecutorService pool) {
        this.parts = parts;
        this.limits = limits;
        this.recognition = new Recognition(parts.shelf(), parts.intake(), limits);
        this.files = new ReportFiles(folder);
        this.pool = pool;
        this.batches = new Batches(pool);
    }

    /** What is tried, of a camera that is configured or is to be. */
    private record Subject(ShelvedDriver driver, DeviceTarget target, Contact.Answer answer, Optional<Boolean> hears) {}

    @Override
    public Added add(Order order) throws InvalidCameraException, DriverException, CameraKnownException {
        enter();
        return entered(order);
    }

    @Override
    public SetupBatch begin(List<Order> orders, Consumer<Camera> added) {
        return batches.begin(
                orders,
                order -> {
                    try {
                        running.acquire();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new DriverException(Kind.BUSY, "The server is stopping; it was given up.");
                    }
                    return entered(order);
                },
                added);
    }

    @Override
    public Optional<SetupBatch> batch(UUID id) {
        return batches.find(id).map(Batch::report);
    }

    @Override
    public Optional<SetupBatch> await(UUID id, long revision, int timeoutMs) throws InterruptedException {
        Optional<Batch> batch = batches.find(id);
        if (batch.isPresent()) {
            batch.get().await(revision, timeoutMs);
        }
        return batch.map(Batch::report);
    }

    /** Has a place, which it gives back. */
    private Added entered(Order order) throws InvalidCameraException, DriverException, CameraKnownException {
        try {
            Deadline deadline = Deadline.in(pool, limits.totalMs());
            Recognition.Found found = recognition.find(order, deadline);
            // Nobody waits for a camera to be tried that is there already; whether it is, is decided when it is stored.
            Optional<UUID> there = parts.book().all().stream()
                    .map(StoredCamera::camera)
                    .filter(camera -> SamePlace.isOf(camera, found.draft()))
                    .map(Camera::id)
                    .findFirst();
            if (there.isPresent()) {
                throw new CameraKnownException(there.get());
            }
            DeviceTarget target = Deadline.target(found.draft(), DEVICE_MS_MAX);
            CameraReport report;
            try {
                report = report(new Subject(found.driver(), target, found.answer(), Optional.empty()), deadline, false);
            } catch (DriverException e) {
                throw found.unproved(e);
            }
            Intake.Checked checked = parts.intake().forNew(named(found, order));
            Camera camera = parts.book()
                    .createUnless(
                            one -> SamePlace.isOf(one, checked.draft()), checked.draft(), checked.secretSettings());
            files.keep(camera.id(), report);
            return new Added(camera, report);
        } finally {
            running.release();
        }
    }

    @Override
    public Optional<CameraReport> report(UUID camera) {
        return files.read(camera);
    }

    @Override
    public CameraReport check(UUID camera) throws DriverException {
        StoredCamera stored = parts.book()
                .find(camera)
                .orElseThrow(() -> new NoSuchResourceException("There is no camera " + camera + "."));
        ShelvedDriver driver = parts.shelf()
                .serving(stored.camera().driver(), camera)
                .orElseThrow(() -> new DriverException(
                        Kind.CONFIG,
                        "The driver " + stored.camera().driver() + " is not installed ("
                                + parts.shelf().installedIds() + ")."));
        DeviceTarget brief;
        DeviceTarget target;
        try {
            brief = parts.secrets().target(stored, limits.exchangeMs());
            target = parts.secrets().target(stored, DEVICE_MS_MAX);
        } catch (IllegalArgumentException e) {
            throw new DriverException(
                    Kind.CONFIG,
                    "The stored password, or a secret setting, cannot be opened with this server's key; enter it again.");
        }
        enter();
        try {
            Deadline deadline = Deadline.in(pool, limits.totalMs());
            Contact.Answer answer = deadline.within(limits.contactMs())
                    .await(deadline.submit(() -> Contact.ask(driver, brief)), Kind.BUSY, recognition.slow());
            Optional<Boolean> hears =
                    Optional.of(parts.listening().hears(camera).orElse(false));
            CameraReport report = report(new Subject(driver, target, answer, hears), deadline, true);
            files.keep(camera, report);
            return report;
        } finally {
            running.release();
        }
    }

    /** What was seen of a camera that is no more is of no use. */
    public void forget(UUID camera) {
        files.forget(camera);
    }

    private void enter() throws DriverException {
        if (!running.tryAcquire()) {
            throw new DriverException(
                    Kind.BUSY,
                    AT_ONCE_MAX + " cameras are being tried on this server at the moment; try again in a few seconds.");
        }
    }

    private CameraReport report(Subject subject, Deadline deadline, boolean mainMayFail) throws DriverException {
        List<Check> checks = new ArrayList<>();
        checks.add(Check.works(
                "login",
                "The driver " + subject.driver().label() + " knows the device"
                        + (subject.target().credentials().isPresent() ? ", and the login is right." : ".")));
        checks.add(identity(subject));
        FunctionChecks functions = new FunctionChecks(
                subject.driver(),
                subject.target(),
                subject.answer().capabilities().orElse(List.of()),
                subject.answer().unanswered(),
                subject.hears());
        Future<Boolean> asked = deadline.submit(functions);
        try (StreamChecks streams = new StreamChecks(subject.answer().offers(), parts.ingests(), deadline)) {
            checks.addAll(streams.checks(mainMayFail));
            Optional<DriverException> broke = Optional.empty();
            try {
                deadline.await(asked, "There was no time to try it.");
            } catch (DriverException e) {
                broke = Optional.of(e);
            }
            checks.addAll(functions.checks(broke));
        } finally {
            asked.cancel(true);
        }
        return new CameraReport(
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                deadline.sinceMs(),
                subject.driver().info().id(),
                subject.driver().version().toString(),
                subject.answer().identity().orElse(DeviceIdentity.UNKNOWN),
                checks);
    }

    private static Check identity(Subject subject) {
        DeviceIdentity who = subject.answer().identity().orElse(DeviceIdentity.UNKNOWN);
        String words = (who.manufacturer() + " " + who.model()).strip();
        if (who.equals(DeviceIdentity.UNKNOWN)) {
            return new Check(
                    "identity",
                    State.LIMITED,
                    "The device is known by its streams only: the driver "
                            + subject.driver().info().id() + " asks it nothing else.",
                    "If the camera speaks ONVIF, switch that on in it and add it again: control and events come with it.");
        }
        return Check.works(
                "identity",
                (words.isEmpty() ? "The device does not name its model" : words)
                        + (who.firmware().isEmpty() ? "" : ", firmware " + who.firmware())
                        + (who.serialNumber().isEmpty() ? "" : ", serial number " + who.serialNumber()) + ".");
    }

    /** {@return the draft with the name that was wished, or one that says what the device is and where} */
    private static CameraDraft named(Recognition.Found found, Order order) {
        DeviceIdentity who = found.identity();
        String model = (who.manufacturer() + " " + who.model())
                .replaceAll("\\p{Cntrl}", " ")
                .strip();
        String host = Optional.ofNullable(found.draft().address().getHost()).orElse("");
        String whole = (model.isEmpty() ? "Camera" : model) + " " + host;
        String name = order.name().orElse(whole.length() <= NAME_MAX ? whole.strip() : host);
        return found.draft().withName(name);
    }
}
