// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.kit.search.AnnouncedSearch;
import org.nxvms.driver.kit.search.MdnsSearch;
import org.nxvms.driver.kit.search.SsdpSearch;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;

/** What a device of Axis announces says who it is, and is told of once whichever way it came. */
class AxisSearchTest {
    private final List<FoundDevice> found = new ArrayList<>();
    private final AnnouncedSearch.Ear ear = new AxisSearch.Teller(SearchFindings.of(found::add));

    private static MdnsSearch.Instance service(String name, int port, Map<String, String> texts, String from)
            throws Exception {
        return new MdnsSearch.Instance(AxisSearch.SERVICE, name, Optional.of(port), texts, InetAddress.getByName(from));
    }

    @Test
    void aServiceOfMulticastDnsNamesModelAndMacAddress() throws Exception {
        ear.service(service("AXIS M3045-V - ACCC8E0A0B0C", 80, Map.of("macaddress", "ACCC8E0A0B0C"), "192.0.2.7"));
        ear.answer(new SsdpSearch.Answer(AxisSearch.TARGET, "uuid:x", "", "", InetAddress.getByName("192.0.2.7")));
        assertThat(found)
                .containsExactly(new FoundDevice(
                        URI.create("http://192.0.2.7"),
                        "AXIS M3045-V - ACCC8E0A0B0C",
                        new DeviceIdentity("Axis", "M3045-V", "", "ACCC8E0A0B0C", "ac:cc:8e:0a:0b:0c")));
    }

    @Test
    void anAnswerOfUpnpNamesTheMacAddressInItsName() throws Exception {
        ear.answer(new SsdpSearch.Answer(
                AxisSearch.TARGET,
                "uuid:Upnp-BasicDevice-1_0-ACCC8E0A0B0C::" + AxisSearch.TARGET,
                "http://198.51.100.1:49152/rootdesc1.xml",
                "",
                InetAddress.getByName("192.0.2.7")));
        assertThat(found)
                .containsExactly(new FoundDevice(
                        URI.create("http://192.0.2.7"),
                        "",
                        new DeviceIdentity("Axis", "", "", "ACCC8E0A0B0C", "ac:cc:8e:0a:0b:0c")));
    }
}
