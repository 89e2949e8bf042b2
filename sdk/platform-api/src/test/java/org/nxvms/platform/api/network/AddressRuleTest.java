// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts as people write them, and addresses as names turn out to mean them. */
class AddressRuleTest {
    private static final AddressRule NOT_HERE = new AddressRule(false, false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "172.16.0.9",
                "192.168.1.20",
                "192.0.2.7",
                "100.64.0.9",
                "100.100.100.201",
                "2001:db8::1",
                "[fd12:3456::7]",
                "64:ff9b::c000:207",
                "gate.example",
                "gate-1",
                "1.gate.example",
                "x10"
            })
    void privateAndPublicHostsAreOpenToDevicesAndToOthers(String host) {
        assertThat(AddressRule.DEVICES.refusalOf(host)).isEmpty();
        assertThat(NOT_HERE.refusalOf(host)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "169.254.169.254, METADATA",
        "169.254.170.2, METADATA",
        "[fd00:ec2::254], METADATA",
        "fd00:ec2:0:0:0:0:0:254, METADATA",
        "FD00:0EC2::0254, METADATA",
        "fd20:ce::254, METADATA",
        "100.100.100.200, METADATA",
        "192.0.0.192, METADATA",
        "169.254.169.254., METADATA",
        "::ffff:169.254.169.254, METADATA",
        "[::ffff:a9fe:a9fe], METADATA",
        "::169.254.169.254, METADATA",
        "64:ff9b::a9fe:a9fe, METADATA",
        "2002:a9fe:a9fe::1, METADATA",
        "0.0.0.0, NO_HOST",
        "0.1.2.3, NO_HOST",
        "::, NO_HOST",
        "::ffff:0.0.0.0, NO_HOST",
        "255.255.255.255, NO_HOST",
        "240.0.0.1, NO_HOST",
        "224.0.0.1, NO_HOST",
        "239.1.2.3, NO_HOST",
        "ff02::1, NO_HOST",
        "64:ff9b::e000:1, NO_HOST",
        "2130706433, ODD_NOTATION",
        "2852039166, ODD_NOTATION",
        "0x7f000001, ODD_NOTATION",
        "0xA9FEA9FE, ODD_NOTATION",
        "0251.0376.0251.0376, ODD_NOTATION",
        "0177.0.0.1, ODD_NOTATION",
        "192.0.2.010, ODD_NOTATION",
        "0xa9.0xfe.0xa9.0xfe, ODD_NOTATION",
        "169.254.43518, ODD_NOTATION",
        "169.16689662, ODD_NOTATION",
        "127.1, ODD_NOTATION",
        "1.2.3.4.5, ODD_NOTATION",
        "256.1.1.1, ODD_NOTATION",
        "999999999999, ODD_NOTATION",
        "0x, ODD_NOTATION",
        "0, ODD_NOTATION"
    })
    void noDeviceIsThereInWhateverNotation(String host, Refusal why) {
        assertThat(AddressRule.DEVICES.refusalOf(host)).contains(why);
        assertThat(NOT_HERE.refusalOf(host)).contains(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "[::1]",
                "0:0:0:0:0:0:0:1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "localhost",
                "LocalHost.",
                "gate.localhost"
            })
    void thisMachineIsADeviceUnlessTheAdministratorSaysOtherwise(String host) {
        assertThat(AddressRule.DEVICES.refusalOf(host)).isEmpty();
        assertThat(new AddressRule(false, true).refusalOf(host)).contains(Refusal.THIS_MACHINE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.7.7", "fe80::1", "::ffff:169.254.7.7"})
    void linkLocalIsWhereCamerasWithoutAnAddressAre(String host) {
        assertThat(AddressRule.DEVICES.refusalOf(host)).isEmpty();
        assertThat(new AddressRule(true, false).refusalOf(host)).contains(Refusal.LINK_LOCAL);
    }

    @Test
    void theMachinesOwnAddressesAreItself() throws Exception {
        InetAddress own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .findAny()
                .orElseThrow();
        assertThat(NOT_HERE.refusal(own)).isPresent();
    }

    @Test
    void anInterfaceBehindAnAddressMakesItNoOther() throws Exception {
        byte[] bytes = InetAddress.getByName("fd00:ec2::254").getAddress();
        assertThat(AddressRule.DEVICES.refusal(Inet6Address.getByAddress("meta.example", bytes, 1)))
                .contains(Refusal.METADATA);
    }

    @ParameterizedTest
    @CsvSource({
        "0177.0.0.1, 127.0.0.1",
        "0x7f.1, 127.0.0.1",
        "2852039166, 169.254.169.254",
        "169.254.43518, 169.254.169.254"
    })
    void digitsAreReadAsTheCLibraryReadsThem(String host, String address) throws Exception {
        assertThat(AddressRule.written(host)).contains(InetAddress.getByName(address));
    }
}
