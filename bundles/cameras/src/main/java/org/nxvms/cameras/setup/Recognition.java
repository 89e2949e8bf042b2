// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Future;
import org.nxvms.cameras.book.Intake;
import org.nxvms.cameras.drivers.Contact;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.Fence;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.InvalidCameraException;

/**
 * Finds out which driver knows the device at an address. All that take such an address are asked at once. A driver that can say
 * who the device is has recognised it; of several, the one that knows most of it counts: its maker's, then a standard's. One that
 * only names streams, without asking, is taken when nobody has recognised the device and nobody was refused; whether it is right
 * its streams must show.
 */
final class Recognition {
    /** Contacts at once for one address: more drivers than that take no such address. */
    private static final int CANDIDATES_MAX = 8;

    private final DriverShelf shelf;
    private final Intake intake;
    private final Setup.Limits limits;

    Recognition(DriverShelf shelf, Intake intake, Setup.Limits limits) {
        this.shelf = shelf;
        this.intake = intake;
        this.limits = limits;
    }

    /** {@return what is said of a device that is slow} Who is away, or silent, is known by the first question. */
    String slow() {
        return "The camera needs longer than " + limits.contactMs() / 1_000
                + " s to say who it is and what it can. Try again when it has less to do, or add it by its driver and its address.";
    }

    /** A driver that might know the device, and the camera it would be. */
    private record Candidate(ShelvedDriver driver, int rank, CameraDraft draft) {}

    /**
     * Who is there.
     *
     * @param draft the camera as it would be added, but for its name
     * @param recognised whether the device was asked; otherwise its streams must show that it is there
     * @param others why others that were asked do not know it, by driver
     */
    record Found(
            ShelvedDriver driver,
            CameraDraft draft,
            Contact.Answer answer,
            boolean recognised,
            Map<String, DriverException> others) {
        DeviceIdentity identity() {
            return answer.identity().orElse(DeviceIdentity.UNKNOWN);
        }

        /** {@return why there is no camera}, by all who were asked, where its streams show that the one who named them is wrong */
        DriverException unproved(DriverException why) {
            if (recognised || others.isEmpty() || why.kind() == Kind.AUTH) {
                return why;
            }
            Map<String, DriverException> all = new LinkedHashMap<>(others);
            all.put(driver.info().id(), why);
            return nobody(all);
        }
    }

    /**
     * @throws InvalidCameraException when no driver takes such an address, or the server does not speak to it
     * @throws DriverException when nobody has recognised the device
     */
    Found find(CameraSetup.Order order, Deadline deadline) throws InvalidCameraException, DriverException {
        Map<Candidate, Future<Contact.Answer>> asked = new LinkedHashMap<>();
        Map<String, DriverException> failures = new LinkedHashMap<>();
        Deadline contact = deadline.within(limits.contactMs());
        try {
            for (Candidate candidate : candidates(order)) {
                asked.put(
                        candidate,
                        deadline.submit(() -> Contact.ask(
                                candidate.driver(), Deadline.target(candidate.draft(), limits.exchangeMs()))));
            }
            Optional<Found> claimed = Optional.empty();
            for (Map.Entry<Candidate, Future<Contact.Answer>> one : asked.entrySet()) {
                Candidate candidate = one.getKey();
                try {
                    Contact.Answer answer = contact.await(one.getValue(), Kind.BUSY, slow());
                    Found found = new Found(
                            candidate.driver(), candidate.draft(), answer, isRecognised(answer.identity()), failures);
                    if (found.recognised()) {
                        return found;
                    }
                    claimed = claimed.or(() -> Optional.of(found));
                } catch (DriverException e) {
                    failures.put(candidate.driver().info().id(), e);
                }
            }
            if (claimed.isPresent() && failures.values().stream().noneMatch(e -> e.kind() == Kind.AUTH)) {
                return claimed.get();
            }
        } finally {
            asked.values().forEach(one -> one.cancel(true));
        }
        throw nobody(failures);
    }

    private static boolean isRecognised(Optional<DeviceIdentity> identity) {
        return identity.filter(who -> !who.equals(DeviceIdentity.UNKNOWN)).isPresent();
    }

    /** {@return drivers that take the address, those that know most first} */
    private List<Candidate> candidates(CameraSetup.Order order) throws InvalidCameraException {
        TypedAddress address = TypedAddress.of(order.address());
        List<Candidate> candidates = new ArrayList<>();
        Optional<InvalidCameraException> refused = Optional.empty();
        for (ShelvedDriver driver : serving(order.driver())) {
            Optional<DeviceSearch.Knowledge> knowledge = knowledge(driver);
            // One that is not looked for takes streams by their URL: nobody is asked at random with FFmpeg.
            boolean guessed = address.scheme().isEmpty() && order.driver().isEmpty();
            Optional<String> scheme = address.schemeFor(driver.info());
            if (scheme.isEmpty() || guessed && knowledge.isEmpty()) {
                continue;
            }
            try {
                CameraDraft draft = new CameraDraft(
                        order.name().orElse("camera"),
                        driver.info().id(),
                        address.uri(scheme.get()),
                        Optional.empty(),
                        order.username(),
                        order.password(),
                        true,
                        order.group(),
                        Map.of(),
                        order.recording());
                candidates.add(new Candidate(
                        driver,
                        knowledge.map(DeviceSearch.Knowledge::ordinal).orElse(-1),
                        intake.forProbe(draft, Optional.empty())));
            } catch (InvalidCameraException e) {
                refused = refused.or(() -> Optional.of(e));
            }
        }
        if (candidates.isEmpty()) {
            throw refused.orElseGet(() -> new InvalidCameraException(Map.of(
                    order.driver().isPresent() ? "driver" : "address",
                    order.driver().isPresent()
                            ? "No driver of this id is installed that takes such an address (" + shelf.installedIds()
                                    + ")."
                            : "No installed driver takes such an address (" + shelf.installedIds()
                                    + "). Write a host, or a URL that one of them takes.")));
        }
        return candidates.stream()
                .sorted(Comparator.comparingInt(Candidate::rank).reversed())
                .limit(CANDIDATES_MAX)
                .toList();
    }

    private List<ShelvedDriver> serving(Optional<String> wanted) {
        return shelf.all().stream()
                .map(driver -> driver.info().id())
                .distinct()
                .filter(id -> wanted.map(id::equals).orElse(true))
                .flatMap(id -> shelf.serving(id).stream())
                .toList();
    }

    /** {@return how much a driver knows of devices; empty for one that cannot look for any} */
    private static Optional<DeviceSearch.Knowledge> knowledge(ShelvedDriver driver) {
        try {
            return Fence.around(driver, () -> driver.service().search().map(DeviceSearch::knowledge));
        } catch (DriverException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * {@return why nobody knows the device}: a refused login before all else, since it means that somebody does; then one that has
     * no time, since it is there.
     */
    private static DriverException nobody(Map<String, DriverException> failures) {
        Optional<Map.Entry<String, DriverException>> refused = failures.entrySet().stream()
                .filter(one -> one.getValue().kind() == Kind.AUTH)
                .findFirst();
        if (refused.isPresent()) {
            return refused.get().getValue();
        }
        Optional<DriverException> busy =
                failures.values().stream().filter(e -> e.kind() == Kind.BUSY).findFirst();
        if (busy.isPresent()) {
            return busy.get();
        }
        if (failures.size() == 1) {
            return failures.values().iterator().next();
        }
        boolean silent = failures.values().stream().allMatch(e -> e.kind() == Kind.UNREACHABLE);
        StringJoiner words = new StringJoiner(" ");
        failures.forEach((driver, e) -> words.add(driver + ": " + e.getMessage()));
        return new DriverException(
                silent ? Kind.UNREACHABLE : Kind.PROTOCOL,
                silent
                        ? "Nobody answers at this address. Check it, the camera's power and the network. " + words
                        : "What answers is not a camera that an installed driver knows. Check the address, switch on ONVIF in"
                                + " the camera, or give the URL of its stream (rtsp://...). " + words);
    }
}
