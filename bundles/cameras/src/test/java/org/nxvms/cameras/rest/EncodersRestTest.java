// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.platform.api.audit.AuditNote;

/** Video encoders of a device over HTTP: told with their options, set, and what the device has made of it. */
class EncodersRestTest {
    private static final String SETTINGS = "{\"codec\":\"h264\",\"resolution\":{\"width\":1280,\"height\":720},"
            + "\"frameRate\":25.0,\"bitrateKbps\":4000,\"quality\":5.0,\"keyFrameInterval\":50,\"profile\":\"High\"}";
    private static final String HD = "\"codec\":\"h264\",\"resolution\":{\"width\":1280,\"height\":720}";

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    private final FakeDevice device = new FakeDevice();
    private String camera;
    private String encoders;
    private String main;

    @BeforeEach
    void add() throws Exception {
        server.registry().driver.device = Optional.of(device);
        camera = server.add("gate", "");
        encoders = camera + "/encoders";
        main = encoders + "/main%20encoder";
    }

    private String send(String method, String path, String body, int status, String... headers) throws Exception {
        HttpResponse<String> answer = server.send(method, path, body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }

    private AuditNote last() {
        return server.trail.last("encoder.changed");
    }

    @Test
    void theyAreToldWithWhatTheyCanBeSetTo() throws Exception {
        String one = "{\"token\":\"main encoder\",\"name\":\"Main\",\"streams\":[\"main\"],\"settings\":" + SETTINGS
                + ",\"options\":[{\"codec\":\"h264\",\"resolutions\":[{\"width\":1280,\"height\":720},"
                + "{\"width\":640,\"height\":360}],\"frameRate\":{\"min\":5.0,\"max\":25.0},"
                + "\"frameRates\":[25.0,12.5,5.0],\"bitrateKbps\":{\"min\":64.0,\"max\":8000.0},"
                + "\"constantBitrate\":false,\"quality\":{\"min\":0.0,\"max\":10.0},"
                + "\"keyFrameInterval\":{\"min\":1.0,\"max\":250.0},\"profiles\":[\"Main\",\"High\"]}]}";
        assertThat(send("GET", encoders, "", 200)).isEqualTo("{\"items\":[" + one + "]}");
        assertThat(send("GET", main, "", 200)).isEqualTo(one);
    }

    @Test
    void whatTheDeviceMakesOfAChangeIsTold() throws Exception {
        assertThat(send("PATCH", main, "{\"frameRate\":12.5,\"bitrateKbps\":3000}", 200))
                .isEqualTo("{\"settings\":{" + HD + ",\"frameRate\":12.5,\"bitrateKbps\":2000,\"quality\":5.0,"
                        + "\"keyFrameInterval\":50,\"profile\":\"High\"},\"differences\":[{\"field\":\"bitrateKbps\","
                        + "\"wanted\":\"3000\",\"got\":\"2000\"}]}");
        assertThat(device.told)
                .contains("encode main encoder {codec=h264, resolution=1280x720, frameRate=12.5, bitrateKbps=3000}");
        assertThat(last().subject()).isEqualTo("camera/" + camera.replaceAll(".*/", ""));
        assertThat(last().before()).containsOnly(Map.entry("frameRate", "25"), Map.entry("bitrateKbps", "4000"));
        assertThat(last().after())
                .containsOnly(
                        Map.entry("encoder", "main encoder"),
                        Map.entry("frameRate", "12.5"),
                        Map.entry("bitrateKbps", "2000"));
        assertThat(send("PATCH", main, "{\"bitrateKbps\":2000}", 200)).contains("\"differences\":[]");
    }

    @Test
    void whatTheDeviceChangesUnaskedIsTold() throws Exception {
        assertThat(send("PATCH", main, "{\"keyFrameInterval\":25}", 200))
                .as("it had 4000 and nobody asked for fewer")
                .contains("{\"field\":\"bitrateKbps\",\"wanted\":\"4000\",\"got\":\"2000\"}");
    }

    @Test
    void oneThatIsAnotherThanWasSeenIsLeftAlone() throws Exception {
        String tag = server.send("GET", main, "").headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> changed = server.send("PATCH", main, "{\"bitrateKbps\":1000}", "If-Match", tag);
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        send("PATCH", main, "{\"bitrateKbps\":900}", 412, "If-Match", tag);
        String next = changed.headers().firstValue("ETag").orElseThrow();
        send("PATCH", main, "{\"bitrateKbps\":900}", 200, "If-Match", next);
    }

    @Test
    void whatCannotWorkIsNamedWithWhatCan() throws Exception {
        assertThat(send(
                        "PATCH",
                        main,
                        "{\"codec\":\"vp8\",\"resolution\":{\"width\":0,\"height\":9},\"frameRate\":0,\"bitrateKbps\":-1,\"profile\":\"\"}",
                        422))
                .contains(
                        "\"codec\\\" must be one of h264, hevc, mjpeg.",
                        "\"field\":\"resolution\"",
                        "\"frameRate\\\" must be more than 0.",
                        "\"field\":\"bitrateKbps\"",
                        "\"field\":\"profile\"");
        String wrong = "{\"codec\":\"h264\",\"resolution\":{\"width\":1920,\"height\":1080},\"frameRate\":24,"
                + "\"bitrateKbps\":9000,\"constantBitrate\":true,\"quality\":11,\"keyFrameInterval\":251,"
                + "\"profile\":\"Extended\"}";
        assertThat(send("PATCH", main, wrong, 422))
                .contains(
                        "\"resolution\\\" must be one of 1280x720, 640x360.",
                        "\"frameRate\\\" must be one of 25, 12.5, 5.",
                        "\"bitrateKbps\\\" must be 64..8000.",
                        "\"constantBitrate\\\" cannot be set in this camera.",
                        "\"quality\\\" must be 0..10.",
                        "\"keyFrameInterval\\\" must be 1..250.",
                        "\"profile\\\" must be one of Main, High.");
        assertThat(send("PATCH", main, "{\"codec\":\"hevc\"}", 422)).contains("\"codec\\\" must be one of h264.");
        assertThat(send("PATCH", main, "{\"bitrateKbps\":64}", 422))
                .as("each field works, and all together do not")
                .contains("camera-config", "too few bits for this resolution");
        assertThat(device.told).noneMatch(told -> told.startsWith("encode"));
        assertThat(last().done()).isFalse();
        assertThat(send("PATCH", encoders + "/other", "{\"bitrateKbps\":1000}", 404))
                .contains("no video encoder 'other'");
        send("GET", encoders + "/other", "", 404);
        assertThat(send("PATCH", main, "{}", 422)).contains("Nothing is to be changed");
        send("PATCH", main, "{\"bitrateKbps\":\"many\"}", 400);
    }

    @Test
    void onlyWhoManagesCamerasSetsThem() throws Exception {
        send("GET", encoders, "", 403, "Authorization", "Bearer viewer");
        send("PATCH", main, "{\"bitrateKbps\":1000}", 403, "Authorization", "Bearer viewer");
        assertThat(last().done()).isFalse();
        assertThat(device.told).noneMatch(told -> told.startsWith("encode"));
    }
}
