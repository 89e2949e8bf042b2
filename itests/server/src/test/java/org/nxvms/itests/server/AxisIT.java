// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.EdgeStore;
import org.nxvms.simulator.device.Speaker;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.simulator.vapix.VapixDialect;

/**
 * The vendor's driver comes as a feature into the running server, records a camera by what its interface says, and all that
 * the camera can is used through the server; beside it one for cameras of any maker.
 */
class AxisIT {
    private static final Instant NIGHT = Instant.parse("2026-01-01T02:00:00Z");

    private static final String PASSWORD = "Say-it-louder-7-times";

    private Api api;
    private String camera;

    @Test
    void aCameraOfAxisIsRecordedAndControlled(@TempDir Path folder) throws Exception {
        try (CameraFarm farm = farm();
                PackedServer server = PackedServer.unpacked("axis")) {
            Optional<FaultyMachine> machine = Optional.empty();
            if (FaultyMachine.canBeBuilt()) {
                machine = Optional.of(new FaultyMachine(server.home().getParent()));
                machine.get().hosts(server);
            }
            OnvifStory.configure(server);
            api = server.start();
            Commands.Result installed = server.shell("feature:install nxvms-driver-axis");
            assertThat(installed.status())
                    .as(installed.output() + installed.errors())
                    .isZero();
            camera = api.post(
                            "/api/v1/cameras",
                            Map.of(
                                    "name",
                                    "Gate",
                                    "driver",
                                    "axis",
                                    "address",
                                    farm.httpUri(1),
                                    "username",
                                    "root",
                                    "password",
                                    "pass"))
                    .expect(201)
                    .json()
                    .get("id")
                    .asText();
            Waiting.until("it records", 30, () -> api.state(camera).equals("recording"));
            Instant begun = Instant.now();
            Waiting.until("what it can is known", 30, () -> status().toString().contains("edge_recordings"));
            assertThat(status().at("/device/capabilities").toString())
                    .contains("ptz", "events", "imaging", "audio_out");

            pictureIsSet(farm.device(1));
            cameraIsMoved();
            cardIsRead(farm.device(1), folder);
            soundIsPlayed(farm.device(1));
            nobodyTalksWhoseRightHasGone(farm.device(1), server);
            assertThat(api.health("drivers").get("status").asText()).isEqualTo("up");
            assertThat(api.gaps(camera, begun, Instant.now()))
                    .as("nothing of it disturbs the recording")
                    .isEmpty();
            // The simulated camera of the next story is the same device, which would be known already.
            api.delete(path("")).expect(204);
            new OnvifStory(server, api, machine).run();
        }
    }

    private static CameraFarm farm() throws java.io.IOException {
        return CameraFarm.builder()
                .data(Path.of(System.getProperty("nxvms.work")).resolveSibling("simulator"))
                .settings(number -> CameraSettings.DEFAULT.withLogin(AuthScheme.DIGEST_MD5_QOP, "root", "pass"))
                .dialect(VapixDialect::new)
                .start();
    }

    private JsonNode status() {
        return api.get("/api/v1/cameras/" + camera + "/status").expect(200).json();
    }

    private String path(String behind) {
        return "/api/v1/cameras/" + camera + behind;
    }

    private void pictureIsSet(Device device) {
        JsonNode imaging = api.get(path("/imaging")).expect(200).json();
        assertThat(imaging.at("/values/brightness").asText()).isEqualTo("50");
        JsonNode changed = api.patch(path("/imaging"), Map.of("values", Map.of("ir_cut", "off")), "")
                .expect(200)
                .json();
        assertThat(changed.at("/values/ir_cut").asText()).isEqualTo("off");
        api.patch(path("/imaging"), Map.of("values", Map.of("brightness", "101")), "")
                .expect(422);
        api.postText(path("/imaging/actions/wipe"), "").expect(204);
        assertThat(device.optics().wipes()).isEqualTo(1);
        Waiting.until("the event says who did it", 30, () -> api.get("/api/v1/events?kinds=camera.imaging_changed")
                .expect(200)
                .json()
                .toString()
                .contains("\"changed\":\"ir_cut=off\",\"user\":\"admin\""));
    }

    private void cameraIsMoved() {
        api.post(path("/ptz/absolute"), Map.of("pan", 10)).expect(204);
        api.post(path("/ptz/relative"), Map.of("pan", 5)).expect(204);
        String preset = api.post(path("/ptz/presets"), Map.of("name", "Yard"))
                .expect(201)
                .json()
                .get("token")
                .asText();
        api.postText(path("/ptz/presets/" + preset + "/go"), "").expect(204);
        api.delete(path("/ptz/presets/" + preset)).expect(204);
        // Back to where it looks straight: else its pictures would be encoded for as long as it is recorded.
        api.post(path("/ptz/absolute"), Map.of("pan", 0)).expect(204);
        api.get(path("/device")).expect(200);
        api.postText(path("/device/clock/sync"), "").expect(200);
    }

    private void cardIsRead(Device device, Path folder) throws java.io.IOException {
        EdgeStore.Recording kept = device.edge().add(NIGHT, NIGHT.plusSeconds(60));
        String range = "?from=" + NIGHT + "&to=" + NIGHT.plusSeconds(10);
        JsonNode found = api.get(path("/edge-recordings" + range)).expect(200).json();
        assertThat(found.at("/items/0/id").asText()).isEqualTo(kept.id());
        Api.Answer answer =
                api.get("/media/v1/edge/" + camera + "/" + kept.id() + range).expect(200);
        assertThat(answer.type()).isEqualTo("video/x-matroska");
        Path file = Files.write(folder.resolve("card.mkv"), answer.bytes());
        String seen = Commands.run(
                folder,
                "ffprobe",
                "-v",
                "error",
                "-count_packets",
                "-show_entries",
                "stream=codec_name,width,nb_read_packets:format_tags=creation_time",
                "-of",
                "compact",
                file.toString());
        assertThat(seen).contains("codec_name=h264", "width=1920", "creation_time=2026-01-01T0");
        int packets = Integer.parseInt(seen.replaceAll("(?s).*nb_read_packets=(\\d+).*", "$1"));
        assertThat(packets).as("ten seconds, from the key frame before on").isBetween(250, 302);
    }

    private void soundIsPlayed(Device device) throws Exception {
        JsonNode talk = api.get(path("/talk")).expect(200).json();
        assertThat(talk.at("/formats/0/codec").asText()).isEqualTo("pcmu");
        Talking talking = Talking.begun(api, camera);
        for (int i = 0; i < 50; i++) {
            talking.say(i);
        }
        Waiting.until(
                "a second of sound was played",
                20,
                () -> device.speaker().last().bytes().length == 50 * Talking.FRAME_BYTES);
        assertThat(device.speaker().last().bytes()[50 * Talking.FRAME_BYTES - 1])
                .isEqualTo((byte) 49);
        assertThat(api.get(path("/talk")).json().at("/talker").asText()).isEqualTo("admin");
        talking.end();
        nobodyTalks(device);
    }

    private void nobodyTalks(Device device) {
        Waiting.until("the talk is over", 20, () -> !device.speaker().isPlaying());
        Waiting.until(
                "the camera is free for others",
                20,
                () -> !api.get(path("/talk")).expect(200).json().path("talker").isTextual());
    }

    /** Somebody watches and talks; the right is taken away, he is cut off, and the camera is free for others. */
    private void nobodyTalksWhoseRightHasGone(Device device, PackedServer server) throws Exception {
        String id = api.post(
                        "/api/v1/users",
                        Map.of("username", "tom", "password", PASSWORD, "role", "guest", "mustChangePassword", false))
                .expect(201)
                .json()
                .get("id")
                .asText();
        String grants = "/api/v1/users/" + id + "/grants";
        String granted = api.post(grants, Map.of("role", "operator", "scope", "camera/" + camera))
                .expect(201)
                .json()
                .get("id")
                .asText();
        try (RunningViews views = new RunningViews(server, new Api(server.httpPort(), "tom", PASSWORD))) {
            views.socket("/ws/v1/live/" + camera);
            Speaker.Sound before = device.speaker().last();
            views.talk(camera);
            Waiting.until("tom is heard", 20, () -> {
                Speaker.Sound sound = device.speaker().last();
                return sound != before && sound.bytes().length > 0;
            });
            assertThat(views.ended()).isEmpty();

            views.withdrawn();
            long sinceNs = System.nanoTime();
            api.delete(grants + "/" + granted).expect(204);

            Map<String, Duration> after = views.after(sinceNs);
            Duration promised = views.promised();
            System.out.println("Ended after " + after + ", where " + promised + " are allowed");
            assertThat(after)
                    .hasSize(2)
                    .allSatisfy((way, time) -> assertThat(time).as(way).isLessThan(promised));
        }
        nobodyTalks(device);
    }
}
