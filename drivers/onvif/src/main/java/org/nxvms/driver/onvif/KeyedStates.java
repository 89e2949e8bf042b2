// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.DeviceEvent;

/**
 * States that several objects have, such as two people in one field: a property is one by topic, source and key (Core 9.4), and
 * the state ends with the last. One thread at a time.
 */
final class KeyedStates {
    /** Of more objects, and of more states, each end counts. */
    private static final int KEYS_MAX = 256;

    private static final int STATES_MAX = 256;

    private record State(String kind, String part) {}

    /** Since which asking for all states each object was told of last, by state. */
    private final Map<State, Map<String, Integer>> on = new HashMap<>();
    /** Of which all objects were told anew since they were asked for. */
    private final Set<State> retold = new HashSet<>();

    private int asked;

    /** {@return what a message comes to}; nothing for an end after which others go on */
    Optional<DeviceEvent> take(Topics.Told told) {
        DeviceEvent event = told.event();
        State state = new State(event.kind(), event.part());
        boolean isOn = event.form() == DeviceEvent.Form.ON;
        if (event.form() == DeviceEvent.Form.PULSE || told.key().isEmpty()) {
            if (event.form() == DeviceEvent.Form.OFF) {
                on.remove(state);
            }
            return Optional.of(event);
        }
        if (told.initialized() && retold.size() < STATES_MAX) {
            retold.add(state);
        }
        Map<String, Integer> keys = on.getOrDefault(state, Map.of());
        if (isOn && (keys.containsKey(told.key()) || keys.size() < KEYS_MAX && on.size() < STATES_MAX)) {
            on.computeIfAbsent(state, one -> new HashMap<>()).put(told.key(), asked);
        } else if (!isOn && !keys.isEmpty()) {
            keys.remove(told.key());
            if (keys.isEmpty()) {
                on.remove(state);
            }
        }
        return isOn || !on.containsKey(state) ? Optional.of(event) : Optional.empty();
    }

    /** All states are asked for anew. {@return what has ended without a word}: objects that were left out the last time */
    List<DeviceEvent> askAnew() {
        List<DeviceEvent> over = new ArrayList<>();
        for (State state : retold) {
            Map<String, Integer> keys = on.get(state);
            if (keys != null) {
                keys.values().removeIf(last -> last < asked);
                if (keys.isEmpty()) {
                    on.remove(state);
                    over.add(DeviceEvent.off(state.kind(), state.part()));
                }
            }
        }
        retold.clear();
        asked++;
        return over;
    }
}
