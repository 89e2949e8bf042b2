// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;

/** {@code driver.installed, removed}, by version. */
final class DriverWatch {
    /** A registry that was just replaced finds its drivers again within seconds. */
    private static final long SETTLE_US = TimeUnit.SECONDS.toMicros(10);

    /** Drivers come and go seldom, and to list them is to count all cameras: once in so many looks, unless one is missed. */
    private static final int LOOKS_PER_LIST = 5;

    private record Driver(String id, String version) {}

    private final EventPublisher publisher;
    private final LongSupplier nowUs;
    private final Map<Driver, Long> seenUs = new HashMap<>();
    private final long beganUs;
    private int looks;
    private boolean isListed;
    private Set<String> installed = Set.of();

    DriverWatch(EventPublisher publisher, LongSupplier nowUs) {
        this.publisher = publisher;
        this.nowUs = nowUs;
        this.beganUs = nowUs.getAsLong();
    }

    /**
     * Takes a look.
     *
     * @return whether there is a driver of an id: before one is said to be missing the drivers are listed anew, once a look
     */
    Predicate<String> look(CameraRegistry registry) {
        isListed = false;
        if (looks++ % LOOKS_PER_LIST == 0) {
            list(registry);
        }
        return id -> {
            if (!installed.contains(id) && !isListed) {
                list(registry);
            }
            return installed.contains(id);
        };
    }

    private void list(CameraRegistry registry) {
        isListed = true;
        long now = nowUs.getAsLong();
        Set<Driver> present = new HashSet<>();
        for (CameraRegistry.InstalledDriver installed : registry.drivers()) {
            Driver driver = new Driver(installed.info().id(), installed.version());
            present.add(driver);
            if (seenUs.put(driver, now) == null && now - beganUs > SETTLE_US) {
                say(driver, EventKinds.DRIVER_INSTALLED, EventSeverity.INFO, now);
            }
        }
        seenUs.entrySet().removeIf(entry -> {
            boolean gone = !present.contains(entry.getKey()) && now - entry.getValue() > SETTLE_US;
            if (gone) {
                say(entry.getKey(), EventKinds.DRIVER_REMOVED, EventSeverity.WARNING, now);
            }
            return gone;
        });
        installed = present.stream().map(Driver::id).collect(Collectors.toSet());
    }

    private void say(Driver driver, String kind, EventSeverity severity, long atUs) {
        publisher.pulse(
                EventFact.of(
                        EventSource.driver(driver.id()),
                        kind,
                        severity,
                        "",
                        EventAttributes.NONE.with("version", driver.version())),
                atUs);
    }
}
