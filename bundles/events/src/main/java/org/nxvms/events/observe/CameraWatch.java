// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.rest.kit.problem.Times;

/** {@code camera.added, changed, removed, driver_missing, unauthorized}. */
final class CameraWatch {
    private final EventPublisher publisher;
    private final LongSupplier nowUs;
    private final Holding driverMissing;
    private final Holding unauthorized;
    /** Empty until the first look, which only learns what is there. */
    private Optional<Map<UUID, Camera>> known = Optional.empty();

    CameraWatch(EventPublisher publisher, LongSupplier nowUs) {
        this.publisher = publisher;
        this.nowUs = nowUs;
        this.driverMissing = new Holding(publisher, EventKinds.CAMERA_DRIVER_MISSING);
        this.unauthorized = new Holding(publisher, EventKinds.CAMERA_UNAUTHORIZED);
    }

    /** @throws org.nxvms.platform.api.StoreException while the registry has not read its cameras yet */
    void look(CameraRegistry registry) {
        Map<UUID, Camera> now = new HashMap<>();
        registry.list().forEach(camera -> now.put(camera.id(), camera));
        known.ifPresent(before -> compare(before, now));
        known = Optional.of(now);
        driverMissing.begin();
        unauthorized.begin();
        for (Camera camera : now.values()) {
            registry.status(camera.id()).ifPresent(status -> look(camera, status));
        }
        driverMissing.finish(nowUs.getAsLong());
        unauthorized.finish(nowUs.getAsLong());
    }

    private void compare(Map<UUID, Camera> before, Map<UUID, Camera> now) {
        for (Camera camera : now.values()) {
            Camera old = before.get(camera.id());
            if (old == null) {
                say(camera, EventKinds.CAMERA_ADDED, EventSeverity.INFO, "");
            } else if (old.version() != camera.version()) {
                String renamed = old.name().equals(camera.name()) ? "" : "It was called " + old.name() + " before.";
                say(camera, EventKinds.CAMERA_CHANGED, EventSeverity.INFO, renamed);
            }
        }
        for (Camera camera : before.values()) {
            if (!now.containsKey(camera.id())) {
                say(
                        camera,
                        EventKinds.CAMERA_REMOVED,
                        EventSeverity.WARNING,
                        "Its footage stays until retention removes it.");
            }
        }
    }

    private void say(Camera camera, String kind, EventSeverity severity, String detail) {
        publisher.pulse(
                EventFact.of(
                        EventSource.camera(camera.id(), ""),
                        kind,
                        severity,
                        detail,
                        EventAttributes.NONE.with("name", camera.name())),
                nowUs.getAsLong());
    }

    private void look(Camera camera, CameraStatus status) {
        EventSource source = EventSource.camera(camera.id(), "");
        EventAttributes name = EventAttributes.NONE.with("name", camera.name());
        if (camera.enabled() && !status.driverPresent()) {
            driverMissing.holds(
                    EventFact.of(
                            source,
                            EventKinds.CAMERA_DRIVER_MISSING,
                            EventSeverity.WARNING,
                            "The driver " + camera.driver() + " is not installed. The camera records on its last known"
                                    + " streams; control is missing. Install the driver.",
                            name.with("driver", camera.driver())),
                    nowUs.getAsLong());
        }
        if (status.state() == CameraStatus.State.UNAUTHORIZED) {
            unauthorized.holds(
                    EventFact.of(source, EventKinds.CAMERA_UNAUTHORIZED, EventSeverity.WARNING, status.detail(), name),
                    Times.micros(status.since()));
        }
    }
}
