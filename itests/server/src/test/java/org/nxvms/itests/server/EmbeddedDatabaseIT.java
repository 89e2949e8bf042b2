// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Footage;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/** The stories on the embedded database, which needs no configuration, and what one database is enough for. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedDatabaseIT extends RecordingStories {
    private static final int WINDOW_BYTES = 32;
    private static final int GOES_ON_MS = 3_000;

    private Trickle trickle;

    @Override
    PackedServer server() {
        return PackedServer.unpacked("embedded");
    }

    /** It takes some seconds, in which the stories run. */
    @BeforeAll
    void somebodyTrickles() throws IOException {
        trickle = new Trickle(server.httpPort());
    }

    @AfterAll
    void theTrickleEnds() throws IOException {
        if (trickle != null) {
            trickle.close();
        }
    }

    @Test
    void mainIsRecordedWhenItIsWantedWhileSubRunsThrough() {
        RecordedFrames recorded =
                new RecordedFrames(server.data().resolve("archive"), farm.clip().main());
        RecordingModes.mainIsRecordedWhenItIsWantedWhileSubRunsThrough(api, farm, recorded);
    }

    @Test
    void footageOfTheSubStreamIsPlayedWhereThereIsNoOther() {
        SubFootage.isPlayedWhereThereIsNoOther(server, api, farm);
    }

    @Test
    void motionIsFoundWhereItIsAndNotBesideIt() {
        MotionStory.motionIsFoundWhereItIsAndNotBesideIt(api, ids.get(2), () -> footageOfAtLeast(ids.get(2), 14));
    }

    @Test
    void disksThatAreLostCostNothingThatHasACopy() throws IOException {
        LostDisks.costNothingThatHasACopy(server, api, Farms.main(farm, 2));
    }

    /** Last: the server is another process afterwards. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aLossIsSaidInTimeAndWhoFollowsMissesNothing() throws Exception {
        FollowedEvents.aLossIsSaidInTimeAndWhoFollowsMissesNothing(server);
    }

    @Test
    void onAnEncryptedVolumeThereIsNoPictureAndAPlayerSeesEveryFrame(@TempDir Path folder) throws IOException {
        Path vault = server.data().resolve("vault");
        JsonNode added = api.post(
                        "/api/v1/storage/volumes",
                        Map.of(
                                "name",
                                "vault",
                                "path",
                                vault.toString(),
                                "create",
                                true,
                                "weight",
                                0,
                                "encryption",
                                "aes-256-gcm"))
                .expect(201)
                .json();
        assertThat(added.get("encryption").asText()).isEqualTo("aes-256-gcm");
        Waiting.until(
                "the volume is ready", 30, () -> vault().path("status").asText().equals("ready"));
        String camera = api.post(
                        "/api/v1/cameras",
                        Map.of(
                                "name",
                                "Safe",
                                "driver",
                                "rtsp",
                                "address",
                                Farms.main(farm, 1),
                                "recording",
                                Map.of("mode", "continuous", "volumes", List.of("vault"))))
                .expect(201)
                .json()
                .get("id")
                .asText();
        try {
            Instant from = footageOfAtLeast(camera, 5);
            JsonNode segment = api.segments(camera, from, Instant.now()).get(0);
            byte[] served = served(segment).expect(200).bytes();
            List<JsonNode> fragments = fragments(segment, served.length);
            isCiphertextOnDisk(Files.readAllBytes(stored(vault.resolve(camera))), served, fragments);
            isPlayed(folder, camera, served, fragments);
            goesOnWithoutItsKeysFile(camera, segment);
        } finally {
            api.delete("/api/v1/cameras/" + camera);
        }
    }

    /** Who may not even sign in holds no thread: what is left of the body is not waited for. */
    @Test
    void aBodyThatTricklesIsRefusedWhileItTrickles() throws IOException {
        assertThat(trickle.status()).isEqualTo("HTTP/1.1 408");
    }

    private JsonNode vault() {
        for (JsonNode volume :
                api.get("/api/v1/storage/volumes").expect(200).json().get("items")) {
            if (volume.get("name").asText().equals("vault")) {
                return volume;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    private Api.Answer served(JsonNode segment) {
        return api.get("/media/v1/segments/" + segment.get("id").asText());
    }

    /** {@return the fragments within so many bytes} */
    private List<JsonNode> fragments(JsonNode segment, int bytes) {
        JsonNode all = api.get("/api/v1/archive/segments/" + segment.get("id").asText() + "/index")
                .expect(200)
                .json()
                .get("fragments");
        return Stream.iterate(0, i -> i < all.size(), i -> i + 1)
                .map(all::get)
                .filter(one -> one.get("offset").asInt() + one.get("length").asInt() <= bytes)
                .toList();
    }

    private static Path stored(Path folder) {
        return Footage.below(folder).get(0);
    }

    /** The second half of a fragment is payload. */
    private static void isCiphertextOnDisk(byte[] stored, byte[] served, List<JsonNode> fragments) {
        assertThat(fragments).hasSizeGreaterThan(5);
        for (JsonNode fragment : fragments) {
            int end = fragment.get("offset").asInt() + fragment.get("length").asInt();
            for (int at = end - fragment.get("length").asInt() / 2; at + WINDOW_BYTES <= end; at += WINDOW_BYTES) {
                assertThat(Arrays.equals(stored, at, at + WINDOW_BYTES, served, at, at + WINDOW_BYTES))
                        .as("in the clear at byte " + at)
                        .isFalse();
            }
        }
    }

    private void isPlayed(Path folder, String camera, byte[] served, List<JsonNode> fragments) throws IOException {
        Path file = Files.write(folder.resolve("served.mp4"), served);
        List<String> pictures = Decoded.pictures(file);
        long frames =
                fragments.stream().mapToLong(one -> one.get("frames").asLong()).sum();
        assertThat(pictures).as("every frame of the file").hasSize((int) frames);

        long fromMs = fragments.get(0).get("startMs").asLong();
        String url = api.base() + "/media/v1/archive/" + camera + "/index.m3u8?stream=main&from=" + fromMs + "&to="
                + (fromMs + 4_000);
        List<String> played =
                Played.pictures(folder, 10_000, "-headers", "Authorization: Bearer " + api.token() + "\r\n", "-i", url);
        assertThat(played)
                .as("four seconds, while wall time is drawn to arrivals by a tenth at most")
                .hasSizeGreaterThanOrEqualTo(4 * 22);
        assertThat(pictures).as("the same pictures").startsWith(played.toArray(new String[0]));
    }

    /** With the key in memory recording and playing go on. */
    private void goesOnWithoutItsKeysFile(String camera, JsonNode segment) throws IOException {
        Path keys = server.data().resolve("keys/footage");
        String id = Files.readString(keys.resolve("current")).strip();
        Path away = Files.move(keys.resolve(id + ".key"), keys.resolveSibling("away"));
        Waiting.until("the volume says so", 30, () -> vault().path("encryptionTrouble")
                .asText()
                .contains(id + ".key"));
        served(segment).expect(200);
        Instant without = Instant.now();
        Waiting.until("footage of after that", 20, () -> api.segments(camera, without, Instant.now()).stream()
                .anyMatch(one ->
                        one.get("startMs").asLong() + one.get("durationMs").asLong()
                                > without.toEpochMilli() + GOES_ON_MS));
        assertThat(server.data().resolve("archive").resolve(camera))
                .as("nothing in the clear")
                .doesNotExist();

        Files.move(away, keys.resolve(id + ".key"));
        Waiting.until("the volume is well again", 30, () -> !vault().has("encryptionTrouble"));
    }
}
