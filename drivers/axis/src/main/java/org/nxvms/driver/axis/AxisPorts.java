// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;

/** Digital ports, by the port management interface: a port is on when its circuit is not in its normal state. */
final class AxisPorts implements DigitalIo {
    private static final String PATH = "/axis-cgi/io/portmanagement.cgi";
    private static final int PORTS_MAX = 100;

    private final AxisHttp http;

    AxisPorts(AxisHttp http) {
        this.http = http;
    }

    private record Wired(Port port, String normal) {}

    private List<Wired> ask() throws DriverException {
        List<Wired> ports = new ArrayList<>();
        for (Object item : JsonTree.list(http.call(PATH, "getPorts", Map.of()), "items")) {
            String id = JsonTree.text(item, "port");
            if (ports.size() < PORTS_MAX && id.matches("\\d{1,4}")) {
                String normal = JsonTree.text(item, "normalState");
                ports.add(new Wired(
                        new Port(
                                id,
                                JsonTree.text(item, "name"),
                                JsonTree.text(item, "direction").equals("output") ? Direction.OUTPUT : Direction.INPUT,
                                !JsonTree.text(item, "state").equals(normal)),
                        normal));
            }
        }
        return ports;
    }

    @Override
    public List<Port> ports() throws DriverException {
        return ask().stream().map(Wired::port).toList();
    }

    /** {@return the ids of outputs} */
    Set<String> outputs() throws DriverException {
        return ports().stream()
                .filter(port -> port.direction() == Direction.OUTPUT)
                .map(Port::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void set(String id, boolean on) throws DriverException {
        Wired output = ask().stream()
                .filter(wired -> wired.port().id().equals(id) && wired.port().direction() == Direction.OUTPUT)
                .findFirst()
                .orElseThrow(() ->
                        new DriverException(DriverException.Kind.NOT_FOUND, "The camera has no output '" + id + "'."));
        boolean closed = on == output.normal().equals("open");
        http.call(PATH, "setPorts", Map.of("ports", List.of(Map.of("port", id, "state", closed ? "closed" : "open"))));
    }
}
