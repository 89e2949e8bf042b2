// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nxvms.console.extensions.found.Found;
import org.nxvms.console.extensions.found.Shelf;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.console.ConsoleExtensions;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices bundles that bring a console extension while they run. What a bundle brings is read on the thread that starts it,
 * so that it is listed, or refused, when its start returns; a change is said as an event, by which open consoles look again.
 */
@Component(
        service = {ConsoleExtensions.class, Extensions.class},
        immediate = true)
public final class ExtensionTracker implements ConsoleExtensions, Extensions, BundleTrackerCustomizer<Found> {
    private static final Logger LOG = LoggerFactory.getLogger(ExtensionTracker.class);
    private static final String PART = "console";

    private final UUID serverId;
    private final Clock clock;
    private final BundleTracker<Found> bundles;
    /** By the bundles' ids. Guarded by this. */
    private final Map<Long, Found> running = new TreeMap<>();
    /** Whether a change was not told yet, because nobody takes events. */
    private final AtomicBoolean unsaid = new AtomicBoolean();

    private volatile EventPublisher publisher;
    private volatile Shelf shelf = new Shelf(List.of(), List.of());

    @Activate
    public ExtensionTracker(BundleContext context, @Reference ServerIdentity server) {
        this(context, server.serverId(), Clock.systemUTC());
    }

    ExtensionTracker(BundleContext context, UUID serverId, Clock clock) {
        this.serverId = serverId;
        this.clock = clock;
        this.bundles = new BundleTracker<>(context, Bundle.ACTIVE, this);
    }

    @Activate
    void open() {
        bundles.open();
    }

    /** Nothing is said: what comes after us lists the same, and says so. */
    @Deactivate
    void close() {
        publisher = null;
        bundles.close();
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindPublisher(EventPublisher now) {
        publisher = now;
        say();
    }

    void unbindPublisher(EventPublisher gone) {
        if (publisher == gone) {
            publisher = null;
        }
    }

    @Override
    public Found addingBundle(Bundle bundle, BundleEvent event) {
        if (bundle.getHeaders("").get(HEADER) == null) {
            return null;
        }
        Found found = Found.in(bundle);
        found.flaw()
                .ifPresent(flaw -> LOG.warn(
                        "The console extension of {} {} is not shown: {}", found.bundle(), found.version(), flaw));
        changed(() -> running.put(found.order(), found));
        return found;
    }

    @Override
    public void modifiedBundle(Bundle bundle, BundleEvent event, Found found) {
        // Tracked in one state only.
    }

    @Override
    public void removedBundle(Bundle bundle, BundleEvent event, Found found) {
        changed(() -> running.remove(found.order()));
    }

    private void changed(Runnable what) {
        List<String> now;
        synchronized (this) {
            what.run();
            List<String> before = addresses(shelf);
            shelf = Shelf.of(running.values());
            now = addresses(shelf);
            if (before.equals(now)) {
                return;
            }
        }
        LOG.info("Console extensions: {}", now.isEmpty() ? "none" : now);
        unsaid.set(true);
        say();
    }

    private static List<String> addresses(Shelf shelf) {
        return shelf.shown().stream()
                .map(one -> one.description().id() + " " + one.version() + " " + one.base())
                .toList();
    }

    /** Without what changed: who may not see an extension learns nothing of it. */
    private void say() {
        EventPublisher to = publisher;
        if (to != null && unsaid.getAndSet(false)) {
            EventFact changed = EventFact.of(
                    EventSource.server(serverId, PART),
                    EventKinds.CONSOLE_EXTENSIONS_CHANGED,
                    EventSeverity.INFO,
                    "",
                    EventAttributes.NONE);
            // One that finds no place is counted by who dropped it; consoles look again by themselves, only later.
            to.pulse(changed, clock.millis() * 1_000);
        }
    }

    @Override
    public Shelf shelf() {
        return shelf;
    }

    @Override
    public Optional<String> refusal(String bundle, String version) {
        return shelf.refused().stream()
                .filter(one -> one.bundle().equals(bundle) && one.version().equals(version))
                .map(Shelf.Refused::reason)
                .findFirst();
    }
}
