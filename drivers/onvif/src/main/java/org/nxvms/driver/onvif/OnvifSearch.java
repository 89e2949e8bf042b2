// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.function.Consumer;
import org.nxvms.driver.kit.search.MdnsSearch;
import org.nxvms.driver.kit.search.SearchRun;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.driver.spi.SearchScope;

/** Looks for devices that speak ONVIF. */
final class OnvifSearch implements DeviceSearch {
    private static final String SERVICE = "_onvif._tcp";

    private final int port;

    /** @param port at which devices listen */
    OnvifSearch(int port) {
        this.port = port;
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
        WsDiscovery discovery = new WsDiscovery(port, findings);
        SearchRun.run(scope, List.of(discovery, new MdnsSearch(List.of(SERVICE), discovery::service)));
    }
}
