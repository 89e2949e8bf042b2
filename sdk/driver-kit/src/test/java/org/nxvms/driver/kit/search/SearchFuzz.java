// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Whatever somebody in the network sends, reading it ends, within bounds, and leads to nobody else. */
class SearchFuzz {
    @FuzzTest(maxDuration = "30s")
    void names(byte[] bytes) {
        new MdnsSearch(List.of("_rtsp._tcp"), instance -> {
                    assertThat(instance.name()).hasSizeLessThan(256);
                    assertThat(instance.texts()).hasSizeLessThanOrEqualTo(64);
                    instance.port().ifPresent(port -> assertThat(port).isBetween(1, 65_535));
                })
                .heard(bytes, InetAddress.getLoopbackAddress());
    }

    @FuzzTest(maxDuration = "30s")
    void headers(byte[] bytes) {
        SsdpSearch.read(bytes).ifPresent(headers -> assertThat(headers).hasSizeLessThanOrEqualTo(64));
    }

    @FuzzTest(maxDuration = "30s")
    void paths(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        assertThat(Sightings.shown(text)).hasSizeLessThanOrEqualTo(100);
        assertThat(Sightings.mac(text).length()).isIn(0, 17);
        Sightings.address("rtsp", InetAddress.getLoopbackAddress(), Optional.empty(), text)
                .ifPresent(address -> {
                    assertThat(address.getHost()).isEqualTo("127.0.0.1");
                    assertThat(address.toString()).isEqualTo(Sightings.printable(address.toString()));
                });
    }
}
