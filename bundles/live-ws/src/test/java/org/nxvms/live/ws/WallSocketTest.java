// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.test.kit.Awaiting;

/** Several cameras over one socket, as a client sees them. */
class WallSocketTest extends ServletScene {
    private static final String PATH = "/ws/v1/live";
    private static final int GOP = 10;

    WallSocketTest() {
        super(new LivePump.Limits(20, 6, 8 << 20, 32 << 20, 2));
    }

    /** A client that keeps apart what comes of each camera. */
    private final class Wall {
        final TestSocket socket = connect(PATH, "good");
        final Map<Integer, UUID> cameraOf = new HashMap<>();
        final Map<UUID, List<Integer>> pictures = new HashMap<>();
        final Map<UUID, String> streamOf = new HashMap<>();
        final List<JsonNode> messages = new ArrayList<>();
        private int initsDue;

        void say(String type, UUID camera, String more) {
            socket.socket
                    .sendText("{\"type\":\"" + type + "\",\"cameraId\":\"" + camera + "\"" + more + "}", true)
                    .join();
        }

        void subscribe(UUID camera) {
            say("subscribe", camera, "");
        }

        /** Takes until so many pictures of a camera are there, or its newest has a number. */
        void playTo(UUID camera, int number) throws Exception {
            while (newest(camera) < number) {
                take();
            }
        }

        int newest(UUID camera) {
            List<Integer> come = pictures.getOrDefault(camera, List.of());
            return come.isEmpty() ? -1 : come.get(come.size() - 1);
        }

        JsonNode awaitMessage(String type, UUID camera) throws Exception {
            int from = messages.size();
            while (true) {
                take();
                for (JsonNode message : messages.subList(from, messages.size())) {
                    if (message.path("type").asText().equals(type)
                            && message.path("cameraId").asText().equals(camera.toString())) {
                        return message;
                    }
                }
            }
        }

        private void take() throws Exception {
            Object next = socket.next();
            assertThat(next).as("something within 30 s").isNotNull();
            if (next instanceof String text) {
                JsonNode message = Json.mapper().readTree(text);
                messages.add(message);
                if (message.path("type").asText().equals("init")) {
                    UUID camera = UUID.fromString(message.path("cameraId").asText());
                    cameraOf.put(message.path("channel").asInt(), camera);
                    streamOf.put(camera, message.path("stream").asText());
                    initsDue++;
                }
            } else {
                media((ByteBuffer) next);
            }
        }

        private void media(ByteBuffer numbered) {
            UUID camera = cameraOf.get(numbered.getInt());
            assertThat(camera).as("announced before").isNotNull();
            ByteBuffer bytes = numbered.slice();
            if (bytes.getInt(4) == 0x66747970) {
                initsDue--;
            } else {
                assertThat(initsDue).as("an initialisation follows its message").isZero();
                pictures.computeIfAbsent(camera, any -> new ArrayList<>()).add(Read.pictureNumber(bytes));
            }
        }
    }

    private Stage.Camera camera(UUID id, StreamRole role, int gop, int bytes) {
        Stage.Camera camera = new Stage.Camera(hub, new StreamId(id, role), gop, bytes);
        camera.startRun(Stage.H264);
        camera.pictures(3);
        return camera;
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void eachCameraComesWholeUnderItsOwnNumber() throws Exception {
        Stage.Camera one = camera(Stage.CAMERA, StreamRole.MAIN, GOP, 20_000);
        Stage.Camera other = camera(Stage.OTHER, StreamRole.MAIN, GOP, 3_000);
        Wall wall = new Wall();
        wall.subscribe(Stage.CAMERA);
        wall.playTo(Stage.CAMERA, 2);
        wall.subscribe(Stage.OTHER);
        wall.playTo(Stage.OTHER, 2);
        for (int i = 3; i < 40; i++) {
            one.picture();
            other.picture();
            wall.playTo(Stage.CAMERA, i);
            wall.playTo(Stage.OTHER, i);
        }
        assertThat(wall.pictures.get(Stage.CAMERA)).isEqualTo(numbers(0, 39));
        assertThat(wall.pictures.get(Stage.OTHER)).isEqualTo(numbers(0, 39));
        assertThat(servlet.pump().places()).as("the socket and its cameras").isEqualTo(3);
        wall.say("unsubscribe", Stage.CAMERA, "");
        assertThat(wall.awaitMessage("closed", Stage.CAMERA).path("code").asInt())
                .isEqualTo(1000);
        untilPlacesAre(2);
        other.picture();
        wall.playTo(Stage.OTHER, 40);
        wall.pictures.remove(Stage.CAMERA);
        wall.subscribe(Stage.CAMERA);
        wall.playTo(Stage.CAMERA, 39);
        wall.socket.socket.abort();
        untilPlacesAre(0);
    }

    @Test
    void aCameraChangesItsStreamAtAKeyFrameWhileTheSocketGoesOn() throws Exception {
        Stage.Camera main = camera(Stage.CAMERA, StreamRole.MAIN, GOP, 5_000);
        Stage.Camera sub = new Stage.Camera(hub, new StreamId(Stage.CAMERA, StreamRole.SUB), GOP, 1_000);
        sub.startRun(Stage.H264_SMALL);
        Wall wall = new Wall();
        wall.subscribe(Stage.CAMERA);
        wall.playTo(Stage.CAMERA, 2);
        wall.say("stream", Stage.CAMERA, ",\"stream\":\"sub\"");
        while (!"sub".equals(wall.streamOf.get(Stage.CAMERA))) {
            main.picture();
            sub.picture();
            wall.take();
        }
        wall.pictures.clear();
        sub.pictures(GOP);
        while (wall.pictures.getOrDefault(Stage.CAMERA, List.of()).isEmpty()) {
            wall.take();
        }
        assertThat(wall.pictures.get(Stage.CAMERA).get(0) % GOP)
                .as("begins with a key frame")
                .isZero();
        wall.socket.socket.abort();
    }

    /** Here nobody encodes streams anew. */
    @Test
    void aStreamThatIsEncodedAnewHasItsNameHereTooAndIsRefusedToItsCameraOnly() throws Exception {
        camera(Stage.OTHER, StreamRole.MAIN, GOP, 1_000);
        Wall wall = new Wall();
        wall.say("subscribe", Stage.CAMERA, ",\"stream\":\"main~480p\"");
        assertThat(wall.awaitMessage("closed", Stage.CAMERA).path("code").asInt())
                .isEqualTo(CloseCode.TRY_AGAIN);
        wall.subscribe(Stage.OTHER);
        wall.playTo(Stage.OTHER, 2);
        wall.socket.socket.abort();
    }

    /** The client reads nothing for a while: the big camera goes on at its newest key frame, the small one misses nothing. */
    @Test
    void aCameraThatIsTooMuchIsSkippedAndTheOthersAreNot() throws Exception {
        Stage.Camera big = camera(Stage.CAMERA, StreamRole.MAIN, GOP, 300_000);
        Stage.Camera small = camera(Stage.OTHER, StreamRole.MAIN, 10_000, 100);
        Wall wall = new Wall();
        wall.subscribe(Stage.CAMERA);
        wall.subscribe(Stage.OTHER);
        wall.playTo(Stage.CAMERA, 2);
        wall.playTo(Stage.OTHER, 2);
        wall.socket.deaf(true);
        for (int i = 0; i < 40; i++) {
            big.pictures(GOP);
            small.pictures(GOP);
            untilRead();
        }
        wall.socket.deaf(false);
        wall.playTo(Stage.CAMERA, 402);
        wall.playTo(Stage.OTHER, 402);
        assertThat(wall.pictures.get(Stage.OTHER)).isEqualTo(numbers(0, 402));
        List<Integer> come = wall.pictures.get(Stage.CAMERA);
        assertThat(come).hasSizeLessThan(403 - GOP);
        for (int i = 1; i < come.size(); i++) {
            int before = come.get(i - 1);
            assertThat(come.get(i) == before + 1 || come.get(i) % GOP == 0)
                    .as("%d after %d", come.get(i), before)
                    .isTrue();
        }
        assertThat(wall.messages)
                .as("told of the big one")
                .anyMatch(message -> message.path("type").asText().equals("drop")
                        && message.path("cameraId").asText().equals(Stage.CAMERA.toString()))
                .as("and not of the small one")
                .noneMatch(message -> message.path("type").asText().equals("drop")
                        && message.path("cameraId").asText().equals(Stage.OTHER.toString()));
        wall.socket.socket.abort();
    }

    /** All that was written has been taken: it is the client that is slow, and not what reads the cameras for it. */
    private void untilRead() {
        Awaiting.until("all is read", () -> hub.statistics().stream()
                .flatMap(stream -> stream.readers().stream())
                .allMatch(reader -> reader.behind() == 0));
    }

    @Test
    void whatIsRefusedForOneCameraIsToldOfThatOne() throws Exception {
        Stage.Camera one = camera(Stage.CAMERA, StreamRole.MAIN, GOP, 1_000);
        camera(Stage.OTHER, StreamRole.MAIN, GOP, 1_000);
        guard.hidden.add(Stage.OTHER);
        Wall wall = new Wall();
        wall.subscribe(Stage.CAMERA);
        wall.playTo(Stage.CAMERA, 2);
        wall.subscribe(Stage.OTHER);
        assertThat(wall.awaitMessage("closed", Stage.OTHER).path("code").asInt())
                .isEqualTo(4403);
        UUID nobody = new UUID(9, 9);
        wall.subscribe(nobody);
        assertThat(wall.awaitMessage("closed", nobody).path("code").asInt()).isEqualTo(4404);
        guard.hidden.clear();
        for (int n = 0; n < 4; n++) {
            // Its place is given back soon after the refusal; an unknown camera takes none for long.
            wall.subscribe(new UUID(10, n));
            wall.awaitMessage("closed", new UUID(10, n));
        }
        untilPlacesAre(2);
        one.picture();
        wall.playTo(Stage.CAMERA, 3);
        wall.socket.socket.abort();
    }

    @Test
    void aRightThatIsTakenAwayEndsThatCameraAndASessionThatEndsAll() throws Exception {
        Stage.Camera one = camera(Stage.CAMERA, StreamRole.MAIN, GOP, 1_000);
        camera(Stage.OTHER, StreamRole.MAIN, GOP, 1_000);
        Wall wall = new Wall();
        wall.subscribe(Stage.CAMERA);
        wall.subscribe(Stage.OTHER);
        wall.playTo(Stage.CAMERA, 2);
        wall.playTo(Stage.OTHER, 2);
        guard.hidden.add(Stage.OTHER);
        assertThat(wall.awaitMessage("closed", Stage.OTHER).path("code").asInt())
                .isEqualTo(4403);
        one.picture();
        wall.playTo(Stage.CAMERA, 3);
        guard.expired = true;
        assertThat(wall.socket.closeCode()).isEqualTo(4401);
        untilPlacesAre(0);
    }

    @Test
    void placesAreBoundedForEachCamera() throws Exception {
        camera(Stage.CAMERA, StreamRole.MAIN, GOP, 1_000);
        Wall wall = new Wall();
        wall.subscribe(Stage.CAMERA);
        wall.playTo(Stage.CAMERA, 2);
        for (int n = 0; n < 4; n++) {
            assertThat(servlet.pump().reserve(Services.USER.id())).isTrue();
        }
        wall.subscribe(Stage.OTHER);
        JsonNode closed = wall.awaitMessage("closed", Stage.OTHER);
        assertThat(closed.path("code").asInt()).isEqualTo(1013);
        assertThat(closed.path("reason").asText()).contains("your account allows");
        wall.socket.socket.abort();
    }

    @Test
    void aStreamThatThereCannotBeEndsItsCameraAndTheOthersGoOn() throws Exception {
        Stage.Camera one = camera(Stage.CAMERA, StreamRole.MAIN, GOP, 1_000);
        Stage.Camera other = camera(Stage.OTHER, StreamRole.MAIN, GOP, 1_000);
        Wall wall = new Wall();
        wall.subscribe(Stage.CAMERA);
        wall.playTo(Stage.CAMERA, 2);
        wall.say("subscribe", Stage.OTHER, ",\"stream\":\"third\"");
        JsonNode refused = wall.awaitMessage("closed", Stage.OTHER);
        assertThat(refused.path("code").asInt()).isEqualTo(CloseCode.BAD_MESSAGE);
        assertThat(refused.path("reason").asText()).contains("\"sub\"", "main~480p", "third");
        wall.subscribe(Stage.OTHER);
        wall.playTo(Stage.OTHER, 2);
        wall.say("stream", Stage.OTHER, ",\"stream\":\"third\"");
        assertThat(wall.awaitMessage("closed", Stage.OTHER).path("code").asInt())
                .isEqualTo(CloseCode.BAD_MESSAGE);
        untilPlacesAre(2);
        one.picture();
        wall.playTo(Stage.CAMERA, 3);
        other.picture();
        wall.subscribe(Stage.OTHER);
        wall.playTo(Stage.OTHER, 3);
        wall.socket.socket.abort();
    }

    @Test
    void nonsenseEndsTheSocketWithAReason() throws Exception {
        Wall one = new Wall();
        one.say("rewind", Stage.CAMERA, "");
        assertThat(one.socket.closeCode()).isEqualTo(1008);
        assertThat(one.socket.closeReason).contains("subscribe", "resume");
        Wall other = new Wall();
        other.socket
                .socket
                .sendText("{\"type\":\"subscribe\",\"cameraId\":\"door\"}", true)
                .join();
        assertThat(other.socket.closeCode()).isEqualTo(1008);
        assertThat(other.socket.closeReason).contains("cameraId");
        untilPlacesAre(0);
    }

    @Test
    void aStoppingServerSaysGoodbye() throws Exception {
        camera(Stage.CAMERA, StreamRole.MAIN, GOP, 1_000);
        Wall wall = new Wall();
        wall.subscribe(Stage.CAMERA);
        wall.playTo(Stage.CAMERA, 2);
        servlet.stop();
        assertThat(wall.socket.closeCode()).isEqualTo(1001);
    }

    @Test
    void theAddressTakesNoParameters() {
        assertRefused(PATH + "?stream=sub", "good", 400);
        assertRefused(PATH, "bad", 401);
    }
}
