// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.fault.BadInputException;

/** What shall happen at a device, as people write it. */
record EventInput(DeviceState.Kind kind, int part, boolean active) {
    static final String EXAMPLE = "{\"event\": \"motion\", \"active\": true}";

    private static final String PULSE = "{\"event\": \"pulse\"}";

    static EventInput read(byte[] body) throws IOException {
        InputObject input = InputObject.parse(body, "body", EXAMPLE).allow(Set.of("event", "part", "active"));
        String event = input.text("event");
        DeviceState.Kind kind = Arrays.stream(DeviceState.Kind.values())
                .filter(each -> id(each).equals(event))
                .findFirst()
                .orElseThrow(() -> new BadInputException(
                        "event",
                        "there is no event '" + event + "'",
                        "give one of "
                                + Arrays.stream(DeviceState.Kind.values())
                                        .map(EventInput::id)
                                        .collect(Collectors.joining(", "))));
        long part = input.number("part").orElse(0);
        if (part < 0 || part > parts(kind)) {
            throw new BadInputException("part", part + " is out of range", "give 0.." + parts(kind));
        }
        if (kind == DeviceState.Kind.PULSE && input.has("active")) {
            throw new BadInputException("active", "a pulse has no end", "give an object like " + PULSE);
        }
        return new EventInput(kind, (int) part, kind == DeviceState.Kind.PULSE || input.bool("active"));
    }

    private static int parts(DeviceState.Kind kind) {
        return switch (kind) {
            case PORT -> 3;
            case PULSE -> 9;
            case MOTION, VIRTUAL_INPUT -> 0;
        };
    }

    static String id(DeviceState.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void apply(Device device) {
        switch (kind) {
            case PORT -> device.ports().set(part, active);
            case PULSE -> device.events().pulse(part);
            case MOTION, VIRTUAL_INPUT -> device.events().set(kind, part, active);
        }
    }
}
