// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.util.List;
import java.util.function.Consumer;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.driver.spi.SearchScope;

/** Looks for devices by what these announce: a service of multicast DNS, and a target of SSDP. */
public abstract class AnnouncedSearch implements DeviceSearch {
    private final String service;
    private final String target;

    /** Makes findings of one search's announcements, each of which it may hear several times. One thread. */
    public interface Ear {
        void service(MdnsSearch.Instance instance);

        void answer(SsdpSearch.Answer answer);
    }

    /**
     * @param service e.g. {@code _rtsp._tcp}
     * @param target e.g. {@code urn:schemas-upnp-org:device:DigitalSecurityCamera:1}
     */
    protected AnnouncedSearch(String service, String target) {
        this.service = service;
        this.target = target;
    }

    /** {@return what listens during one search} */
    protected abstract Ear ear(SearchFindings findings);

    @Override
    public final void search(int timeMs, Consumer<FoundDevice> found) throws DriverException, InterruptedException {
        search(SearchScope.everywhere(timeMs), SearchFindings.of(found));
    }

    @Override
    public final void search(SearchScope scope, SearchFindings findings) throws DriverException, InterruptedException {
        Ear ear = ear(findings);
        SearchRun.run(
                scope,
                List.of(new MdnsSearch(List.of(service), ear::service), new SsdpSearch(List.of(target), ear::answer)));
    }
}
