// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.SearchFindings;

/** Whatever a device answers, reading it ends with what is understood or with a DriverException. */
class OnvifFuzz {
    @FuzzTest(maxDuration = "30s")
    void answers(byte[] bytes) {
        try {
            XmlNode root = XmlNode.read(bytes);
            SoapFault.of(root)
                    .ifPresent(fault -> assertThat(fault.exception("X")).isNotNull());
            SoapClient.time(root);
            Topics.events(root, Set.of(), List.of())
                    .forEach(event -> assertThat(event.part()).hasSizeLessThan(65));
            OnvifAudio.formats(root);
            OnvifNode.parse(root);
            PushedNotifications.notifications(root);
            Profiles.choose(Profiles.parse(root), OnvifSettings.parse(Map.of()), true);
        } catch (DriverException notUnderstood) {
            assertThat(notUnderstood.kind()).isIn(DriverException.Kind.PROTOCOL, DriverException.Kind.UNSUPPORTED);
        }
    }

    @FuzzTest(maxDuration = "30s")
    void discoveries(byte[] bytes) {
        for (ProbeMatch match : WsDiscovery.present(bytes)) {
            assertThat(match.endpoint()).hasSizeLessThanOrEqualTo(SearchFindings.ENDPOINT_LENGTH_MAX);
            match.device(InetAddress.getLoopbackAddress()).ifPresent(device -> {
                assertThat(device.address().getHost()).isEqualTo("127.0.0.1");
                assertThat(device.name()).hasSizeLessThanOrEqualTo(100);
            });
        }
        WsDiscovery.gone(bytes).ifPresent(endpoint -> assertThat(endpoint).isNotEmpty());
    }

    @FuzzTest(maxDuration = "30s")
    void quirks(byte[] bytes) {
        try {
            QuirkFile.parse(bytes).forEach(quirk -> quirk.isOf(DeviceIdentity.UNKNOWN));
        } catch (QuirkFields.Wrong field) {
            assertThat(field.getMessage()).isNotBlank();
        }
    }

    @FuzzTest(maxDuration = "30s")
    void addresses(byte[] bytes) {
        String address = new String(bytes, StandardCharsets.UTF_8);
        Services.path(address).ifPresent(path -> assertThat(path).startsWith("/"));
        try {
            assertThat(OnvifStreams.streamUri(address, "192.0.2.1").getHost()).isEqualTo("192.0.2.1");
        } catch (DriverException none) {
            assertThat(none.kind()).isEqualTo(DriverException.Kind.PROTOCOL);
        }
    }
}
