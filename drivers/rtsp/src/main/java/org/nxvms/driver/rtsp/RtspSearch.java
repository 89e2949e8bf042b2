// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.rtsp;

import java.net.InetAddress;
import java.util.Optional;
import org.nxvms.driver.kit.search.AnnouncedSearch;
import org.nxvms.driver.kit.search.MdnsSearch;
import org.nxvms.driver.kit.search.Sightings;
import org.nxvms.driver.kit.search.SsdpSearch;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;

/**
 * Looks for cameras that announce no more than that they have streams: by multicast DNS, mostly with the path, and by UPnP as
 * security cameras, without one.
 */
final class RtspSearch extends AnnouncedSearch {
    static final String SERVICE = "_rtsp._tcp";
    /** UPnP Forum, DigitalSecurityCamera:1. */
    static final String TARGET = "urn:schemas-upnp-org:device:DigitalSecurityCamera:1";

    RtspSearch() {
        super(SERVICE, TARGET);
    }

    @Override
    protected Ear ear(SearchFindings findings) {
        return new Teller(findings);
    }

    @Override
    public Knowledge knowledge() {
        return Knowledge.STREAMS;
    }

    /** Tells of each address once. */
    static final class Teller implements Ear {
        private final SearchFindings findings;
        private final Sightings sightings = new Sightings();

        Teller(SearchFindings findings) {
            this.findings = findings;
        }

        @Override
        public void service(MdnsSearch.Instance instance) {
            String path = instance.texts().getOrDefault("path", "");
            String mac = Sightings.mac(instance.texts().getOrDefault("macaddress", ""));
            tell(
                    instance.from(),
                    instance.port(),
                    path.isEmpty() || path.startsWith("/") ? path : "/" + path,
                    instance.name(),
                    mac);
        }

        @Override
        public void answer(SsdpSearch.Answer answer) {
            tell(answer.from(), Optional.empty(), "", answer.server(), "");
        }

        private void tell(InetAddress from, Optional<Integer> port, String path, String name, String mac) {
            Sightings.address("rtsp", from, port, path)
                    .filter(address -> address.toString().length() <= RtspAddress.LENGTH_MAX)
                    .filter(address -> address.getRawFragment() == null)
                    .filter(address -> sightings.isNew(address, ""))
                    .ifPresent(address -> findings.found(
                            new FoundDevice(address, Sightings.shown(name), new DeviceIdentity("", "", "", "", mac)),
                            ""));
        }
    }
}
