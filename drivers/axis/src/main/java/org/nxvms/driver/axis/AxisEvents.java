// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DriverException;

/** Events over the camera's WebSocket, one feed at a time. */
final class AxisEvents implements DeviceEvents {
    private final AxisHttp http;
    private final Optional<AxisPorts> ports;
    private volatile AxisFeed open;

    AxisEvents(AxisHttp http, Optional<AxisPorts> ports) {
        this.http = http;
        this.ports = ports;
    }

    @Override
    public Feed subscribe() throws DriverException {
        close();
        // Asked before the stream is opened: this login's nonce is then known, and the ports' directions are.
        Optional<Set<String>> outputs = outputs();
        AxisFeed feed = AxisFeed.open(http, outputs, AxisFeed.Patience.USUAL);
        open = feed;
        return feed;
    }

    /** {@return which ports are outputs; empty for a user who may not see them, who gets all other events} */
    private Optional<Set<String>> outputs() throws DriverException {
        try {
            return Optional.of(ports.isPresent() ? ports.get().outputs() : Set.of());
        } catch (DriverException refused) {
            http.requireThere(refused);
            return Optional.empty();
        }
    }

    void close() {
        AxisFeed feed = open;
        if (feed != null) {
            feed.close();
        }
    }
}
