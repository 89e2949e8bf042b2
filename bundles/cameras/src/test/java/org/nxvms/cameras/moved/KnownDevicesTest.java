// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.moved;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.test.kit.TestCamera;

/** Who a camera is stays known over restarts, and is compared strictly. */
class KnownDevicesTest {
    private static final DeviceIdentity GATE = new DeviceIdentity("Acme", "X1", "1.0", "S1", "00:00:5e:00:53:01");

    @TempDir
    Path folder;

    private static Camera camera(String address) {
        return TestCamera.of(new UUID(0, 1)).by("onvif", address).camera();
    }

    private KnownDevices read() {
        KnownDevices devices = new KnownDevices(folder.resolve("known.json"), Runnable::run);
        devices.read();
        return devices;
    }

    @Test
    void whatWasLearnedIsKnownAfterARestartAtThatAddressOnly() throws Exception {
        Camera camera = camera("http://192.0.2.1");
        read().learn(camera, GATE, "urn:a");
        assertThat(read().of(camera)).contains(new KnownDevice("onvif", URI.create("http://192.0.2.1"), "urn:a", GATE));
        assertThat(read().of(camera("http://192.0.2.2"))).isEmpty();

        read().learn(camera, GATE, "");
        assertThat(read().of(camera).orElseThrow().endpoint())
                .as("it did not say it this time")
                .isEqualTo("urn:a");
        read().learn(camera, DeviceIdentity.UNKNOWN, "");
        assertThat(read().of(camera))
                .as("one that says nothing tells nothing new")
                .isPresent();
        read().learn(camera, new DeviceIdentity("Acme", "X1", "1.0", "S2", ""), "");
        assertThat(read().of(camera).orElseThrow().endpoint())
                .as("another device is in its place")
                .isEmpty();

        read().forget(camera.id());
        assertThat(read().of(camera)).isEmpty();
        Files.writeString(folder.resolve("known.json"), "{\"x\": 1}");
        assertThat(read().of(camera)).as("a broken file stops nothing").isEmpty();
    }

    @Test
    void aDeviceIsTheCameraWhenItHasItsNumberAndNothingContradicts() {
        KnownDevice known = new KnownDevice("onvif", URI.create("http://192.0.2.1"), "urn:a", GATE);
        assertThat(known.is(GATE, "urn:A")).isTrue();
        assertThat(known.is(new DeviceIdentity("ACME", "X1", "2.0", "S1", ""), ""))
                .as("new firmware, and a user who may not see interfaces")
                .isTrue();
        assertThat(known.is(new DeviceIdentity("Acme", "X1", "1.0", "", ""), "urn:a"))
                .as("what everybody may hear proves nothing")
                .isFalse();
        assertThat(known.is(GATE, "urn:b")).isFalse();
        assertThat(known.is(new DeviceIdentity("Acme", "X1", "1.0", "S2", "00:00:5e:00:53:01"), "urn:a"))
                .isFalse();
        assertThat(known.is(new DeviceIdentity("Acme", "X2", "1.0", "S1", "00:00:5e:00:53:01"), "urn:a"))
                .isFalse();
        FoundDevice byMac = new FoundDevice(
                URI.create("http://192.0.2.9"), "", new DeviceIdentity("", "", "", "", "00:00:5E:00:53:01"));
        assertThat(known.maybe(byMac, "")).isTrue();
        assertThat(known.maybe(byMac, "urn:b")).as("its endpoint is another").isFalse();
        assertThat(new KnownDevice("x", URI.create("http://a"), "", DeviceIdentity.UNKNOWN)
                        .maybe(new FoundDevice(URI.create("http://b"), "", DeviceIdentity.UNKNOWN), ""))
                .isFalse();
    }
}
