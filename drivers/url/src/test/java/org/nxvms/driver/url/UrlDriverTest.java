// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.url;

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
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;

class UrlDriverTest {
    private final UrlDriver driver = new UrlDriver();

    private static DeviceTarget target(String address, Map<String, String> settings) {
        return new DeviceTarget(
                URI.create(address), Optional.empty(), Optional.of(new Credentials("u", "p")), settings, 5_000);
    }

    @Test
    void addressesBecomeEndpoints() throws Exception {
        DeviceTarget target = new DeviceTarget(
                URI.create("HTTP://Cam.Example:8080/Video.mjpg?q=1"),
                Optional.of(URI.create("rtmp://h/app/key")),
                Optional.of(new Credentials("u", "p")),
                Map.of("tlsVerify", "false"),
                5_000);
        try (CameraSession session = driver.open(target)) {
            List<StreamOffer> offers = session.streams();
            assertThat(offers).extracting(StreamOffer::role).containsExactly(StreamRole.MAIN, StreamRole.SUB);
            assertThat(offers.get(0).endpoint().uri()).hasToString("http://cam.example:8080/Video.mjpg?q=1");
            assertThat(offers.get(0).endpoint().quirks()).containsEntry("tlsVerify", "false");
            assertThat(offers).extracting(StreamOffer::name).containsExactly("Video.mjpg", "app");
            assertThat(offers).isEqualTo(driver.open(target).streams());
        }
    }

    /** Who may watch a camera sees its streams' names, and no key or folder in them. */
    @Test
    void namesOfStreamsHoldNoKeys() throws Exception {
        assertThat(driver.open(target("rtmp://h/live/k3y?t=1", Map.of()))
                        .streams()
                        .get(0)
                        .name())
                .isEqualTo("live");
        assertThat(driver.open(target("https://h/t0k3n/live.m3u8?sig=1", Map.of()))
                        .streams()
                        .get(0)
                        .name())
                .isEqualTo("live.m3u8");
        assertThat(driver.open(target("file:///srv/clips/gate.mp4", Map.of()))
                        .streams()
                        .get(0)
                        .name())
                .isEqualTo("gate.mp4");
        assertThat(driver.open(target("srt://h:9000?streamid=k3y", Map.of()))
                        .streams()
                        .get(0)
                        .name())
                .isEqualTo("/");
    }

    @Test
    void filesOfThisServerByAnyOfTheirSpellings() throws Exception {
        for (String spelling :
                List.of("file:///srv/a%20b.mp4", "file://localhost/srv/a%20b.mp4", "file:/srv/a%20b.mp4")) {
            assertThat(driver.open(target(spelling, Map.of()))
                            .streams()
                            .get(0)
                            .endpoint()
                            .uri())
                    .hasToString("file:///srv/a%20b.mp4");
        }
    }

    @Test
    void camerasAtThisMachineByAnyOfTheirSpellings() throws Exception {
        for (String spelling :
                List.of("v4l2:///dev/video0?size=1280x720&rate=25", "V4L2:/dev/video0?size=1280x720&rate=25")) {
            StreamOffer offer =
                    driver.open(target(spelling, Map.of())).streams().get(0);
            assertThat(offer.endpoint().uri()).hasToString("v4l2:///dev/video0?size=1280x720&rate=25");
            assertThat(offer.name()).isEqualTo("video0");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v4l2://host/dev/video0 | path of a video device of this server",
                "v4l2:///etc/passwd | path of a video device of this server",
                "v4l2:///dev/../etc/passwd | path of a video device of this server",
                "v4l2:///dev/video0%00 | path of a video device of this server",
                "v4l2:///dev/video0?size=big | may have size, rate and format",
                "v4l2:///dev/video0?format=yuyv422 | may have size, rate and format",
                "v4l2:///dev/video0?rate=25&x=1 | may have size, rate and format",
                "rtsp://h/x | must begin with one of http://",
                "concat:a | must begin with",
                "file://other/a.mp4 | only files of this server",
                "file:///a.mp4?x=1 | absolute path",
                "http:///x | no valid host",
                "http://h:0/x | a port is 1..65535",
                "srt://h | needs a port",
                "srt://h:1?mode=listener | must not set mode",
                "srt://h:1?latency=1&passphrase=abc | belongs in the field password",
            })
    void whatCannotWorkIsRefusedByField(String address, String why) {
        assertThatThrownBy(() -> driver.open(target(address, Map.of())))
                .isInstanceOfSatisfying(DriverException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.CONFIG);
                    assertThat(e).hasMessageContaining("The field address").hasMessageContaining(why);
                });
    }

    @Test
    void settingsAreCheckedByName() {
        assertThatThrownBy(() -> driver.open(target("http://h/", Map.of("lop", "true"))))
                .hasMessageContaining("settings.lop")
                .hasMessageContaining("knows loop and tlsVerify");
        assertThatThrownBy(() -> driver.open(target("http://h/", Map.of("loop", "yes"))))
                .hasMessageContaining("must be true or false");
    }
}
