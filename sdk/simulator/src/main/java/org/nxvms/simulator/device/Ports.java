// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.util.ArrayList;
import java.util.List;

/** Digital inputs and outputs: two of each. Thread-safe. */
public final class Ports {
    /**
     * @param index from 0 on
     * @param active whether it is in the state that means something, whatever its idle level is
     */
    public record Port(int index, String name, boolean output, boolean active) {
        private Port with(boolean newActive) {
            return new Port(index, name, output, newActive);
        }
    }

    private final EventHub events;
    private final List<Port> ports = new ArrayList<>(List.of(
            new Port(0, "Door contact", false, false),
            new Port(1, "Call button", false, false),
            new Port(2, "Lamp", true, false),
            new Port(3, "Lock", true, false)));

    Ports(EventHub events) {
        this.events = events;
        ports.forEach(port -> events.set(DeviceState.Kind.PORT, port.index(), port.active()));
    }

    public synchronized List<Port> list() {
        return List.copyOf(ports);
    }

    /** Puts a port into a state, as its wire (an input) or a command (an output) does. */
    public synchronized void set(int index, boolean active) {
        ports.set(index, ports.get(index).with(active));
        events.set(DeviceState.Kind.PORT, index, active);
    }

    public synchronized boolean isOutput(int index) {
        return index >= 0 && index < ports.size() && ports.get(index).output();
    }
}
