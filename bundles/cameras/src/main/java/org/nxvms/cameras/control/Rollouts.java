// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.camera.DriverRollout;
import org.nxvms.platform.api.camera.DriverRollout.Phase;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version of a driver serves, and moving its cameras to another one: the canary first, then all; back when something is
 * worse than before. Orders come on any thread, everything else happens on the control thread.
 */
public final class Rollouts implements DriverRollouts {
    /** A bundle that is updated in place is gone for a moment, and at a start they come one after the other. */
    static final int SETTLE_MS = 30_000;
    /** How long is waited for the last of many cameras to be asked. */
    static final int ALL_ANSWER_MS_MAX = 600_000;
    /** Of the moved cameras one in so many may fail by chance. */
    private static final int CHANCE = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);

    /** The cameras, how they are asked, and how they fare. */
    record Fleet(Map<UUID, Supervised> cameras, Inquiry inquiry, Fitness fitness) {}

    private final ControlLoop loop;
    private final DriverShelf shelf;
    private final Fleet fleet;
    private final Supplier<EventPublisher> publisher;
    private final Consumer<Map<String, Version>> keep;
    /** The newest by driver. Under the lock of this others are asked only what they answer from memory. */
    private final Map<String, Rollout> byDriver = new HashMap<>();

    /**
     * @param publisher answers null while it is away
     * @param keep keeps the chosen versions over restarts; must not block
     */
    Rollouts(
            ControlLoop loop,
            DriverShelf shelf,
            Fleet fleet,
            Supplier<EventPublisher> publisher,
            Consumer<Map<String, Version>> keep) {
        this.loop = loop;
        this.shelf = shelf;
        this.fleet = fleet;
        this.publisher = publisher;
        this.keep = keep;
    }

    @Override
    public synchronized DriverRollout begin(Order order) {
        String id = order.driver();
        ShelvedDriver from = shelf.serving(id)
                .orElseThrow(() -> new NoSuchResourceException(
                        "The driver " + id + " is not installed (" + shelf.installedIds() + ")."));
        ShelvedDriver to = installed(order);
        if (running(id).isPresent()) {
            throw new IllegalStateException(
                    "A rollout of the driver " + id + " is under way; wait for it or give it up");
        }
        if (to.version().equals(from.version())) {
            throw new IllegalStateException("Version " + to.version() + " of the driver " + id + " serves already");
        }
        Optional<Supervised> canary = order.canary().isPresent() ? Optional.of(given(order)) : wellOne(id);
        Rollout rollout = new Rollout(from, to, canary.map(camera -> camera.id), order.soakSeconds() * 1_000L);
        byDriver.put(id, rollout);
        rollout.enter(Phase.CANARY, loop, "The canary is being moved.");
        loop.post(() -> moveCanary(rollout));
        return rollout.report();
    }

    private ShelvedDriver installed(Order order) {
        List<ShelvedDriver> versions = shelf.all().stream()
                .filter(driver -> driver.info().id().equals(order.driver()))
                .toList();
        return versions.stream()
                .filter(driver -> driver.version().toString().equals(order.version()))
                .findFirst()
                .orElseThrow(() -> new NoSuchResourceException("Version " + order.version() + " of the driver "
                        + order.driver() + " is not installed (installed: "
                        + String.join(
                                ", ",
                                versions.stream()
                                        .map(driver -> driver.version().toString())
                                        .toList())
                        + ")."));
    }

    private Supervised given(Order order) {
        UUID id = order.canary().orElseThrow();
        return camerasOf(order.driver()).stream()
                .filter(camera -> camera.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The camera " + id
                        + " is not there, is switched off, or" + " does not use the driver " + order.driver() + "."));
    }

    /** {@return the first camera that is well; the first at all where none is} */
    private Optional<Supervised> wellOne(String id) {
        List<Supervised> all = camerasOf(id);
        return all.stream()
                .filter(camera -> {
                    Fitness.Before now = fleet.fitness().before(camera);
                    return now.reached() && !now.picturesByRole().isEmpty();
                })
                .findFirst()
                .or(() -> all.stream().findFirst());
    }

    private List<Supervised> camerasOf(String id) {
        return fleet.cameras().values().stream()
                .filter(camera ->
                        camera.camera().driver().equals(id) && camera.camera().enabled())
                .sorted(Comparator.comparing(
                                (Supervised camera) -> camera.camera().name().toLowerCase(Locale.ROOT))
                        .thenComparing(camera -> camera.id))
                .toList();
    }

    @Override
    public synchronized DriverRollout giveUp(String driver) {
        Rollout rollout = running(driver)
                .orElseThrow(() -> new IllegalStateException("No rollout of the driver " + driver + " is under way"));
        rollBack(rollout, "It was given up.");
        return rollout.report();
    }

    @Override
    public synchronized Optional<DriverRollout> rollout(String driver) {
        return Optional.ofNullable(byDriver.get(driver)).map(Rollout::report);
    }

    private Optional<Rollout> running(String driver) {
        return Optional.ofNullable(byDriver.get(driver)).filter(Rollout::runs);
    }

    // ---- the control thread ----

    private synchronized void moveCanary(Rollout rollout) {
        if (!rollout.runs()) {
            return;
        }
        Optional<Supervised> canary = rollout.canary().map(fleet.cameras()::get);
        if (rollout.canary().isEmpty()) {
            promote(rollout, "No camera uses the driver, so there was nothing to try.");
            return;
        }
        rollout.enter(
                Phase.CANARY,
                loop,
                "One camera is served by " + rollout.to() + " and watched for " + rollout.soakMs() / 1_000 + " s.");
        UUID id = rollout.canary().get();
        shelf.tryOut(rollout.id(), rollout.to(), id::equals);
        canary.ifPresent(camera -> move(rollout, camera));
        LOG.info("Driver {} {} is tried with camera {}", rollout.id(), rollout.to(), id);
    }

    private void move(Rollout rollout, Supervised camera) {
        rollout.moved(camera.id, fleet.fitness().before(camera));
        fleet.inquiry().askAnew(camera);
    }

    /** To be called every few seconds. */
    synchronized void tick(long nowMs) {
        for (Rollout rollout : List.copyOf(byDriver.values())) {
            if (rollout.runs()) {
                look(rollout, nowMs - rollout.sinceMs());
            }
        }
    }

    private void look(Rollout rollout, long elapsedMs) {
        String id = rollout.id();
        if (shelf.find(id, rollout.to()).isEmpty()) {
            rollBack(rollout, "Version " + rollout.to() + " is not installed any more.");
        } else if (shelf.find(id, rollout.from()).isEmpty()) {
            promote(rollout, "The version before, " + rollout.from() + ", is not installed any more.");
        } else if (rollout.phase() == Phase.CANARY) {
            lookAtCanary(rollout, elapsedMs);
        } else {
            lookAtAll(rollout, elapsedMs);
        }
    }

    private void lookAtCanary(Rollout rollout, long elapsedMs) {
        Optional<Supervised> canary = rollout.canary()
                .map(fleet.cameras()::get)
                .filter(camera -> camera.camera().enabled())
                .filter(camera -> camera.camera().driver().equals(rollout.id()));
        if (canary.isEmpty()) {
            rollBack(rollout, "The canary was removed, switched off or given another driver.");
            return;
        }
        Optional<Fitness.Before> before = rollout.before(canary.get().id);
        if (before.isEmpty()) {
            // It is moved behind this look.
            return;
        }
        boolean last = elapsedMs >= rollout.soakMs();
        Optional<Fitness.Finding> worse =
                fleet.fitness().worse(canary.get(), before.get(), rollout.to().toString(), elapsedMs, last);
        if (worse.isPresent()) {
            rollout.found(List.of(sentence(canary.get(), worse.get())));
            rollBack(rollout, Sentences.of(sentence(canary.get(), worse.get())));
        } else if (last) {
            moveAll(rollout);
        }
    }

    private void moveAll(Rollout rollout) {
        List<Supervised> all = camerasOf(rollout.id());
        rollout.enter(
                Phase.ALL,
                loop,
                all.size() + (all.size() == 1 ? " camera is" : " cameras are") + " served by " + rollout.to()
                        + " and watched for " + rollout.soakMs() / 1_000 + " s.");
        shelf.tryOut(rollout.id(), rollout.to(), camera -> true);
        for (Supervised camera : all) {
            if (rollout.before(camera.id).isEmpty()) {
                move(rollout, camera);
            }
        }
        LOG.info("Driver {} {} did well with one camera and serves all now", rollout.id(), rollout.to());
    }

    private void lookAtAll(Rollout rollout, long elapsedMs) {
        String version = rollout.to().toString();
        List<Supervised> moved = camerasOf(rollout.id()).stream()
                .filter(camera -> rollout.before(camera.id)
                        .filter(Fitness.Before::reached)
                        .isPresent())
                .toList();
        boolean waiting =
                moved.stream().anyMatch(camera -> camera.trouble == null && !Fitness.answered(camera, version));
        boolean last = elapsedMs >= rollout.soakMs() && (!waiting || elapsedMs > ALL_ANSWER_MS_MAX);
        Map<Supervised, Fitness.Finding> worse = new HashMap<>();
        for (Supervised camera : moved) {
            // Not before the last look: many wait for their turn.
            long movedMs = last || !waiting ? elapsedMs : 0;
            fleet.fitness()
                    .worse(camera, rollout.before(camera.id).orElseThrow(), version, movedMs, last)
                    .ifPresent(finding -> worse.put(camera, finding));
        }
        rollout.found(worse.entrySet().stream()
                .map(entry -> sentence(entry.getKey(), entry.getValue()))
                .sorted()
                .limit(DriverRollout.FINDINGS_MAX)
                .toList());
        Optional<Map.Entry<Supervised, Fitness.Finding>> doing = worse.entrySet().stream()
                .filter(entry -> entry.getValue().driversDoing())
                .findFirst();
        if (doing.isPresent()) {
            rollBack(
                    rollout,
                    Sentences.of(sentence(doing.get().getKey(), doing.get().getValue())));
        } else if (worse.size() > Math.max(1, moved.size() / CHANCE)) {
            rollBack(rollout, some(worse.size(), moved.size()) + " worse than before.");
        } else if (last) {
            promote(rollout, some(moved.size() - worse.size(), moved.size()) + " as before.");
        }
    }

    private static String some(int count, int all) {
        return count + " of " + all + (count == 1 ? " cameras fares" : " cameras fare");
    }

    private static String sentence(Supervised camera, Fitness.Finding finding) {
        return "Camera " + camera.camera().name() + ": " + finding.sentence();
    }

    private void promote(Rollout rollout, String why) {
        shelf.choose(rollout.id(), rollout.to());
        shelf.endTrial(rollout.id());
        keep.accept(shelf.chosen());
        rollout.enter(Phase.PROMOTED, loop, why);
        // Those that were switched on meanwhile, and all where there was no trial.
        for (Supervised camera : camerasOf(rollout.id())) {
            if (rollout.before(camera.id).isEmpty()) {
                fleet.inquiry().askAnew(camera);
            }
        }
        say(rollout, EventKinds.DRIVER_PROMOTED, EventSeverity.INFO);
    }

    private void rollBack(Rollout rollout, String why) {
        shelf.endTrial(rollout.id());
        rollout.enter(Phase.ROLLED_BACK, loop, why);
        String bad = rollout.to().toString();
        // Those too that were added or switched on meanwhile.
        loop.post(() -> camerasOf(rollout.id()).stream()
                .filter(camera -> rollout.before(camera.id).isPresent() || Fitness.answered(camera, bad))
                .forEach(fleet.inquiry()::askAnew));
        say(rollout, EventKinds.DRIVER_ROLLED_BACK, EventSeverity.WARNING);
    }

    private void say(Rollout rollout, String kind, EventSeverity severity) {
        DriverRollout now = rollout.report();
        LOG.info("Driver {}, rollout of {}: {}. {}", now.driver(), now.to(), now.phase(), now.detail());
        EventPublisher bus = publisher.get();
        if (bus != null) {
            bus.pulse(
                    EventFact.of(
                            EventSource.driver(now.driver()),
                            kind,
                            severity,
                            now.detail(),
                            EventAttributes.of(Map.of("from", now.from(), "to", now.to()))),
                    loop.now().toEpochMilli() * 1_000);
        }
    }

    /** A driver has come: where nothing was chosen yet, what serves once that has settled is. */
    void added(String id) {
        loop.postAfter(SETTLE_MS, () -> settle(id, Optional.empty()));
    }

    /**
     * A version has gone. If it was the chosen one and does not come back, what serves then is chosen. One that is merely not
     * there yet after a start stays chosen.
     */
    void removed(String id, Version version) {
        loop.postAfter(SETTLE_MS, () -> settle(id, Optional.of(version)));
    }

    private synchronized void settle(String id, Optional<Version> gone) {
        Optional<Version> chosen = shelf.chosen(id);
        boolean open = chosen.isEmpty()
                || chosen.equals(gone) && shelf.find(id, chosen.get()).isEmpty();
        if (open && running(id).isEmpty()) {
            chooseServing(id);
        }
    }

    @Override
    public synchronized void keepServing(String id) {
        Optional<Version> chosen = shelf.chosen(id);
        if (chosen.isEmpty() || shelf.find(id, chosen.get()).isEmpty()) {
            chooseServing(id);
        }
    }

    private void chooseServing(String id) {
        shelf.serving(id).ifPresent(driver -> {
            LOG.info("Driver {} serves from now on", driver.label());
            shelf.choose(id, driver.version());
            keep.accept(shelf.chosen());
        });
    }
}
