// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.network.AddressRule;
import org.osgi.framework.Version;

/** A name that means a camera today and something else tomorrow. */
class DeviceDoorTest {
    private final List<String> asked = new ArrayList<>();
    private volatile String means = "192.0.2.7";
    private volatile AddressRule rule = AddressRule.DEVICES;
    private final DeviceDoor door = new DeviceDoor(() -> rule, this::lookUp);

    private InetAddress[] lookUp(String name) throws UnknownHostException {
        asked.add(name);
        if (means.isEmpty()) {
            throw new UnknownHostException(name);
        }
        return new InetAddress[] {InetAddress.getByName("192.0.2.7"), InetAddress.getByName(means)};
    }

    private static DeviceTarget target(String address) {
        return new DeviceTarget(URI.create(address), Optional.empty(), Optional.empty(), Map.of(), 1_000);
    }

    @Test
    void aDriverIsNotSentToWhatANameHasComeToMean() throws DriverException {
        FakeDriver driver = new FakeDriver("fake");
        ShelvedDriver shelved = new DriverShelf(door)
                .add(1, Version.parseVersion("1.0.0"), "fake", driver)
                .orElseThrow();
        Contact.ask(shelved, target("rtsp://gate.example/1"));
        int opened = driver.opened.size();

        means = "169.254.169.254";

        assertThatThrownBy(() -> Contact.ask(shelved, target("rtsp://gate.example/1")))
                .isInstanceOfSatisfying(DriverException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(DriverException.Kind.UNREACHABLE))
                .hasMessageContaining("metadata service");
        assertThat(driver.opened).hasSize(opened);
        assertThat(asked).containsOnly("gate.example");
    }

    @Test
    void theSettingCountsForTheNextContact() throws DriverException {
        means = "127.0.0.1";
        door.check(target("rtsp://gate.example/1"));

        rule = new AddressRule(false, true);

        assertThatThrownBy(() -> door.check(target("rtsp://gate.example/1")))
                .hasMessageContaining("devicesLocalAllowed");
    }

    @Test
    void theSecondAddressIsLookedAtToo() {
        DeviceTarget both = new DeviceTarget(
                URI.create("rtsp://192.0.2.7/1"),
                Optional.of(URI.create("rtsp://169.254.169.254/2")),
                Optional.empty(),
                Map.of(),
                1_000);

        assertThatThrownBy(() -> door.check(both)).hasMessageContaining("metadata service");
        assertThat(asked).isEmpty();
    }

    @Test
    void whatIsUnknownOrNoHostIsTheDriversAffair() throws DriverException {
        means = "";
        door.check(target("rtsp://gate.example/1"));
        door.check(target("file:///srv/clips/gate.mp4"));

        assertThat(asked).containsExactly("gate.example");
    }
}
