// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgedNamesTest {
    private final JudgedNames names = new JudgedNames(InetAddress::getAllByName);

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2130706433", "localhost", "fe80::1"})
    void whatListensForThisMachineOrItsCableAloneIsNotSpokenTo(String host) {
        assertThatThrownBy(() -> names.resolve(host))
                .isInstanceOfSatisfying(JudgedNames.RefusedException.class, refused -> assertThat(refused.isLocal())
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "224.0.0.1", "169.254.169.254", "fd00:ec2::254", "64:ff9b::a9fe:a9fe"})
    void metadataServicesAndWhatIsNoHostNeverAre(String host) {
        names.localAllowed(true);
        assertThatThrownBy(() -> names.resolve(host))
                .isInstanceOfSatisfying(JudgedNames.RefusedException.class, refused -> assertThat(refused.isLocal())
                        .isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7", "10.1.2.3", "172.16.0.9", "2001:db8::1"})
    void othersAreIncludingThoseOfTheSite(String host) throws Exception {
        assertThat(names.resolve(host)).containsExactly(InetAddress.getAllByName(host));
    }

    @Test
    void ofANameWithBothOnlyTheOthersAreUsed() throws Exception {
        InetAddress other = InetAddress.getByName("192.0.2.7");
        JudgedNames mixed = new JudgedNames(name -> new InetAddress[] {InetAddress.getLoopbackAddress(), other});
        assertThat(mixed.resolve("both.example")).containsExactly(other);
    }

    @Test
    void theSettingAllowsThisMachine() throws Exception {
        names.localAllowed(true);
        assertThat(names.resolve("127.0.0.1")).containsExactly(InetAddress.getByName("127.0.0.1"));
        names.localAllowed(false);
        assertThatThrownBy(() -> names.resolve("127.0.0.1")).isInstanceOf(JudgedNames.RefusedException.class);
    }
}
