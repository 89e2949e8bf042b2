// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.driver.kit.search.AnnouncedSearch;
import org.nxvms.driver.kit.search.MdnsSearch;
import org.nxvms.driver.kit.search.Sightings;
import org.nxvms.driver.kit.search.SsdpSearch;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;

/** Looks for devices of Axis by what these announce: a service of multicast DNS, and one of UPnP. */
final class AxisSearch extends AnnouncedSearch {
    static final String SERVICE = "_axis-video._tcp";
    static final String TARGET = "urn:axis-com:service:BasicService:1";

    /** {@code AXIS M3045-V - ACCC8E0A0B0C} */
    private static final Pattern NAME = Pattern.compile("(?i)AXIS ([\\w-]{1,40}).*");
    /** {@code uuid:Upnp-BasicDevice-1_0-ACCC8E0A0B0C::urn:...} */
    private static final Pattern USN = Pattern.compile("(?i)uuid:.{0,80}-([0-9a-f]{12})(::.*)?");

    AxisSearch() {
        super(SERVICE, TARGET);
    }

    @Override
    protected Ear ear(SearchFindings findings) {
        return new Teller(findings);
    }

    @Override
    public Knowledge knowledge() {
        return Knowledge.MAKER;
    }

    /** Tells of each device once, whichever way it was found first. */
    static final class Teller implements Ear {
        private final SearchFindings findings;
        private final Sightings sightings = new Sightings();

        Teller(SearchFindings findings) {
            this.findings = findings;
        }

        @Override
        public void service(MdnsSearch.Instance instance) {
            tell(
                    instance.from(),
                    instance.port(),
                    instance.name(),
                    Sightings.mac(instance.texts().getOrDefault("macaddress", "")));
        }

        @Override
        public void answer(SsdpSearch.Answer answer) {
            Matcher usn = USN.matcher(answer.usn());
            tell(answer.from(), Optional.empty(), "", usn.matches() ? Sightings.mac(usn.group(1)) : "");
        }

        private void tell(InetAddress from, Optional<Integer> port, String name, String mac) {
            Matcher model = NAME.matcher(name);
            DeviceIdentity identity = new DeviceIdentity(
                    "Axis",
                    model.matches() ? model.group(1) : "",
                    "",
                    mac.replace(":", "").toUpperCase(Locale.ROOT),
                    mac);
            Sightings.address("http", from, port, "")
                    .filter(address -> sightings.isNew(address, ""))
                    .ifPresent(
                            address -> findings.found(new FoundDevice(address, Sightings.shown(name), identity), ""));
        }
    }
}
