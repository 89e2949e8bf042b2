// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.DeviceDiscovery;
import org.nxvms.platform.api.camera.DiscoveryScan;

/** {@code nxvms:discover}. */
@Service
@Command(
        scope = "nxvms",
        name = "discover",
        description = "Looks for devices in the networks of the server and prints each as it is found.")
public final class DiscoverCommand extends ServerCommand {
    private static final int WAIT_MS = 5_000;

    @Argument(
            name = "addresses",
            description = "Whom to ask, and nobody else: 192.0.2.10, 192.0.2.10-192.0.2.90, 192.0.2.0/24",
            multiValued = true)
    List<String> addresses = List.of();

    @Option(name = "--driver", description = "Id of a driver that shall search, may be repeated", multiValued = true)
    @Completion(DriverCompleter.class)
    List<String> drivers = List.of();

    @Option(name = "--seconds", description = "How long, 1..60")
    int seconds = DeviceDiscovery.SECONDS_DEFAULT;

    @Override
    void run(Services services) throws Exception {
        DeviceDiscovery discovery = services.require(DeviceDiscovery.class, "The search for devices");
        DiscoveryScan scan;
        try {
            scan = discovery.begin(new DeviceDiscovery.Order(Set.copyOf(drivers), seconds, addresses));
        } catch (IllegalStateException notNow) {
            throw new CommandException(notNow.getMessage() + ".", notNow);
        }
        note(services, "discovery.begun", "discovery", Map.of());
        Set<String> printed = new HashSet<>();
        print(services, scan, printed);
        while (scan.runs()) {
            UUID id = scan.id();
            scan = discovery
                    .await(id, scan.revision(), WAIT_MS)
                    .orElseThrow(() -> new CommandException("The scan has been forgotten; others came after it."));
            print(services, scan, printed);
        }
        scan.failures().forEach((driver, why) -> out().println(driver + ": " + why));
        out().println(scan.devices().size() == 1 ? "1 device." : scan.devices().size() + " devices.");
    }

    private static void print(Services services, DiscoveryScan scan, Set<String> printed) {
        for (DiscoveryScan.Found found : scan.devices()) {
            FoundDevice device = found.device();
            if (printed.add(found.driver() + " " + device.address())) {
                String known = found.camera()
                        .flatMap(id -> services.find(CameraRegistry.class).flatMap(registry -> registry.find(id)))
                        .map(camera -> "is " + camera.name())
                        .orElse("");
                String line = String.join(
                        "  ",
                        List.of(
                                device.address().toString(),
                                found.driver(),
                                device.identity().manufacturer(),
                                device.identity().model(),
                                device.identity().macAddress(),
                                device.name(),
                                known));
                out().println(line.replaceAll(" {3,}", "  ").strip());
            }
        }
    }
}
