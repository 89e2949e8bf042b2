// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;

/** What an administrator types becomes endpoints, or a message that names the field. */
class RtspDriverTest {
    private final RtspDriver driver = new RtspDriver();

    @Test
    void oneAddressIsTheMainStream() throws DriverException {
        List<StreamOffer> offers = streams(target("rtsp://cam.example/stream1", null, Map.of()));

        assertThat(offers).hasSize(1);
        assertThat(offers.get(0).role()).isEqualTo(StreamRole.MAIN);
        assertThat(offers.get(0).name()).isEqualTo("/stream1");
        assertThat(offers.get(0).endpoint().uri()).isEqualTo(URI.create("rtsp://cam.example/stream1"));
        assertThat(offers.get(0).endpoint().transports()).containsExactly(Transport.TCP);
        assertThat(offers.get(0).endpoint().quirks()).isEmpty();
    }

    @Test
    void aSecondAddressIsTheSubStreamWithTheSameCredentials() throws DriverException {
        Credentials credentials = new Credentials("admin", "geheim");
        DeviceTarget target = new DeviceTarget(
                URI.create("rtsp://cam/1"),
                Optional.of(URI.create("rtsp://cam/2?profile=low")),
                Optional.of(credentials),
                Map.of(),
                5_000);

        List<StreamOffer> offers = streams(target);

        assertThat(offers).extracting(StreamOffer::role).containsExactly(StreamRole.MAIN, StreamRole.SUB);
        assertThat(offers).extracting(StreamOffer::name).containsExactly("/1", "/2?profile=low");
        assertThat(offers)
                .allSatisfy(offer -> assertThat(offer.endpoint().credentials()).contains(credentials));
    }

    /** The platform keeps a running media session only while the endpoint stays equal. */
    @Test
    void equalInputGivesEqualEndpointsFromAnyInstanceOfTheDriver() throws DriverException {
        DeviceTarget typed = target("rtsp://cam:8554/a?b=c", "rtsp://cam/sub", Map.of("keepalive", "options"));
        DeviceTarget again = target("RTSP://CAM:8554/a?b=c", "rtsp://cam/sub", Map.of("keepalive", "options"));

        assertThat(streams(typed)).isEqualTo(streams(again));
        try (CameraSession other = new RtspDriver().open(again)) {
            assertThat(other.streams()).isEqualTo(streams(typed));
        }
    }

    @Test
    void pathAndQueryStayAsTyped() throws DriverException {
        String typed = "rtsp://[2001:db8::1]:554/cam/realmonitor?channel=1&subtype=0&x=%2Fa%20b";

        assertThat(streams(target(typed, null, Map.of())).get(0).endpoint().uri())
                .hasToString(typed);
    }

    @Test
    void anAddressWithoutAPathStaysWithoutOne() throws DriverException {
        StreamOffer offer = streams(target("rtsp://cam:8554", null, Map.of())).get(0);

        assertThat(offer.endpoint().uri()).hasToString("rtsp://cam:8554");
        assertThat(offer.name()).isEqualTo("/");
    }

    /** Who may watch a camera sees its streams' names; some makes want the login in the address. */
    @Test
    void namesOfStreamsHoldNoPasswords() throws DriverException {
        String typed = "rtsp://cam/user=admin&password=s3cret&channel=1?token=t0k3n&monkey=1";
        StreamOffer offer = streams(target(typed, null, Map.of())).get(0);

        assertThat(offer.name()).isEqualTo("/user=***&password=***&channel=1?token=***&monkey=1");
        assertThat(offer.endpoint().uri()).hasToString(typed);
    }

    @Test
    void settingsBecomeTransportsAndQuirks() throws DriverException {
        StreamOffer offer = streams(
                        target("rtsp://cam/1", null, Map.of("transport", "auto", "keepalive", "get_parameter")))
                .get(0);

        assertThat(offer.endpoint().transports()).containsExactly(Transport.TCP, Transport.UDP);
        assertThat(offer.endpoint().quirks()).containsExactly(Map.entry("keepalive", "get_parameter"));
    }

    @Test
    void everySettingIsDescribedInBothLanguagesOfTheConsole() {
        assertThat(new RtspDriver().settings().orElseThrow()).hasSize(7).allSatisfy(setting -> {
            assertThat(setting.title().byLanguage()).containsKeys("en", "de");
            assertThat(setting.description().orElseThrow().byLanguage()).containsKeys("en", "de");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://cam/1                | rtsp:// or rtsps://",
                "rtsp:cam/1                  | two slashes",
                "rtsp:///1                   | host",
                "rtsp://my_camera/1          | host",
                "rtsp://cam:0/1              | 1..65535",
                "rtsp://cam:70000/1          | 1..65535",
                "rtsp://admin:geheim@cam/1   | own fields",
                "rtsp://cam/1#top            | %23",
                "/stream1                    | rtsp:// or rtsps://"
            })
    void aBadAddressIsRefusedWithFieldAndCause(String typed, String why) {
        assertConfigError(target(typed, null, Map.of()), "address", why);
        assertConfigError(target("rtsp://cam/1", typed, Map.of()), "subAddress", why);
    }

    @Test
    void anEndlessAddressIsRefused() {
        assertConfigError(target("rtsp://cam/" + "x".repeat(1_000), null, Map.of()), "address", "1000 characters");
    }

    @ParameterizedTest
    @CsvSource({
        "transport, TCP,     settings.transport",
        "transport, quic,    settings.transport",
        "keepalive, sometimes, settings.keepalive",
        "tls, pinned:12, settings.tls",
        "tls, all, settings.tls",
        "tunnel-port, 65536, settings.tunnel-port",
        "tunnel-port, 0, settings.tunnel-port",
        "multicast-source, cam, settings.multicast-source",
        "keepalife, options, settings.keepalife"
    })
    void aBadSettingIsRefusedByName(String name, String value, String field) {
        assertConfigError(target("rtsp://cam/1", null, Map.of(name, value)), field, "");
    }

    @Test
    void aClosedSessionSaysSo() throws DriverException {
        CameraSession session = driver.open(target("rtsp://cam/1", null, Map.of()));
        assertThat(session.identity()).isEqualTo(DeviceIdentity.UNKNOWN);

        session.close();
        session.close();

        assertThatThrownBy(session::streams).isInstanceOfSatisfying(DriverException.class, e -> assertThat(e.kind())
                .isEqualTo(DriverException.Kind.CLOSED));
        assertThatThrownBy(session::identity).isInstanceOf(DriverException.class);
        assertThatThrownBy(() -> session.capability(Ptz.class)).isInstanceOf(DriverException.class);
    }

    @Test
    void aDefaultThatIsTypedInLeavesTheSessionAlone() throws DriverException {
        assertThat(streams(target("rtsps://cam/1", null, Map.of("tls", "trusted", "transport", "tcp"))))
                .isEqualTo(streams(target("rtsps://cam/1", null, Map.of())));
    }

    private void assertConfigError(DeviceTarget target, String field, String why) {
        assertThatThrownBy(() -> driver.open(target))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.CONFIG))
                .hasMessageContaining("The field " + field + " ")
                .hasMessageContaining(why)
                .hasMessageNotContaining("geheim");
    }

    private List<StreamOffer> streams(DeviceTarget target) throws DriverException {
        try (CameraSession session = driver.open(target)) {
            return session.streams();
        }
    }

    private static DeviceTarget target(String address, String subAddress, Map<String, String> settings) {
        return new DeviceTarget(
                URI.create(address),
                Optional.ofNullable(subAddress).map(URI::create),
                Optional.empty(),
                settings,
                5_000);
    }
}
