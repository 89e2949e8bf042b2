// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.platform.api.camera.DeviceDiscovery;
import org.nxvms.platform.api.camera.DiscoveryScan;

/** What a search prints while it goes on. */
class DiscoverCommandTest {
    private final FakeDiscovery discovery = new FakeDiscovery();
    private final Console console = new Console().with(DeviceDiscovery.class, discovery);
    private final DiscoverCommand command = new DiscoverCommand();

    /** A scan that is a step further each time it is waited for. */
    private static final class FakeDiscovery implements DeviceDiscovery {
        private final Queue<DiscoveryScan> steps = new ArrayDeque<>();
        private Order order;

        @Override
        public DiscoveryScan begin(Order wanted) {
            order = wanted;
            if (steps.isEmpty()) {
                throw new IllegalStateException("A scan is under way");
            }
            return steps.remove();
        }

        @Override
        public Optional<DiscoveryScan> scan(UUID id) {
            throw new AssertionError("it waits");
        }

        @Override
        public Optional<DiscoveryScan> await(UUID id, long revision, int timeoutMs) {
            return Optional.ofNullable(steps.poll());
        }
    }

    private static DiscoveryScan scan(long revision, boolean runs, Map<String, String> failures, String... addresses) {
        List<DiscoveryScan.Found> found = List.of(addresses).stream()
                .map(address -> new DiscoveryScan.Found(
                        "onvif",
                        new FoundDevice(URI.create(address), "Gate", new DeviceIdentity("", "X1", "", "", "")),
                        "",
                        List.of(),
                        Optional.empty()))
                .toList();
        return new DiscoveryScan(new UUID(0, 1), Instant.EPOCH, revision, runs, found, failures);
    }

    @Test
    void eachDeviceIsPrintedOnceAndWhatDidNotWork() throws Exception {
        discovery.steps.add(scan(0, true, Map.of()));
        discovery.steps.add(scan(1, true, Map.of(), "http://192.0.2.1"));
        discovery.steps.add(scan(3, false, Map.of("axis", "No network."), "http://192.0.2.1", "http://192.0.2.2:81/x"));
        command.addresses = List.of("192.0.2.0/30");
        command.drivers = List.of("onvif");

        assertThat(console.run(command).lines())
                .containsExactly(
                        "http://192.0.2.1  onvif  X1  Gate",
                        "http://192.0.2.2:81/x  onvif  X1  Gate",
                        "axis: No network.",
                        "2 devices.");
        assertThat(discovery.order).isEqualTo(new DeviceDiscovery.Order(Set.of("onvif"), 5, List.of("192.0.2.0/30")));
    }

    @Test
    void oneAtATime() {
        assertThatThrownBy(() -> console.run(command))
                .isInstanceOf(CommandException.class)
                .hasMessage("A scan is under way.");
    }
}
