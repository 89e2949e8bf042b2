// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.Map;
import java.util.Objects;

/**
 * What a device said of itself. The platform adds camera, severity and time (its own: clocks of devices are wrong), and
 * leaves out, with a count, what breaks the bounds of its event model.
 *
 * @param kind a word of the platform, such as {@link #MOTION}, or one of the driver's own that begins with its id, hyphens
 *     as underscores: {@code acme.door_forced}; empty for {@link Form#SYNCHRONISED}
 * @param part which part of the device, e.g. {@code input/2}; empty for the whole. Kind and part are the key of a state
 * @param attributes more, as text by camelCase name
 * @since 1.2
 */
public record DeviceEvent(Form form, String kind, String part, Map<String, String> attributes) {
    /** Something moves; a state. */
    public static final String MOTION = "camera.motion";
    /** A digital input is on; a state, with part {@code input/} and the port's id. */
    public static final String INPUT = "camera.input";
    /** Covered, turned or defocused; a state. */
    public static final String TAMPER = "camera.tamper";

    /** What is said; more may follow, unknown ones are left out. */
    public enum Form {
        /** A state holds; again while it holds changes nothing. */
        ON,
        /** A state is over; nothing happens when it was not on. */
        OFF,
        /** Something happened at this moment. */
        PULSE,
        /** Every state that holds has been said since the feed began; all others are over. */
        SYNCHRONISED
    }

    public DeviceEvent {
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(part, "part");
        attributes = Map.copyOf(attributes);
    }

    public static DeviceEvent on(String kind, String part) {
        return new DeviceEvent(Form.ON, kind, part, Map.of());
    }

    public static DeviceEvent off(String kind, String part) {
        return new DeviceEvent(Form.OFF, kind, part, Map.of());
    }

    public static DeviceEvent pulse(String kind, String part) {
        return new DeviceEvent(Form.PULSE, kind, part, Map.of());
    }

    public static DeviceEvent synchronised() {
        return new DeviceEvent(Form.SYNCHRONISED, "", "", Map.of());
    }
}
