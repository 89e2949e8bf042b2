// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Addresses in settings; what a name server would be asked about is none. */
class LiteralsTest {
    private static List<String> of(String... texts) {
        return Literals.of(texts).stream().map(InetAddress::getHostAddress).toList();
    }

    @Test
    void addressesAreTakenAsTheyStand() {
        assertThat(of("203.0.113.7", " 2001:db8::7 ", "", "::1", "::ffff:203.0.113.8"))
                .containsExactly("203.0.113.7", "2001:db8:0:0:0:0:0:7", "0:0:0:0:0:0:0:1", "203.0.113.8");
    }

    @Test
    void namesAndHalvesOfAddressesAreLeftOut() {
        assertThat(of("cafe.de", "localhost", "1.2.3", "999.1.1.1", "203.0.113.7:8189", "1:2:3", "fe80::1%eth0", "x"))
                .isEmpty();
    }

    @Test
    void thereAreEightAtMost() {
        assertThat(Literals.of(Collections.nCopies(20, "203.0.113.7").toArray(String[]::new)))
                .hasSize(8);
    }
}
