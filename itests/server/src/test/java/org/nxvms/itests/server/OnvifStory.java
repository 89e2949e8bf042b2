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
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Stopwatch;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.simulator.rtsp.Metadata;

/**
 * Address and login are enough for a camera by ONVIF, however wrong its clock is; what ended while it was away is over, and the
 * ten minutes that it recorded itself meanwhile are fetched without being asked for. Beside it, one that starts anew at another
 * address is followed, and one sends its pictures to a group.
 */
final class OnvifStory {
    private static final Duration AWAY = Duration.ofMinutes(10);
    /** Where the server's clock cannot be set, the ten minutes are sixty times shorter. */
    private static final Duration AWAY_IN_TRUTH = Duration.ofSeconds(10);

    /** Small, so that each picture of the ten minutes is looked at in seconds; the loop is longer than what is searched. */
    private static final ClipSpec PICTURES = new ClipSpec(
            new ClipSpec.Rendition(320, 180, 400_000), new ClipSpec.Rendition(160, 90, 100_000), 25, 50, 30);

    private static final long YEAR_SECONDS = 31_536_000;
    /** Found, added and looked at alone, and as many as then come together. */
    private static final int CAMERAS = 12;
    /**
     * What is promised of one camera, and of fifty, of which a part comes here. That is no race: on two cores with nine times
     * as much to do as they can, one took 2.7 s and all of them 4.8, and time in which the machine stands still is not counted
     * (Stopwatch). Only a server that has become slower, or waits for something once more, comes near.
     */
    private static final Duration ADDED_WITHIN = Duration.ofSeconds(5);

    private static final Duration MANY_WITHIN = Duration.ofSeconds(60);

    private static final int FRAME_MS = 40;
    private static final int GOP_FRAMES_MAX = 51;

    private final PackedServer server;
    private final Optional<FaultyMachine> machine;
    private Api api;
    /** How far the server's clock is set ahead. */
    private Duration ahead = Duration.ZERO;

    /** @param machine sets the server's clock, where it can be */
    OnvifStory(PackedServer server, Api api, Optional<FaultyMachine> machine) {
        this.server = server;
        this.api = api;
        this.machine = machine;
    }

    /** Before the server starts: where it may look for cameras, and that what is missing is fetched soon and fast. */
    static void configure(PackedServer server) {
        server.configured("org.nxvms.discovery", "interfaces = lo");
        server.configured("org.nxvms.gapfill", "delaySeconds = 2", "mebibytesPerSecond = 1000");
    }

    void run() throws Exception {
        Waiting.until("the driver knows quirks, by another bundle", 30, () -> Files.readString(
                        server.data().resolve("log/nxvms.log"))
                .contains("quirks of ONVIF devices are known"));
        try (CameraFarm farm = CameraFarm.builder()
                .cameras(CAMERAS)
                .data(Path.of(System.getProperty("nxvms.work")).resolveSibling("simulator"))
                .settings(number -> CameraSettings.DEFAULT
                        .withLogin(AuthScheme.DIGEST_MD5_QOP, "root", "pass")
                        .withMetadata(Metadata.OFFERED))
                .clip(PICTURES)
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
            itsStreamsGetWhatItSees(farm, camera);
            List<String> others = theOthersComeTogether(farm);
            Elsewhere elsewhere = new Elsewhere(farm, others.get(0), others.get(1));
            elsewhere.begin(api);
            itsUsersAreLookedAfter(camera);
            itsEncodersAreSet(farm, camera);

            farm.device(1).events().set(DeviceState.Kind.MOTION, 0, true);
            Waiting.until("its motion is an event", 30, () -> motion(camera).size() == 1);
            assertThat(motion(camera).at("/0/end").isMissingNode()
                            || motion(camera).at("/0/end").isNull())
                    .as("that lasts: " + motion(camera))
                    .isTrue();
            Instant begun = now();
            Instant away = farm.device(1).time().truncatedTo(ChronoUnit.MILLIS);
            farm.camera(1).set(FaultKind.REFUSE_CONNECTION);
            farm.device(1).events().set(DeviceState.Kind.MOTION, 0, false);
            Waiting.until("it is missed", 60, () -> !api.state(camera).equals("recording"));
            Duration passed = timePasses(farm, away);
            farm.camera(1).clear(FaultKind.REFUSE_CONNECTION);
            Waiting.until("it records again", 30, () -> api.state(camera).equals("recording"));
            Waiting.until("what ended meanwhile is over", 90, () -> motion(camera)
                    .at("/0/end")
                    .isTextual());
            assertThat(motion(camera)).as("it was one event").hasSize(1);
            Instant back = farm.device(1).time().truncatedTo(ChronoUnit.MILLIS);
            new GapFillStory(api, camera).run(begun, ahead, passed);
            // Behind it: a camera gives out one recording at a time.
            itsOwnRecordingHasWhatWasMissed(camera, away, back);
            elsewhere.end(api);
            api.delete("/api/v1/cameras/" + camera).expect(204);
        }
    }

    /**
     * In one batch, in which one is known already.
     *
     * @return the second and the third camera; the others are taken out again
     */
    private List<String> theOthersComeTogether(CameraFarm farm) {
        List<Map<String, String>> addresses = IntStream.rangeClosed(1, CAMERAS)
                .mapToObj(number -> Map.of("address", farm.httpUri(number)))
                .toList();
        Stopwatch took = Stopwatch.started();
        JsonNode[] batch = {
            api.post("/api/v1/cameras/setups", Map.of("cameras", addresses, "username", "root", "password", "pass"))
                    .expect(202)
                    .json()
        };
        String path = "/api/v1/cameras/setups/" + batch[0].get("id").asText() + "?after=";
        Waiting.until("the batch is through", 120, () -> {
            batch[0] = api.get(path + batch[0].get("revision").asLong())
                    .expect(200)
                    .json();
            return !batch[0].get("runs").asBoolean();
        });
        Duration together = took.elapsed();
        System.out.println((CAMERAS - 1) + " cameras by ONVIF were added together in " + together);
        assertThat(together).as("many are added together").isLessThan(MANY_WITHIN);
        List<String> states = new ArrayList<>();
        List<String> added = new ArrayList<>();
        batch[0].get("items").forEach(item -> {
            states.add(item.get("state").asText());
            if (item.get("state").asText().equals("added")) {
                added.add(item.get("cameraId").asText());
            }
        });
        assertThat(states).as(batch[0].toString()).startsWith("known").containsOnly("known", "added");
        assertThat(added).hasSize(CAMERAS - 1);
        added.subList(2, added.size())
                .forEach(one -> api.delete("/api/v1/cameras/" + one).expect(204));
        return added.subList(0, 2);
    }

    /** Its profiles have no metadata until the setting of the camera lets this server put it into them. */
    private void itsStreamsGetWhatItSees(CameraFarm farm, String camera) {
        assertThat(farm.camera(1).scene().isCarriedBy(Camera.Role.MAIN)).isFalse();
        api.patch("/api/v1/cameras/" + camera, Map.of("settings", Map.of("metadata", "add")), "*")
                .expect(200);
        Waiting.until("what it sees in its own picture is an event", 60, () -> !happened(camera, "onvif.object")
                .isEmpty());
        Waiting.until("it records", 30, () -> api.state(camera).equals("recording"));
    }

    private void itsUsersAreLookedAfter(String camera) {
        String users = "/api/v1/cameras/" + camera + "/device/users";
        api.post(users, Map.of("name", "guard", "password", "Watch-9-gates", "level", "viewer"))
                .expect(201);
        api.patch(users + "/guard", Map.of("level", "operator"), "").expect(204);
        assertThat(api.get(users).expect(200).json().get("items").toString())
                .contains("\"name\":\"guard\",\"level\":\"operator\",\"ours\":false")
                .contains("\"name\":\"root\",\"level\":\"administrator\",\"ours\":true");
        api.delete(users + "/root").expect(409);
        api.delete(users + "/guard").expect(204);
    }

    /** Of the small stream, whose pictures nobody here looks at. */
    private void itsEncodersAreSet(CameraFarm farm, String camera) {
        String encoders = "/api/v1/cameras/" + camera + "/encoders";
        JsonNode sub = api.get(encoders).expect(200).json().at("/items/1");
        assertThat(sub.at("/streams/0").asText()).as(sub.toString()).isEqualTo("sub");
        String one = encoders + "/" + sub.get("token").asText();
        farm.camera(1).set(FaultKind.ENCODER_ROUNDS);
        JsonNode changed = api.patch(one, Map.of("bitrateKbps", 100, "keyFrameInterval", 40), "*")
                .expect(200)
                .json();
        farm.camera(1).clear(FaultKind.ENCODER_ROUNDS);
        assertThat(changed.get("differences").toString())
                .isEqualTo("[{\"field\":\"bitrateKbps\",\"wanted\":\"100\",\"got\":\"64\"},"
                        + "{\"field\":\"keyFrameInterval\",\"wanted\":\"40\",\"got\":\"25\"}]");
        assertThat(api.get(one).expect(200).json().get("settings")).isEqualTo(changed.get("settings"));
        assertThat(api.patch(one, Map.of("resolution", Map.of("width", 1920, "height", 1080)), "*")
                        .expect(422)
                        .json()
                        .at("/errors/0/detail")
                        .asText())
                .contains("resolution", "160x90");
    }

    private Instant now() {
        return Instant.now().plus(ahead);
    }

    /** {@return how much time it was at least} For the server and the camera, which nobody reaches. */
    private Duration timePasses(CameraFarm farm, Instant away) {
        if (machine.isEmpty()) {
            Waiting.until("it is away for long", 60, () -> farm.device(1).time().isAfter(away.plus(AWAY_IN_TRUTH)));
            return AWAY_IN_TRUTH;
        }
        ahead = AWAY;
        machine.get().setClock(AWAY.toSeconds());
        farm.camera(1).pass(AWAY);
        // Tokens are of the other time.
        api = new Api(server.httpPort());
        return AWAY;
    }

    /** {@return the camera as a search finds it}, by multicast on the interface that the setting names */
    private JsonNode found(CameraFarm farm) {
        List<JsonNode> found = new ArrayList<>();
        // One search runs at a time.
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
        assertThat(seen).contains("codec_name=h264", "width=320", "codec_name=aac");
        long packets = Long.parseLong(seen.replaceAll("(?s).*codec_name=h264[^\n]*nb_read_packets=(\\d+).*", "$1"));
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
        Stopwatch took = Stopwatch.started();
        JsonNode added = api.post(
                        "/api/v1/cameras/setup",
                        Map.of(
                                "name",
                                "Yard",
                                "address",
                                host,
                                "username",
                                "root",
                                "password",
                                "pass",
                                "recording",
                                Map.of("fillGaps", true)))
                .expect(201)
                .json();
        Duration alone = took.elapsed();
        System.out.println("A camera by ONVIF was added in " + alone);
        assertThat(alone).as("a camera is added").isLessThan(ADDED_WITHIN);
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
                .containsEntry("analytics", "limited")
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
