// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.kit.search.AnnouncedSearch;
import org.nxvms.driver.kit.search.MdnsSearch;
import org.nxvms.driver.kit.search.SsdpSearch;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;

/** Cameras that announce their streams are found with the path, where they name it. */
class RtspSearchTest {
    private final List<FoundDevice> found = new ArrayList<>();
    private final AnnouncedSearch.Ear ear = new RtspSearch.Teller(SearchFindings.of(found::add));

    private void service(String path) throws Exception {
        Map<String, String> texts = path.isEmpty() ? Map.of() : Map.of("path", path);
        ear.service(new MdnsSearch.Instance(
                RtspSearch.SERVICE, "Gate", Optional.of(8554), texts, InetAddress.getByName("192.0.2.7")));
    }

    @Test
    void aServiceNamesPortAndPath() throws Exception {
        for (String path : List.of("", "/live?x=1", "live", "live", "/a b", "/#x", "/" + "x".repeat(2_000))) {
            service(path);
        }
        assertThat(found)
                .extracting(device -> device.address().toString())
                .containsExactly(
                        "rtsp://192.0.2.7:8554", "rtsp://192.0.2.7:8554/live?x=1", "rtsp://192.0.2.7:8554/live");
    }

    @Test
    void aSecurityCameraOfUpnpIsFoundAtItsHost() throws Exception {
        ear.answer(new SsdpSearch.Answer(
                RtspSearch.TARGET, "uuid:1", "http://198.51.100.1/", "Cam/1", InetAddress.getByName("192.0.2.7")));
        assertThat(found).hasSize(1);
        assertThat(found.get(0).address()).hasToString("rtsp://192.0.2.7");
        assertThat(found.get(0).name()).isEqualTo("Cam/1");
    }
}
