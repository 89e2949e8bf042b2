// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PtzPresets.Preset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Digital inputs (Device IO 5.7) and relays (Device IO 5.6, Core 8.5). No operation tells in which state they are, but their
 * events do: a feed that is open has heard them, and where none is a pull point is made for the look, which says all states first.
 */
final class OnvifPorts implements DigitalIo {
    static final String RELAY = OnvifDriver.ID + ".relay";

    private static final Logger LOG = LoggerFactory.getLogger(OnvifPorts.class);
    private static final String GET_RELAYS = "GetRelayOutputs";
    static final int PORTS_MAX = 256;
    /** Answers of a pull point that are waited for: more states than that has no camera. */
    private static final int PULLS_MAX = 5;

    /** @param part as in events */
    private record Wire(String token, String id, Direction direction, String part) {}

    private final Services services;
    private final Supplier<Quirks> quirks;
    private final Set<String> otherSources;
    private final Optional<OnvifEvents> events;
    private final List<Wire> wires;
    /** Which service switches outputs. */
    private final Service relays;
    /** What was switched last, for devices that do not say; by id. */
    private final Map<String, Boolean> switched = new HashMap<>();

    private OnvifPorts(
            Services services,
            Supplier<Quirks> quirks,
            Set<String> otherSources,
            Optional<OnvifEvents> events,
            List<Wire> wires,
            Service relays) {
        this.services = services;
        this.events = events;
        this.relays = relays;
        this.quirks = quirks;
        this.otherSources = otherSources;
        this.wires = wires;
    }

    /** {@return the ports of a device; empty when it has none, or does not tell} */
    static Optional<OnvifPorts> ask(
            Services services, Supplier<Quirks> quirks, Set<String> otherSources, Optional<OnvifEvents> events)
            throws DriverException {
        List<Wire> wires = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        if (services.has(Service.DEVICE_IO)) {
            services.findBeside(Service.DEVICE_IO, "GetDigitalInputs", "")
                    .ifPresent(told -> add(wires, ids, told.all("DigitalInputs"), Direction.INPUT, "input"));
        }
        Service relays = Service.DEVICE;
        Optional<XmlNode> outputs = services.findBeside(Service.DEVICE, GET_RELAYS, "");
        if (outputs.isEmpty() && services.has(Service.DEVICE_IO)) {
            // The same operations, by the names of the Device service (Device IO 5.6).
            relays = Service.DEVICE_IO;
            outputs = services.findBeside(Service.DEVICE_IO, Service.DEVICE, GET_RELAYS, "");
        }
        outputs.ifPresent(told -> add(wires, ids, told.all("RelayOutputs"), Direction.OUTPUT, "output"));
        return wires.isEmpty()
                ? Optional.empty()
                : Optional.of(new OnvifPorts(services, quirks, otherSources, events, List.copyOf(wires), relays));
    }

    private static void add(List<Wire> to, Set<String> ids, List<XmlNode> told, Direction direction, String prefix) {
        for (XmlNode node : told) {
            String token = node.attribute("token");
            String safe = Topics.safe(token);
            // An input and an output may have the same token.
            String id = ids.contains(safe) ? prefix + "_" + safe : safe;
            if (!token.isEmpty() && token.length() <= Preset.TOKEN_CHARS_MAX && to.size() < PORTS_MAX && ids.add(id)) {
                to.add(new Wire(token, id, direction, prefix + "/" + safe));
            }
        }
    }

    @Override
    public List<Port> ports() throws DriverException {
        Map<String, Boolean> states = states();
        return wires.stream()
                .map(wire -> new Port(
                        wire.id(),
                        wire.token().replaceAll("\\p{Cntrl}", "?"),
                        wire.direction(),
                        states.getOrDefault(wire.part(), switched.getOrDefault(wire.id(), false))))
                .toList();
    }

    /** {@return states by part; what a device does not say is not in it} */
    private Map<String, Boolean> states() throws DriverException {
        Map<String, Boolean> states =
                new HashMap<>(events.map(OnvifEvents::ports).orElse(Map.of()));
        if (!services.has(Service.EVENTS) || wires.stream().allMatch(wire -> states.containsKey(wire.part()))) {
            return states;
        }
        try {
            PullPoint pullPoint = PullPoint.create(services);
            try {
                for (int i = 0; i < PULLS_MAX && take(pullPoint, states); i++) {
                    // until it has nothing more to say, or has said all that is asked for
                }
            } finally {
                pullPoint.end();
            }
        } catch (DriverException unsaid) {
            if (unsaid.kind() == Kind.UNREACHABLE || unsaid.kind() == Kind.AUTH || unsaid.kind() == Kind.CLOSED) {
                throw unsaid;
            }
            if (unsaid.kind() == Kind.BUSY && states.isEmpty()) {
                // It would tell, and has no place for us now: nobody knows, which is not the same as off.
                throw unsaid;
            }
            LOG.debug("the camera does not say the states of its ports: {}", unsaid.getMessage());
        }
        return states;
    }

    /** {@return whether there may be more} */
    private boolean take(PullPoint from, Map<String, Boolean> into) throws DriverException {
        List<XmlNode> told = from.take(1);
        for (XmlNode notification : told) {
            for (DeviceEvent event :
                    Topics.events(notification, otherSources, quirks.get().topics())) {
                if (event.kind().equals(DeviceEvent.INPUT) || event.kind().equals(RELAY)) {
                    into.put(event.part(), event.form() == DeviceEvent.Form.ON);
                }
            }
        }
        return !told.isEmpty() && wires.stream().anyMatch(wire -> !into.containsKey(wire.part()));
    }

    @Override
    public void set(String id, boolean on) throws DriverException {
        Wire output = wires.stream()
                .filter(wire ->
                        wire.direction() == Direction.OUTPUT && wire.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new DriverException(Kind.NOT_FOUND, "The camera has no output '" + id + "'."));
        services.call(
                relays,
                Service.DEVICE,
                "SetRelayOutputState",
                "<o:RelayOutputToken>" + SoapText.escaped(output.token()) + "</o:RelayOutputToken><o:LogicalState>"
                        + (on ? "active" : "inactive") + "</o:LogicalState>");
        switched.put(id, on);
        events.ifPresent(feed -> feed.switched(output.part(), on));
    }
}
