// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.camera.DeviceDiscovery;
import org.nxvms.platform.api.network.AddressRule;

/** Addresses as people write them, and no more than a search can ask. */
class AddressRangesTest {
    private final AddressRanges ranges = new AddressRanges(new AddressRule(true, true));

    private List<String> read(String... texts) {
        return ranges.read(List.of(texts)).stream()
                .map(InetAddress::getHostAddress)
                .toList();
    }

    private void refused(String text, String why) {
        assertThatThrownBy(() -> read(text))
                .as(text)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void addressesRangesAndNetworksAreRead() {
        assertThat(read()).isEmpty();
        assertThat(read(" 192.0.2.10 ", "192.0.2.9-192.0.2.11", "192.0.2.250 - 251"))
                .as("each once")
                .containsExactly("192.0.2.10", "192.0.2.9", "192.0.2.11", "192.0.2.250", "192.0.2.251");
        assertThat(read("192.0.2.77/30")).containsExactly("192.0.2.77", "192.0.2.78");
        assertThat(read("192.0.2.76/31")).containsExactly("192.0.2.76", "192.0.2.77");
        assertThat(read("192.0.2.76/32")).containsExactly("192.0.2.76");
        assertThat(read("192.0.2.255-192.0.3.1")).containsExactly("192.0.2.255", "192.0.3.0", "192.0.3.1");
        assertThat(read("2001:db8::ff-2001:db8::100"))
                .containsExactly("2001:db8:0:0:0:0:0:ff", "2001:db8:0:0:0:0:0:100");
        assertThat(read("10.0.0.0/20")).hasSize(4094);
    }

    @Test
    void whatIsNoneOrTooMuchIsNamed() {
        for (String text : List.of(
                "",
                "camera.example",
                "192.0.2",
                "192.0.2.300",
                "0x7f.1",
                "192.0.2.1/33",
                "192.0.2.1/",
                "192.0.2.1-999",
                "192.0.2.1-::1",
                "fe80::1%eth0",
                "-",
                "/8")) {
            refused(text, "is no address");
        }
        refused("192.0.2.9-192.0.2.8", "ends before it begins");
        refused("10.0.0.0/8", String.valueOf(DeviceDiscovery.ADDRESSES_MAX));
        refused("2001:db8::/64", String.valueOf(DeviceDiscovery.ADDRESSES_MAX));
        assertThatThrownBy(() -> read("10.0.0.0/20", "10.1.0.0/20")).hasMessageContaining("a part of them at a time");
    }

    @Test
    void whoIsNotSpokenToIsNotAsked() {
        refused("169.254.169.254", "metadata");
        refused("239.255.255.250", "no address of a single host");
        refused("255.255.255.255", "no address of a single host");
        assertThat(read("169.254.169.253-255")).containsExactly("169.254.169.253", "169.254.169.255");
        assertThatThrownBy(() -> read("224.0.0.0/28")).hasMessageContaining("no address among these");
    }
}
