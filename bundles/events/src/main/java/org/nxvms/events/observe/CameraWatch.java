// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
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
    private record Part(String name, Function<Camera, Object> of) {}

    /** What people change of a camera, by the names it has in the API. */
    private static final List<Part> PARTS = List.of(
            new Part("name", Camera::name),
            new Part("driver", Camera::driver),
            new Part("address", Camera::address),
            new Part("subAddress", Camera::subAddress),
            new Part("username", Camera::username),
            new Part("enabled", Camera::enabled),
            new Part("group", Camera::group),
            new Part("settings", Camera::settings),
            new Part("recording", Camera::recording));

    private final EventPublisher publisher;
    private final LongSupplier nowUs;
    private final Holding driverMissing;
    private final Holding unauthorized;
    /** Empty until the first look, which only learns what is there. */
    private Optional<Map<UUID, Camera>> known = Optional.empty();

    /** The same as the registry listed them. */
    private List<Camera> listed = List.of();

    CameraWatch(EventPublisher publisher, LongSupplier nowUs) {
        this.publisher = publisher;
        this.nowUs = nowUs;
        this.driverMissing = new Holding(publisher, EventKinds.CAMERA_DRIVER_MISSING);
        this.unauthorized = new Holding(publisher, EventKinds.CAMERA_UNAUTHORIZED);
    }

    /**
     * Takes a look.
     *
     * @param arriving cameras that surely refuse nobody, since their streams arrive; how they fare, which takes many to tell,
     *     is not asked
     * @param isInstalled whether there is a driver of that id
     * @throws org.nxvms.platform.api.StoreException while the registry has not read its cameras yet
     */
    void look(CameraRegistry registry, Set<UUID> arriving, Predicate<String> isInstalled) {
        List<Camera> all = registry.list();
        if (known.isEmpty() || !all.equals(listed)) {
            Map<UUID, Camera> now = new HashMap<>();
            all.forEach(camera -> now.put(camera.id(), camera));
            known.ifPresent(before -> compare(before, now));
            known = Optional.of(now);
            listed = all;
        }
        driverMissing.begin();
        unauthorized.begin();
        for (Camera camera : all) {
            if (camera.enabled() && !isInstalled.test(camera.driver())) {
                isWithoutDriver(camera);
            }
            if (!arriving.contains(camera.id())) {
                registry.status(camera.id())
                        .filter(status -> status.state() == CameraStatus.State.UNAUTHORIZED)
                        .ifPresent(status -> isUnauthorized(camera, status));
            }
        }
        driverMissing.finish(nowUs.getAsLong());
        unauthorized.finish(nowUs.getAsLong());
    }

    private void compare(Map<UUID, Camera> before, Map<UUID, Camera> now) {
        for (Camera camera : now.values()) {
            Camera old = before.get(camera.id());
            if (old == null) {
                // As of when it was added: what it failed in at once comes after it.
                say(camera, EventKinds.CAMERA_ADDED, EventSeverity.INFO, "", Times.micros(camera.created()));
            } else if (old.version() != camera.version()) {
                sayChanged(old, camera);
            }
        }
        for (Camera camera : before.values()) {
            if (!now.containsKey(camera.id())) {
                say(
                        camera,
                        EventKinds.CAMERA_REMOVED,
                        EventSeverity.WARNING,
                        "Its footage stays until retention removes it.",
                        nowUs.getAsLong());
            }
        }
    }

    private void sayChanged(Camera old, Camera camera) {
        String changed = String.join(", ", changesBetween(old, camera));
        boolean sameName = old.name().equals(camera.name());
        String renamed = sameName ? "" : " It was called " + old.name() + " before.";
        EventAttributes attributes =
                EventAttributes.NONE.with("name", camera.name()).with("changed", changed);
        publisher.pulse(
                EventFact.of(
                        EventSource.camera(camera.id(), ""),
                        EventKinds.CAMERA_CHANGED,
                        EventSeverity.INFO,
                        "Changed: " + changed + "." + renamed,
                        sameName ? attributes : attributes.with("before", old.name())),
                Times.micros(camera.updated()));
    }

    private static List<String> changesBetween(Camera old, Camera camera) {
        List<String> changed = new ArrayList<>();
        for (Part part : PARTS) {
            if (!part.of().apply(old).equals(part.of().apply(camera))) {
                changed.add(part.name());
            }
        }
        // A password itself is not to be seen here: when nothing else has changed it was that.
        if (changed.isEmpty() || old.hasPassword() != camera.hasPassword()) {
            changed.add("password");
        }
        return changed;
    }

    private void say(Camera camera, String kind, EventSeverity severity, String detail, long atUs) {
        publisher.pulse(
                EventFact.of(
                        EventSource.camera(camera.id(), ""),
                        kind,
                        severity,
                        detail,
                        EventAttributes.NONE.with("name", camera.name())),
                atUs);
    }

    private void isWithoutDriver(Camera camera) {
        driverMissing.holds(
                EventFact.of(
                        EventSource.camera(camera.id(), ""),
                        EventKinds.CAMERA_DRIVER_MISSING,
                        EventSeverity.WARNING,
                        "The driver " + camera.driver() + " is not installed. The camera records on its last known"
                                + " streams; control is missing. Install the driver.",
                        EventAttributes.NONE.with("name", camera.name()).with("driver", camera.driver())),
                nowUs.getAsLong());
    }

    private void isUnauthorized(Camera camera, CameraStatus status) {
        unauthorized.holds(
                EventFact.of(
                        EventSource.camera(camera.id(), ""),
                        EventKinds.CAMERA_UNAUTHORIZED,
                        EventSeverity.WARNING,
                        status.detail(),
                        EventAttributes.NONE.with("name", camera.name())),
                Times.micros(status.since()));
    }
}
