// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.discovery;

import java.net.Inet6Address;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DeviceSearch.Knowledge;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.platform.api.camera.DiscoveryScan;
import org.nxvms.platform.api.network.AddressRule;

/** One scan while it fills. Any thread. */
final class Scan {
    /** What a device is found by. */
    private record Way(String driver, URI address) {}

    private record Sighting(FoundDevice device, String endpoint, Knowledge knowledge) {}

    private final UUID id = UUID.randomUUID();
    private final Instant begun;
    private final Map<Way, Sighting> sightings = new LinkedHashMap<>();
    private final Map<String, String> failures = new HashMap<>();
    private int searching;
    private long revision;

    /** @param searches how many drivers search */
    Scan(Instant begun, int searches) {
        this.begun = begun;
        this.searching = searches;
    }

    UUID id() {
        return id;
    }

    /** A search that still tells something after its time is not heard. */
    synchronized void found(String driver, Knowledge knowledge, FoundDevice device, String endpoint) {
        if (endpoint.length() > SearchFindings.ENDPOINT_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "an endpoint must not be longer than " + SearchFindings.ENDPOINT_LENGTH_MAX + " characters");
        }
        Way way = new Way(driver, device.address());
        Sighting before = sightings.get(way);
        // Some protocols know a device before others know its name.
        boolean isNews = before == null
                ? sightings.size() < DeviceSearch.DEVICES_MAX
                : before.endpoint().isEmpty() && !endpoint.isEmpty();
        if (searching > 0 && isNews) {
            sightings.put(way, new Sighting(device, endpoint, knowledge));
            changed();
        }
    }

    synchronized void gone(String driver, String endpoint) {
        boolean known = !endpoint.isEmpty()
                && sightings
                        .entrySet()
                        .removeIf(one -> one.getKey().driver().equals(driver)
                                && one.getValue().endpoint().equals(endpoint));
        if (known && searching > 0) {
            changed();
        }
    }

    synchronized void failed(String driver, String why) {
        failures.put(driver, why);
        changed();
    }

    /** One search is over, or has taken too long. */
    synchronized void over() {
        searching--;
        changed();
    }

    private void changed() {
        revision++;
        notifyAll();
    }

    synchronized boolean runs() {
        return searching > 0;
    }

    /** Waits until something has changed since a revision, the scan is over, or the time is. */
    synchronized void await(long since, int timeoutMs) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        long left = end - System.nanoTime();
        while (revision <= since && searching > 0 && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
    }

    DiscoveryScan report(KnownCameras cameras) {
        Map<Way, Sighting> now;
        Map<String, String> why;
        boolean more;
        long at;
        synchronized (this) {
            now = new LinkedHashMap<>(sightings);
            why = Map.copyOf(failures);
            more = runs();
            at = revision;
        }
        return new DiscoveryScan(id, begun, at, more, devices(now, cameras), why);
    }

    /**
     * Several ways to one device are one: those with its endpoint, or its MAC address; and what has neither, where other
     * drivers found one device at its host.
     */
    private static List<DiscoveryScan.Found> devices(Map<Way, Sighting> sightings, KnownCameras cameras) {
        Map<String, List<Map.Entry<Way, Sighting>>> byName = new HashMap<>();
        List<List<Map.Entry<Way, Sighting>>> devices = new ArrayList<>();
        for (Map.Entry<Way, Sighting> one : sightings.entrySet()) {
            List<String> names = names(one.getKey(), one.getValue());
            List<List<Map.Entry<Way, Sighting>>> known =
                    names.stream().map(byName::get).filter(Objects::nonNull).toList();
            List<Map.Entry<Way, Sighting>> device = known.isEmpty() ? new ArrayList<>() : known.get(0);
            if (known.isEmpty()) {
                devices.add(device);
            }
            for (List<Map.Entry<Way, Sighting>> other : known) {
                if (other != device) {
                    // That both are one is told by this sighting only: one had the endpoint, the other the MAC address.
                    device.addAll(other);
                    devices.removeIf(each -> each == other);
                    byName.replaceAll((name, its) -> its == other ? device : its);
                }
            }
            device.add(one);
            names.forEach(name -> byName.putIfAbsent(name, device));
        }
        join(devices);
        Map<String, Integer> ofHost = new HashMap<>();
        devices.forEach(ways -> hosts(ways).forEach(host -> ofHost.merge(host, 1, Integer::sum)));
        return devices.stream().map(ways -> found(ways, cameras, ofHost)).toList();
    }

    private static void join(List<List<Map.Entry<Way, Sighting>>> devices) {
        Map<String, List<List<Map.Entry<Way, Sighting>>>> named = new HashMap<>();
        devices.stream().filter(ways -> !isNameless(ways)).forEach(ways -> hosts(ways)
                .forEach(host ->
                        named.computeIfAbsent(host, key -> new ArrayList<>()).add(ways)));
        devices.removeIf(ways -> {
            List<List<Map.Entry<Way, Sighting>>> there = isNameless(ways)
                    ? hosts(ways)
                            .flatMap(host -> named.getOrDefault(host, List.of()).stream())
                            .toList()
                    : List.of();
            boolean another = there.size() == 1
                    && there.get(0).stream().noneMatch(way -> way.getKey()
                            .driver()
                            .equals(ways.get(0).getKey().driver()));
            if (another) {
                there.get(0).addAll(ways);
            }
            return another;
        });
    }

    private static boolean isNameless(List<Map.Entry<Way, Sighting>> ways) {
        Sighting first = ways.get(0).getValue();
        return ways.size() == 1
                && first.endpoint().isEmpty()
                && first.device().identity().macAddress().isEmpty();
    }

    private static Stream<String> hosts(List<Map.Entry<Way, Sighting>> ways) {
        return ways.stream()
                .flatMap(way -> KnownCameras.host(way.getKey().address()).stream())
                .distinct();
    }

    private static List<String> names(Way way, Sighting sighting) {
        List<String> names = new ArrayList<>();
        if (!sighting.endpoint().isEmpty()) {
            names.add("endpoint " + sighting.endpoint());
        }
        String mac = sighting.device().identity().macAddress();
        if (!mac.isEmpty()) {
            names.add("mac " + mac);
        }
        return names.isEmpty() ? List.of("way " + way) : names;
    }

    private static DiscoveryScan.Found found(
            List<Map.Entry<Way, Sighting>> ways, KnownCameras cameras, Map<String, Integer> ofHost) {
        Map.Entry<Way, Sighting> best = ways.stream()
                .min(Comparator.<Map.Entry<Way, Sighting>, Knowledge>comparing(
                                way -> way.getValue().knowledge())
                        .reversed()
                        .thenComparing(way -> rank(way.getKey().address())))
                .orElseThrow();
        Way first = best.getKey();
        List<DiscoveryScan.Way> others = ways.stream()
                .filter(way -> way != best)
                .map(way -> new DiscoveryScan.Way(
                        way.getKey().driver(), way.getKey().address()))
                .toList();
        Optional<UUID> camera = ways.stream()
                .flatMap(way -> cameras
                        .at(way.getKey().address(), way.getValue().device().identity(), ofHost)
                        .stream())
                .findFirst();
        String endpoint = ways.stream()
                .map(way -> way.getValue().endpoint())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        return new DiscoveryScan.Found(first.driver(), best.getValue().device(), endpoint, others, camera);
    }

    /** {@return what people would take first}: an address of a link means something on this machine only. */
    private static int rank(URI address) {
        return AddressRule.written(KnownCameras.host(address).orElse(""))
                .map(written -> written.isLinkLocalAddress() ? 2 : written instanceof Inet6Address ? 1 : 0)
                .orElse(0);
    }
}
