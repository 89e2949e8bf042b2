// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.platform.api.camera.CameraTalk;

/** Control functions over HTTP. */
class ControlRestTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    private final FakeDevice device = new FakeDevice();
    private String camera;

    @BeforeEach
    void add() throws Exception {
        server.registry().driver.device = Optional.of(device);
        camera = server.add("gate", "");
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = server.send("GET", camera + path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> post(String path, String body, int status, String... headers) throws Exception {
        HttpResponse<String> answer = server.send("POST", camera + path, body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    @Test
    void aCameraIsMovedWithinWhatItCan() throws Exception {
        assertThat(get("/ptz").toString())
                .contains("{\"motion\":\"continuous\",\"axis\":\"pan\",\"min\":-1.0,\"max\":1.0,\"unit\":\"fraction\"}")
                .contains("\"position\":{\"pan\":0.0,\"tilt\":0.0}");

        post("/ptz/absolute", "{\"pan\":90}", 204);
        post("/ptz/relative", "{\"pan\":-10.5}", 204);
        post("/ptz/move", "{\"pan\":0.5,\"durationMs\":10000}", 204);
        post("/ptz/stop", "", 204);
        assertThat(device.told).contains("to {PAN=90.0}", "by {PAN=-10.5}", "move {PAN=0.5}", "stop");

        assertThat(post("/ptz/absolute", "{\"pan\":200}", 422).body())
                .contains("\"field\":\"pan\"", "Must be -180.0..180.0 (degrees), not 200.0.");
        assertThat(post("/ptz/move", "{\"tilt\":1}", 422).body())
                .contains("\"field\":\"tilt\"", "no continuous move of tilt");
        assertThat(post("/ptz/move", "{\"pan\":1,\"durationMs\":99999}", 422).body())
                .contains("\"field\":\"durationMs\"", "100..10000");
        assertThat(post("/ptz/move", "{}", 400).body()).contains("names no axis");
        assertThat(post("/ptz/move", "{\"roll\":1}", 400).body()).contains("roll");
    }

    @Test
    void aCameraTurnsToWhatIsSeenWhereItCan() throws Exception {
        String point = "{\"x\":0.25,\"y\":0.5}";
        String box = "{\"x\":0.25,\"y\":0.5,\"part\":0.2}";
        assertThat(get("/ptz").toString()).doesNotContain("aim");
        assertThat(post("/ptz/aim", point, 422).body()).contains("\"field\":\"x\"", "cannot aim");

        device.aims = Ptz.Aim.POINT;
        assertThat(get("/ptz").toString()).contains("\"aim\":\"point\"");
        post("/ptz/aim", point, 204);
        assertThat(post("/ptz/aim", box, 422).body()).contains("\"field\":\"part\"", "cannot aim");

        device.aims = Ptz.Aim.BOX;
        assertThat(get("/ptz").toString()).contains("\"aim\":\"box\"");
        post("/ptz/aim", box, 204);
        assertThat(device.told).containsSubsequence("aim 0.25 0.5 1.0", "aim 0.25 0.5 0.2");

        assertThat(post("/ptz/aim", "{\"x\":1.1,\"part\":0}", 422).body())
                .contains("\"field\":\"x\"", "\"field\":\"y\"", "\"field\":\"part\"");
        assertThat(device.told).filteredOn(told -> told.startsWith("aim")).hasSize(2);
    }

    @Test
    void whoGoesBeforeOthersIsNotDisturbed() throws Exception {
        post("/ptz/move", "{\"pan\":0.5,\"durationMs\":10000}", 204);
        post("/ptz/absolute", "{\"pan\":90}", 204, "Authorization", "Bearer chief");

        HttpResponse<String> refused = post("/ptz/stop", "", 409);

        assertThat(refused.body()).contains("is being moved by chief, who goes before you");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(1L, 11L);
        post("/ptz/presets/1/go", "", 409);
        post("/ptz/tours/night/start", "", 409);
        assertThat(device.told).doesNotContain("stop");
        post("/ptz/stop", "", 204, "Authorization", "Bearer chief");
    }

    @Test
    void whoMovesACameraIsSeenBeforeOneTriesAndTakenOverByWhoGoesBefore() throws Exception {
        assertThat(get("/ptz/turn").toString()).isEqualTo("{\"own\":false,\"mayTake\":true}");
        post("/ptz/move", "{\"pan\":0.5,\"durationMs\":10000}", 204);
        assertThat(get("/ptz/turn").toString()).contains("\"by\":\"admin\"", "\"own\":true", "\"mayTake\":true");

        String[] chief = {"Authorization", "Bearer chief"};
        assertThat(server.send("GET", camera + "/ptz/turn", "", chief).body())
                .contains("\"by\":\"admin\"", "\"own\":false", "\"mayTake\":true");
        int told = device.told.size();
        assertThat(post("/ptz/turn", "", 200, chief).body()).contains("\"by\":\"chief\"", "\"own\":true");
        assertThat(device.told).as("the camera is left alone").hasSize(told);

        JsonNode turn = get("/ptz/turn");
        assertThat(turn.toString()).contains("\"by\":\"chief\"", "\"own\":false", "\"mayTake\":false");
        assertThat(turn.path("freeInSeconds").asInt()).isBetween(1, 11);
        post("/ptz/turn", "", 409);
        assertThat(server.send("GET", camera + "/ptz/turn", "", "Authorization", "Bearer viewer")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void presetsAreKeptUsedAndForgotten() throws Exception {
        assertThat(get("/ptz/presets").at("/items").toString())
                .isEqualTo("[{\"token\":\"1\",\"name\":\"Gate\",\"home\":false,\"changeable\":true}]");
        assertThat(post("/ptz/presets", "{\"name\":\"Yard\"}", 201).body())
                .isEqualTo("{\"token\":\"2\",\"name\":\"Yard\",\"home\":false,\"changeable\":true}");
        post("/ptz/presets/2/go", "", 204);
        assertThat(server.send("DELETE", camera + "/ptz/presets/2", "").statusCode())
                .isEqualTo(204);

        assertThat(post("/ptz/presets/2/go", "", 404).body()).contains("no preset 2");
        assertThat(post("/ptz/presets", "{\"name\":\" \"}", 422).body()).contains("\"field\":\"name\"");

        post("/ptz/tours/night/start", "", 204);
        assertThat(get("/ptz/tours").at("/items/0/running").asBoolean()).isTrue();
        post("/ptz/tours/night/stop", "", 204);
    }

    @Test
    void aPresetIsRenamedWhereItIsOrKeptWhereTheCameraLooks() throws Exception {
        String preset = camera + "/ptz/presets/1";
        assertThat(server.send("PATCH", preset, "{\"name\":\" Yard \"}").body())
                .isEqualTo("{\"token\":\"1\",\"name\":\"Yard\",\"home\":false,\"changeable\":true}");
        assertThat(device.told).containsSubsequence("preset 1", "replace 1 by Yard");

        assertThat(server.send("PATCH", preset, "{\"here\":true}").statusCode()).isEqualTo(200);
        assertThat(device.told)
                .filteredOn(told -> told.startsWith("preset") || told.startsWith("replace"))
                .containsExactly("preset 1", "replace 1 by Yard", "replace 1 by Yard");
        assertThat(get("/ptz/presets").at("/items/0/name").asText()).isEqualTo("Yard");

        assertThat(server.send("PATCH", preset, "{}").statusCode()).isEqualTo(400);
        assertThat(server.send("PATCH", preset, "{\"name\":\"\"}").statusCode()).isEqualTo(422);
        assertThat(server.send("PATCH", camera + "/ptz/presets/9", "{\"name\":\"x\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.send("PATCH", camera + "/ptz/presets/nxvms-home", "{\"name\":\"x\"}")
                        .body())
                .contains("\"field\":\"name\"", "no name of its own");
        assertThat(server.send("PATCH", preset, "{\"name\":\"x\"}", "Authorization", "Bearer viewer")
                        .statusCode())
                .isEqualTo(403);

        device.replaces = false;
        assertThat(get("/ptz/presets").at("/items/0/changeable").asBoolean()).isFalse();
        assertThat(server.send("PATCH", preset, "{\"name\":\"Gate\"}").body()).contains("replaces no kept position");
        assertThat(device.told).filteredOn(told -> told.startsWith("replace")).hasSize(2);
    }

    @Test
    void aPresetIsNotRenamedWhereNobodyKnowsWhetherTheCameraIsThere() throws Exception {
        device.lost =
                Optional.of(new DriverException(DriverException.Kind.UNSUPPORTED, "It does not say where it looks."));
        assertThat(server.send("PATCH", camera + "/ptz/presets/1", "{\"name\":\"Yard\"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(device.told).noneMatch(told -> told.startsWith("replace"));
    }

    @Test
    void outputsAreSwitchedAndTheDeviceIsLookedAfter() throws Exception {
        post("/device/io/out1", "{\"on\":true}", 204);
        assertThat(get("/device/io").at("/items").toString())
                .isEqualTo("[{\"id\":\"in1\",\"name\":\"Door\",\"direction\":\"input\",\"on\":true},"
                        + "{\"id\":\"out1\",\"name\":\"Siren\",\"direction\":\"output\",\"on\":true}]");
        assertThat(post("/device/io/in1", "{\"on\":true}", 404).body()).contains("no output in1");
        assertThat(post("/device/io/a&action=1", "{\"on\":true}", 404).body()).contains("letters, digits");
        assertThat(post("/device/io/out1", "{}", 400).body()).contains("\"field\":\"on\"");

        assertThat(get("/device").at("/firmware").asText()).isEqualTo("1.0");
        assertThat(get("/device/clock").at("/offsetMs").asLong())
                .isCloseTo(Duration.ofHours(5).toMillis(), org.assertj.core.data.Offset.offset(30_000L));
        JsonNode after = JSON.readTree(post("/device/clock/sync", "", 200).body());
        assertThat(Math.abs(after.at("/offsetMs").asLong())).isLessThan(30_000);
        post("/device/reboot", "", 202);
        assertThat(device.told).contains("reboot");
    }

    @Test
    void thePictureIsSetWithinWhatTheCameraDescribes() throws Exception {
        JsonNode before = get("/imaging");
        assertThat(before.at("/settings/0").toString())
                .contains("\"name\":\"brightness\",\"type\":\"integer\"", "\"min\":0,\"max\":100");
        assertThat(before.at("/values").toString()).isEqualTo("{\"brightness\":\"50\",\"ir_cut\":\"auto\"}");
        assertThat(before.at("/actions").toString()).isEqualTo("[{\"name\":\"wipe\",\"title\":{\"en\":\"Wipe\"}}]");

        String seen = server.send("GET", camera + "/imaging", "")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        HttpResponse<String> changed = server.send(
                "PATCH",
                camera + "/imaging",
                "{\"values\":{\"brightness\":\"60\",\"ir_cut\":\"on\"}}",
                "If-Match",
                seen);
        assertThat(JSON.readTree(changed.body()).at("/values/brightness").asText())
                .as(changed.body())
                .isEqualTo("60");
        assertThat(device.told).contains("image {brightness=60, ir_cut=on}");
        assertThat(server.events.pulses)
                .extracting(fact -> fact.kind() + " " + fact.attributes().values())
                .containsOnlyOnce("camera.imaging_changed {changed=brightness=60, ir_cut=on, user=admin}");
        assertThat(server.send("PATCH", camera + "/imaging", "{\"values\":{\"brightness\":\"70\"}}", "If-Match", seen)
                        .statusCode())
                .isEqualTo(412);
        post("/imaging/actions/wipe", "", 204);
        assertThat(device.told).contains("perform wipe");

        assertThat(server.send("PATCH", camera + "/imaging", "{\"values\":{\"brightness\":\"101\",\"sun\":\"1\"}}")
                        .body())
                .contains(
                        "\"field\":\"values.brightness\"",
                        "must be a whole number, 0..100",
                        "\"field\":\"values.sun\"",
                        "it knows brightness and ir_cut");
        assertThat(server.send("PATCH", camera + "/imaging", "{}").body()).contains("\"field\":\"values\"");
        assertThat(post("/imaging/actions/dance", "", 404).body()).contains("no such action");
        assertThat(device.told).filteredOn(told -> told.startsWith("image")).hasSize(1);
        assertThat(server.send(
                                "PATCH",
                                camera + "/imaging",
                                "{\"values\":{\"brightness\":\"1\"}}",
                                "Authorization",
                                "Bearer viewer")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void whatACameraHasRecordedItselfIsListed() throws Exception {
        String range = "?from=2026-01-01T10:00:00Z&to=2026-01-01T10:01:00Z";
        assertThat(get("/edge-recordings" + range).at("/items").toString())
                .isEqualTo("[{\"id\":\"r1\",\"from\":\"2026-01-01T10:00:00.000Z\",\"to\":\"2026-01-01T10:10:00.000Z\"},"
                        + "{\"id\":\"r2\",\"from\":\"2026-01-01T10:15:00.000Z\"}]");
        assertThat(server.send("GET", camera + "/edge-recordings?from=5", "").body())
                .contains("\"field\":\"to\"");
        assertThat(server.send("GET", camera + "/edge-recordings" + range, "", "Authorization", "Bearer viewer")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void whoMayTalkIsToldHow() throws Exception {
        assertThat(get("/talk").toString())
                .isEqualTo("{\"formats\":[{\"codec\":\"pcmu\",\"sampleRateHz\":8000,\"channels\":1}]}");
        try (CameraTalk talk = server.registry()
                .control()
                .talk(UUID.fromString(camera.replaceAll(".*/", "")), FakeDevice.SPEECH, "olga")) {
            assertThat(get("/talk").at("/talker").asText()).isEqualTo("olga");
            assertThat(talk.over()).isEmpty();
        }
        assertThat(server.send("GET", camera + "/talk", "", "Authorization", "Bearer viewer")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aDevicesOwnPictureIsHandedOutWhenItIsOne() throws Exception {
        HttpResponse<String> picture = server.send("GET", camera + "/snapshot?source=device", "");
        assertThat(picture.statusCode()).isEqualTo(200);
        assertThat(picture.headers().firstValue("Content-Type")).contains("image/jpeg");

        device.picture = "<html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(server.send("GET", camera + "/snapshot?source=device", "").body())
                .contains("camera-protocol", "is no JPEG");
        assertThat(server.send("GET", camera + "/snapshot?source=device&width=320", "")
                        .body())
                .contains("\"field\":\"width\"");
    }

    @Test
    void whoMayWatchMayNotMoveAndSeesWhatACameraCanButNotWhichDeviceItIs() throws Exception {
        post("/ptz/stop", "", 403, "Authorization", "Bearer viewer");
        post("/device/reboot", "", 403, "Authorization", "Bearer viewer");
        server.registry().driver.awaitOpened(target -> true);

        String seen = "";
        while (!seen.contains("capabilities")) {
            seen = server.send("GET", camera + "/status", "", "Authorization", "Bearer viewer")
                    .body();
        }
        assertThat(seen).contains("\"ptz\"", "\"driverVersion\":\"1.2.3\"").doesNotContain("Model");
        assertThat(get("/status").at("/device/identity/model").asText()).isEqualTo("Model");
    }

    @Test
    void withoutItsDriverControlSaysWhatIsMissing() throws Exception {
        server.registry().uninstall();

        assertThat(post("/ptz/stop", "", 422).body())
                .contains("/problems/camera-driver-missing", "The driver rtsp is not installed");
        assertThat(server.send(
                                "POST",
                                camera.replaceAll("[^/]+$", "00000000-0000-4000-8000-000000000009") + "/ptz/stop",
                                "")
                        .statusCode())
                .isEqualTo(404);
    }
}
