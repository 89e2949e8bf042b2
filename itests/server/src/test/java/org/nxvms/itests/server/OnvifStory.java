// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.CameraSettings;

/** Address and login are enough for a camera by ONVIF, however wrong its clock is; what ended while it was away is over. */
final class OnvifStory {
    /** Ten minutes, sixty times shorter. */
    private static final int AWAY_SECONDS = 10;

    private static final long YEAR_SECONDS = 31_536_000;
    private static final int FRAME_MS = 40;
    private static final int GOP_FRAMES_MAX = 51;

    private final PackedServer server;
    private final Api api;

    OnvifStory(PackedServer server, Api api) {
        this.server = server;
        this.api = api;
    }

    void run() throws Exception {
        assertThat(server.shell("config:property-set --pid org.nxvms.discovery interfaces lo")
                        .status())
                .isZero();
        Waiting.until("the driver knows quirks, by another bundle", 30, () -> Files.readString(
                        server.data().resolve("log/nxvms.log"))
                .contains("quirks of ONVIF devices are known"));
        try (CameraFarm farm = CameraFarm.builder()
                .data(Path.of(System.getProperty("nxvms.work")).resolveSibling("simulator"))
                .settings(number -> CameraSettings.DEFAULT
                        .withLogin(AuthScheme.DIGEST_MD5_QOP, "root", "pass")
                        .withMetadata(true))
                .dialect(OnvifDialect::new)
                .discovery(List.of("lo"))
                .start()) {
            JsonNode found = found(farm);
            assertThat(found.has("cameraId")).as("nobody knows it yet").isFalse();
            farm.camera(1).set(FaultKind.NO_HTTP_DIGEST); // so that the login holds the time
            farm.camera(1).set(FaultKind.CLOCK_JUMP.fault(YEAR_SECONDS));
            String camera = added(found);
            Waiting.until("it records", 30, () -> api.state(camera).equals("recording"));
            Waiting.until("what it can is known", 30, () -> status(camera).contains("imaging"));
            assertThat(status(camera)).contains("ptz", "events");
            assertThat(found(farm).path("cameraId").asText()).isEqualTo(camera);
            Waiting.until("what it sees in its own picture is an event", 30, () -> !happened(camera, "onvif.object")
                    .isEmpty());

            farm.device(1).events().set(DeviceState.Kind.MOTION, 0, true);
            Waiting.until("its motion is an event", 30, () -> motion(camera).size() == 1);
            assertThat(motion(camera).at("/0/end").isMissingNode()
                            || motion(camera).at("/0/end").isNull())
                    .as("that lasts: " + motion(camera))
                    .isTrue();
            Instant begun = Instant.now();
            Instant away = farm.device(1).time().truncatedTo(ChronoUnit.MILLIS);
            farm.camera(1).set(FaultKind.REFUSE_CONNECTION);
            farm.device(1).events().set(DeviceState.Kind.MOTION, 0, false);
            Waiting.until("it is missed", 60, () -> !api.state(camera).equals("recording"));
            Waiting.until(
                    "it is away for long", 60, () -> farm.device(1).time().isAfter(away.plusSeconds(AWAY_SECONDS)));
            farm.camera(1).clear(FaultKind.REFUSE_CONNECTION);
            Waiting.until("it records again", 30, () -> api.state(camera).equals("recording"));
            Waiting.until("what ended meanwhile is over", 90, () -> motion(camera)
                    .at("/0/end")
                    .isTextual());
            assertThat(motion(camera)).as("it was one event").hasSize(1);
            itsOwnRecordingHasWhatWasMissed(camera, away, farm.device(1).time().truncatedTo(ChronoUnit.MILLIS));
            new GapFillStory(api, camera).run(begun);
            api.delete("/api/v1/cameras/" + camera).expect(204);
        }
    }

    /** {@return the camera as a search finds it}, by multicast on the interface that the setting names */
    private JsonNode found(CameraFarm farm) {
        List<JsonNode> found = new ArrayList<>();
        // A setting counts from the next search on, and one search runs at a time.
        Waiting.until("it is found", 60, () -> {
            Api.Answer begun = api.post("/api/v1/discovery", Map.of("drivers", List.of("onvif"), "seconds", 1));
            if (begun.status() != 202) {
                return false;
            }
            JsonNode scan = begun.json();
            String path = "/api/v1/discovery/" + scan.get("id").asText() + "?after=";
            while (found.isEmpty() && scan.get("runs").asBoolean()) {
                scan = api.get(path + scan.get("revision").asLong()).expect(200).json();
                for (JsonNode device : scan.get("devices")) {
                    if (device.get("address").asText().equals(farm.httpUri(1))) {
                        found.add(device);
                    }
                }
            }
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** By the camera's clock, which is a year ahead: each picture of the time in which nobody reached it. */
    private void itsOwnRecordingHasWhatWasMissed(String camera, Instant away, Instant back) throws IOException {
        String range = "?from=" + away + "&to=" + back;
        String recording = api.get("/api/v1/cameras/" + camera + "/edge-recordings" + range)
                .expect(200)
                .json()
                .at("/items/0/id")
                .asText();
        Api.Answer answer =
                api.get("/media/v1/edge/" + camera + "/" + recording + range).expect(200);
        assertThat(answer.type()).isEqualTo("video/mp4");
        Path file = Files.write(work().resolve("missed.mp4"), answer.bytes());
        String seen = Commands.run(
                work(),
                "ffprobe",
                "-v",
                "error",
                "-count_packets",
                "-show_entries",
                "stream=codec_name,width,nb_read_packets",
                "-of",
                "compact",
                file.toString());
        assertThat(seen).contains("codec_name=h264", "width=1920");
        long packets = Long.parseLong(seen.replaceAll("(?s).*nb_read_packets=(\\d+).*", "$1"));
        long pictures = Duration.between(away, back).toMillis() / FRAME_MS;
        assertThat(packets).as("from the key frame before on").isBetween(pictures - 1, pictures + GOP_FRAMES_MAX);
    }

    private static Path work() {
        return Path.of(System.getProperty("nxvms.work"));
    }

    /** Where it is and how to log in is all that is said; the server finds out what it is, and says what works on it. */
    private String added(JsonNode found) {
        String host = found.get("address").asText().replace("http://", "");
        JsonNode refused = api.post(
                        "/api/v1/cameras/setup", Map.of("address", host, "username", "root", "password", "wrong"))
                .expect(422)
                .json();
        assertThat(refused.path("type").asText()).as(refused.toString()).isEqualTo("/problems/camera-auth");
        assertThat(refused.at("/errors/0/field").asText()).isEqualTo("password");
        JsonNode added = api.post(
                        "/api/v1/cameras/setup",
                        Map.of("name", "Yard", "address", host, "username", "root", "password", "pass"))
                .expect(201)
                .json();
        assertThat(added.at("/camera/driver").asText()).isEqualTo("onvif");
        assertThat(added.at("/report/durationMs").asLong()).isLessThan(30_000);
        Map<String, String> states = new TreeMap<>();
        added.at("/report/checks")
                .forEach(check -> states.put(
                        check.get("name").asText(), check.get("state").asText()));
        assertThat(states)
                .as(added.toString())
                .containsEntry("login", "works")
                .containsEntry("identity", "works")
                .containsEntry("main_stream", "works")
                .containsEntry("sub_stream", "works")
                .containsEntry("events", "works")
                .containsEntry("ptz", "works")
                .containsEntry("clock", "limited");
        return added.at("/camera/id").asText();
    }

    private String status(String camera) {
        return api.get("/api/v1/cameras/" + camera + "/status")
                .expect(200)
                .json()
                .toString();
    }

    private JsonNode motion(String camera) {
        return happened(camera, "camera.motion");
    }

    private JsonNode happened(String camera, String kind) {
        return api.get("/api/v1/events?kinds=" + kind + "&cameras=" + camera)
                .expect(200)
                .json()
                .get("items");
    }
}
