// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.discovery;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.platform.api.camera.DiscoveryScan;

/** One scan while it fills. Any thread. */
final class Scan {
    private record Key(String driver, URI address) {}

    private final UUID id = UUID.randomUUID();
    private final Instant begun;
    private final Map<Key, FoundDevice> devices = new LinkedHashMap<>();
    private final Map<String, String> failures = new HashMap<>();
    private int searching;

    /** @param searches how many drivers search */
    Scan(Instant begun, int searches) {
        this.begun = begun;
        this.searching = searches;
    }

    UUID id() {
        return id;
    }

    /** A search that still tells something after its time is not heard. */
    synchronized void found(String driver, FoundDevice device) {
        if (searching > 0 && devices.size() < DeviceSearch.DEVICES_MAX) {
            devices.putIfAbsent(new Key(driver, device.address()), device);
        }
    }

    synchronized void failed(String driver, String why) {
        failures.put(driver, why);
    }

    /** One search is over, or has taken too long. */
    synchronized void over() {
        searching--;
    }

    synchronized boolean runs() {
        return searching > 0;
    }

    /** {@return the host in lower case; empty for an address without one, such as a file} */
    static Optional<String> host(URI address) {
        return Optional.ofNullable(address.getHost()).map(host -> host.toLowerCase(Locale.ROOT));
    }

    /** @param cameras configured ones by their host */
    DiscoveryScan report(Map<String, UUID> cameras) {
        Map<Key, FoundDevice> now;
        Map<String, String> why;
        boolean more;
        synchronized (this) {
            now = new LinkedHashMap<>(devices);
            why = Map.copyOf(failures);
            more = runs();
        }
        List<DiscoveryScan.Found> found = new ArrayList<>();
        now.forEach((key, device) -> found.add(new DiscoveryScan.Found(
                key.driver(), device, host(device.address()).map(cameras::get))));
        return new DiscoveryScan(id, begun, more, found, why);
    }
}
