// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.nxvms.cameras.book.Secrets;
import org.nxvms.cameras.device.Listening;
import org.nxvms.cameras.drivers.BackOff;
import org.nxvms.cameras.drivers.Contact;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.cameras.moved.KnownDevices;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks drivers where their cameras' streams are: when something has changed, when the last answer was none, when a stream
 * waits for too long. One contact a camera at a time; what comes back after the camera was changed counts for nothing. The
 * control thread.
 */
final class Inquiry {
    /** A stream that waits longer than this makes the driver be asked again: the address may have moved. */
    static final int REASK_MS = 30_000;
    /** So often what got no answer is asked for again soon: devices bring up their parts within minutes of a start. */
    static final int SOON_MAX = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Inquiry.class);

    private final ControlLoop loop;
    private final DriverShelf shelf;
    private final Secrets secrets;
    private final Contacts contacts;
    private final RandomGenerator random;
    private final BackOff backOff;
    private final IngestRouter ingests;
    private final Wishes wishes;
    private final EndpointMemory memory;
    private final Listening listening;
    private final KnownDevices known;
    private final Predicate<Supervised> supervised;
    private boolean closed;

    /**
     * @param random for jitter
     * @param supervised whether a camera is still one of ours
     */
    Inquiry(
            ControlLoop loop,
            Contacts contacts,
            Devices devices,
            RandomGenerator random,
            Outcome outcome,
            Predicate<Supervised> supervised) {
        this.loop = loop;
        this.shelf = devices.shelf();
        this.secrets = devices.secrets();
        this.contacts = contacts;
        this.random = random;
        this.backOff = new BackOff(random);
        this.ingests = outcome.ingests();
        this.wishes = outcome.wishes();
        this.memory = outcome.memory();
        this.listening = devices.listening();
        this.known = devices.known();
        this.supervised = supervised;
    }

    /** Whom an answer concerns. */
    record Outcome(IngestRouter ingests, Wishes wishes, EndpointMemory memory) {}

    /** Asks nobody any more. */
    void close() {
        closed = true;
    }

    /** Asks if it is time. */
    void tick(Supervised camera, long nowMs) {
        if (!camera.contactRuns && (camera.contactAtMs <= nowMs || waitsLong(camera, nowMs))) {
            ask(camera);
        }
    }

    /** Something has changed: what failed before says nothing now. */
    void askAnew(Supervised camera) {
        camera.generation++;
        camera.failures = 0;
        camera.trouble = null;
        ask(camera);
    }

    /** {@return whether nothing arrives for so long that the streams may have moved} */
    private boolean waitsLong(Supervised camera, long nowMs) {
        if (!camera.camera().enabled()
                || camera.contactAtMs != Supervised.NEVER
                || camera.trouble != null
                || nowMs - camera.lastContactMs < REASK_MS + random.nextInt(REASK_MS / 2)) {
            return false;
        }
        for (StreamOffer offer : camera.known) {
            Optional<IngestStatus> status = ingests.status(wishes.stream(camera, offer.role()));
            if (status.isPresent()
                    && status.get().state() == IngestStatus.State.WAITING
                    && status.get()
                            .cause()
                            .filter(GapCause.CAMERA_UNREACHABLE::equals)
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Asks the camera's driver for its streams, unless it is being asked. */
    void ask(Supervised camera) {
        camera.contactAtMs = Supervised.NEVER;
        if (closed || camera.contactRuns || !camera.camera().enabled()) {
            return;
        }
        Optional<ShelvedDriver> driver = shelf.serving(camera.camera().driver(), camera.id);
        if (driver.isEmpty()) {
            forgetIfStale(camera, GapCause.UNSUPPORTED, "The camera's driver is not installed.");
            return;
        }
        DeviceTarget target;
        try {
            target = secrets.target(camera.stored, Contacts.TIMEOUT_MS);
        } catch (StoreException e) {
            // The vault is away: its return asks again.
            return;
        } catch (IllegalArgumentException e) {
            failed(
                    camera,
                    new DriverException(
                            DriverException.Kind.CONFIG,
                            "The stored password, or a secret setting, cannot be opened with this server's key; enter it"
                                    + " again."));
            return;
        }
        int generation = camera.generation;
        camera.contactRuns = true;
        camera.lastContactMs = loop.monotonicMs();
        contacts.ask(camera.id, driver.get(), target, new Contacts.Reply() {
            private boolean late;

            @Override
            public void overdue(DriverException why) {
                late = true;
                if (generation == camera.generation) {
                    failed(camera, why);
                }
            }

            @Override
            public void ended(Optional<Contact.Answer> answer, Optional<DriverException> failure) {
                camera.contactRuns = false;
                if (generation != camera.generation) {
                    if (supervised.test(camera)) {
                        ask(camera);
                    }
                    return;
                }
                answer.ifPresent(found -> found(camera, driver.get(), target, found));
                // What an interrupted driver says of it is no news.
                failure.filter(why -> !late).ifPresent(why -> failed(camera, why));
            }
        });
    }

    private void found(Supervised camera, ShelvedDriver driver, DeviceTarget target, Contact.Answer answer) {
        List<StreamOffer> offers = answer.offers();
        camera.failures = 0;
        camera.trouble = null;
        camera.facts = Optional.of(answer.facts(driver.version().toString(), camera.facts));
        answer.identity().ifPresent(identity -> known.learn(camera.camera(), identity, answer.endpoint()));
        if (answer.capabilities().isPresent() && shelf.all().contains(driver)) {
            listening.answered(camera.id, driver, target, answer.capabilities().get(), loop.monotonicMs());
        }
        camera.unanswered = answer.isWhole() ? 0 : camera.unanswered + 1;
        if (!answer.isWhole()) {
            // What never answers costs its time limit at each contact: after some minutes it is asked for now and then.
            DriverException.Kind pace =
                    camera.unanswered <= SOON_MAX ? DriverException.Kind.BUSY : DriverException.Kind.UNSUPPORTED;
            camera.contactAtMs = loop.monotonicMs() + backOff.delayMs(pace, camera.unanswered);
        }
        List<StreamOffer> next = KnownStreams.after(camera, offers, role -> wishes.arrives(camera, role));
        camera.stale = false;
        if (!next.equals(camera.known)) {
            camera.known = next;
            camera.rememberDue = true;
            LOG.info("Camera {} offers {}", camera.id, EndpointMemory.describe(offers));
        }
        if (!camera.missed.isEmpty()) {
            int answers = Collections.max(camera.missed.values());
            camera.contactAtMs = loop.monotonicMs() + backOff.delayMs(DriverException.Kind.BUSY, answers);
            if (answers == 1) {
                LOG.warn(
                        "The driver of camera {} names no {} stream any more; it is kept while it sends, and the driver"
                                + " is asked again",
                        camera.id,
                        camera.missed.keySet());
            }
        }
        wishes.settle(camera);
        memory.keep(camera);
    }

    private void failed(Supervised camera, DriverException why) {
        camera.failures++;
        boolean news = camera.trouble == null || camera.trouble.kind() != why.kind();
        camera.trouble = new Supervised.Trouble(why.kind(), why.getMessage());
        camera.contactAtMs = loop.monotonicMs() + backOff.delayMs(why.kind(), camera.failures);
        if (news) {
            LOG.warn(
                    "Camera {} cannot be asked for its streams ({}): {} It is asked again.",
                    camera.id,
                    why.kind(),
                    why.getMessage());
        }
        forgetIfStale(camera, StatusComposer.cause(why.kind()), why.getMessage());
    }

    /** Ends streams that belong to the device configured before: they would be recorded under a wrong name. */
    private void forgetIfStale(Supervised camera, GapCause cause, String detail) {
        if (camera.stale) {
            camera.stale = false;
            for (StreamOffer offer : camera.known) {
                ingests.release(wishes.stream(camera, offer.role()), cause, detail);
            }
            camera.known = List.of();
        }
    }
}
