// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.nxvms.driver.kit.http.HttpClients;
import org.nxvms.driver.kit.search.MdnsSearch;
import org.nxvms.driver.kit.search.SearchProtocol;
import org.nxvms.driver.kit.search.SearchRun;
import org.nxvms.driver.kit.search.SsdpSearch;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.driver.spi.SearchScope;

/**
 * Looks for devices that speak ONVIF: by WS-Discovery and multicast DNS, and of the hosts that answer by neither, but are asked
 * for by their address or announce themselves by UPnP as anything, by HTTP.
 */
final class OnvifSearch implements DeviceSearch {
    private static final String SERVICE = "_onvif._tcp";
    /** Whatever knows UPnP answers to these (UPnP Device Architecture 1.1 1.3.2), cameras of many makers to no other. */
    private static final List<String> ANYBODY = List.of("upnp:rootdevice", "urn:schemas-upnp-org:device:Basic:1");

    /** Who announces anything. More hosts of a network than that are no cameras. */
    private static final int NEIGHBOURS_MAX = 256;
    /** Of the time of a search, for those; not more than a part of it. */
    private static final int NEIGHBOURS_MS = 2_000;

    private static final int NEIGHBOURS_PART = 3;

    /**
     * Where devices listen.
     *
     * @param discovery UDP port of WS-Discovery
     * @param upnp UDP port of SSDP
     * @param http TCP ports at which hosts are asked
     */
    record Ports(int discovery, int upnp, List<Integer> http) {
        static final Ports USUAL = new Ports(WsDiscovery.PORT, SsdpSearch.PORT, HttpSearch.PORTS);
    }

    private final Ports ports;
    private final HttpClients clients;
    private final int answerMs;

    OnvifSearch(Ports ports, HttpClients clients) {
        this(ports, clients, HttpSearch.PATIENCE_MS);
    }

    /** @param answerMs how long a host that is asked by HTTP has for its answer */
    OnvifSearch(Ports ports, HttpClients clients, int answerMs) {
        this.ports = ports;
        this.clients = clients;
        this.answerMs = answerMs;
    }

    /** Endpoints last (Core 7.3.1), and are told by {@link OnvifSession#endpoint} too. */
    @Override
    public boolean recognizes() {
        return true;
    }

    @Override
    public void search(int timeMs, Consumer<FoundDevice> found) throws DriverException, InterruptedException {
        search(SearchScope.everywhere(timeMs), SearchFindings.of(found));
    }

    @Override
    public void search(SearchScope scope, SearchFindings findings) throws DriverException, InterruptedException {
        long endNano = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(scope.timeMs());
        WsDiscovery discovery = new WsDiscovery(ports.discovery(), findings);
        List<SearchProtocol> protocols =
                new ArrayList<>(List.of(discovery, new MdnsSearch(List.of(SERVICE), discovery::service)));
        if (scope.addresses().isEmpty()) {
            Set<InetAddress> announced = new LinkedHashSet<>();
            protocols.add(new SsdpSearch(ANYBODY, ports.upnp(), answer -> {
                if (announced.size() < NEIGHBOURS_MAX) {
                    announced.add(answer.from());
                }
            }));
            int laterMs = Math.min(NEIGHBOURS_MS, scope.timeMs() / NEIGHBOURS_PART);
            SearchRun.run(
                    new SearchScope(scope.timeMs() - laterMs, scope.interfaces(), List.of(), scope.packetsPerSecond()),
                    protocols);
            // Whoever says that it is somebody else's address could send us anywhere: neighbours only.
            if (!announced.isEmpty()) {
                byHttp(SearchRun.neighbours(scope, announced), scope, discovery, endNano);
            }
            return;
        }
        SearchRun.run(scope, protocols);
        int left = byHttp(SearchRun.reachable(scope, scope.addresses()), scope, discovery, endNano);
        if (left > 0) {
            throw new DriverException(
                    Kind.BUSY,
                    "The time was not enough to ask by HTTP the " + left + " last of the addresses that did not answer"
                            + " WS-Discovery; search longer, or a part of them.");
        }
    }

    private int byHttp(List<InetAddress> hosts, SearchScope scope, WsDiscovery discovery, long endNano)
            throws DriverException, InterruptedException {
        List<InetAddress> silent =
                hosts.stream().filter(host -> !discovery.hasFound(host)).toList();
        if (silent.isEmpty()) {
            return 0;
        }
        try (HttpSearch http = new HttpSearch(clients.get(true), ports.http(), answerMs, discovery::byHttp)) {
            return http.ask(silent, scope.packetsPerSecond(), endNano);
        }
    }
}
