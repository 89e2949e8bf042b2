// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRuleTest {
    private final AddressRule rule = new AddressRule(InetAddress::getAllByName);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "::1",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "169.254.169.254",
                "fe80::1",
                "224.0.0.1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::ffff:169.254.169.254",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "fd00:ec2::254",
                "fd20:ce::254",
                "100.100.100.200",
                "192.0.0.192",
                "64:ff9b::6464:64c8",
                "2130706433",
                "localhost"
            })
    void whatListensForThisMachineAloneIsNotSpokenTo(String host) {
        assertThatThrownBy(() -> rule.resolve(host)).isInstanceOf(AddressRule.RefusedException.class);
    }

    @Test
    void theMachinesOwnAddressesAreItself() throws Exception {
        InetAddress own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .findAny()
                .orElseThrow();
        assertThat(AddressRule.isLocal(own)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"192.0.2.7", "10.1.2.3", "172.16.0.9", "100.100.100.201", "2001:db8::1", "64:ff9b::c000:207"})
    void othersAreIncludingThoseOfTheSite(String host) throws Exception {
        assertThat(rule.resolve(host)).containsExactly(InetAddress.getAllByName(host));
    }

    @Test
    void ofANameWithBothOnlyTheOthersAreUsed() throws Exception {
        InetAddress other = InetAddress.getByName("192.0.2.7");
        AddressRule mixed = new AddressRule(name -> new InetAddress[] {InetAddress.getLoopbackAddress(), other});
        assertThat(mixed.resolve("both.example")).containsExactly(other);
    }

    @Test
    void theSettingAllowsIt() throws Exception {
        rule.localAllowed(true);
        assertThat(rule.resolve("127.0.0.1")).containsExactly(InetAddress.getByName("127.0.0.1"));
        rule.localAllowed(false);
        assertThatThrownBy(() -> rule.resolve("127.0.0.1")).isInstanceOf(AddressRule.RefusedException.class);
    }
}
