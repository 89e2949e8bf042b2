// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.Names;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.worker.SourceDoor;

/** What the door of a source says when a connection is made. */
class JudgedHostsTest {
    private volatile String means = "192.0.2.7";
    private volatile AddressRule rule = AddressRule.DEVICES;
    private volatile Settings settings = settings("169.254.0.0/16");
    private final Names names = new Names("test-door", this::lookUp);
    private final JudgedHosts hosts = new JudgedHosts(names, () -> settings);

    JudgedHostsTest() {
        names.rule(() -> rule);
    }

    private static Settings settings(String... denied) {
        return new Settings(60_000, 15_000, 20_000, 100, List.of(), AddressRanges.parse(denied));
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        if (means.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return InetAddress.getAllByName(means);
    }

    @AfterEach
    void stop() {
        hosts.close();
    }

    private SourceDoor door(String uri) throws DriverException {
        return hosts.of(
                SourcePolicy.request(StreamEndpoint.rtspOverTcp(URI.create(uri), Optional.empty()), settings, 10_000));
    }

    private static void refused(ThrowingCallable asking, Kind kind, String... why) {
        assertThatThrownBy(asking).isInstanceOfSatisfying(DriverException.class, refused -> {
            assertThat(refused.kind()).isEqualTo(kind);
            assertThat(refused.getMessage()).contains(why);
        });
    }

    @Test
    void aNameCountsAsWhatItMeansWhenItIsConnectedTo() throws Exception {
        SourceDoor door = door("http://camera.test/video");
        assertThat(door.addresses("camera.test")).containsExactly(InetAddress.getByName("192.0.2.7"));
        means = "169.254.169.254";
        refused(() -> door.addresses("camera.test"), Kind.CONFIG, "its host is a cloud's metadata service");
        means = "";
        refused(() -> door.addresses("camera.test"), Kind.UNREACHABLE, "not known");
        means = "192.0.2.8";
        assertThat(door.addresses("camera.test")).containsExactly(InetAddress.getByName("192.0.2.8"));
    }

    @Test
    void whereASourceLeadsIsJudgedLikeItsAddress() throws Exception {
        SourceDoor door = door("http://[2001:db8::1]/live.m3u8");
        assertThat(door.addresses("2001:db8::1")).hasSize(1);
        String led = "a redirect or playlist leads on from it";
        refused(() -> door.addresses("169.254.169.254"), Kind.CONFIG, led, "metadata service");
        refused(() -> door.addresses("::ffff:a9fe:a9fe"), Kind.CONFIG, led, "metadata service");
        refused(() -> door.addresses("169.254.7.7"), Kind.CONFIG, led, "addressesDenied");
        refused(() -> door.addresses("2852039166"), Kind.CONFIG, led, "unusual notation");
        refused(() -> door.addresses("0.0.0.0"), Kind.CONFIG, led, "no address of a single host");
        means = "::ffff:169.254.169.254";
        refused(() -> door.addresses("segments.test"), Kind.CONFIG, led, "metadata service");
    }

    @Test
    void whatAnAdministratorDecidesCountsForTheNextConnection() throws Exception {
        SourceDoor door = door("http://127.0.0.1/video");
        assertThat(door.addresses("127.0.0.1")).hasSize(1);
        rule = new AddressRule(false, true);
        refused(() -> door.addresses("127.0.0.1"), Kind.CONFIG, "devicesLocalAllowed");
        refused(() -> door.addresses("::1"), Kind.CONFIG, "devicesLocalAllowed");
        assertThat(door.addresses("segments.test")).hasSize(1);
        settings = settings("192.0.2.0/24");
        refused(() -> door.addresses("segments.test"), Kind.CONFIG, "addressesDenied");
    }
}
