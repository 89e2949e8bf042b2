// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.fault.FaultKind;

/** A loss is said within half a minute (promise 1), ends where it ends, and who follows misses nothing over a restart. */
final class FollowedEvents {
    private FollowedEvents() {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RAISED = 300;
    /** Between a loss and the time it is said to have begun. */
    private static final Duration NEAR = Duration.ofSeconds(3);

    /** One message of the stream. */
    private record Message(long id, String type, JsonNode data) {}

    /** A client of the stream, as a browser is one. */
    private static final class Follower implements AutoCloseable {
        final List<Message> messages = new CopyOnWriteArrayList<>();
        private final Stream<String> lines;
        private final Thread thread;

        Follower(Api api, Optional<Long> last) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api.base() + "/api/v1/events/stream"))
                    .header("Authorization", "Bearer " + api.token());
            last.ifPresent(id -> request.header("Last-Event-ID", String.valueOf(id)));
            HttpResponse<Stream<String>> response =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofLines());
            assertThat(response.statusCode()).isEqualTo(200);
            lines = response.body();
            thread = new Thread(this::read, "follower");
            thread.start();
        }

        private void read() {
            String[] id = {""};
            String[] type = {""};
            try {
                lines.forEach(line -> {
                    if (line.startsWith("id: ")) {
                        id[0] = line.substring(4);
                    } else if (line.startsWith("event: ")) {
                        type[0] = line.substring(7);
                    } else if (line.startsWith("data: ")) {
                        messages.add(new Message(Long.parseLong(id[0].isEmpty() ? "0" : id[0]), type[0], json(line)));
                    }
                });
            } catch (RuntimeException e) {
                // The server, or this test, closed the connection.
                return;
            }
        }

        private static JsonNode json(String line) {
            try {
                return JSON.readTree(line.substring(6));
            } catch (IOException e) {
                throw new IllegalStateException(line, e);
            }
        }

        List<JsonNode> of(String kind, String camera) {
            List<JsonNode> found = new ArrayList<>();
            for (Message message : messages) {
                if (message.type().equals("event")
                        && message.data().path("kind").asText().equals(kind)
                        && (camera.isEmpty()
                                || message.data().path("cameraId").asText().equals(camera))) {
                    found.add(message.data());
                }
            }
            return found;
        }

        @Override
        public void close() {
            lines.close();
            thread.interrupt();
        }
    }

    /** Starts the server again on its way. */
    static void aLossIsSaidInTimeAndWhoFollowsMissesNothing(PackedServer server) throws Exception {
        try (CameraFarm farm = Farms.start(1)) {
            Api api = new Api(server.httpPort());
            String camera = api.addCamera("Gate", Farms.main(farm, 1));
            Waiting.until("it records", 30, () -> api.state(camera).equals("recording"));
            long last;
            try (Follower follower = new Follower(api, Optional.empty())) {
                Waiting.until("the stream is open", 10, () -> !follower.messages.isEmpty());
                aGapIsSaidAndEnds(farm, api, camera, follower);
                raise(api, 0);
                Waiting.until(
                        "they were heard",
                        20,
                        () -> follower.of("acme.count", "").size() == RAISED);
                last = follower.messages.get(follower.messages.size() - 1).id();
            }
            raise(api, RAISED);
            server.stop();

            Api again = server.start();
            raise(again, 2 * RAISED);
            try (Follower follower = new Follower(again, Optional.of(last))) {
                Waiting.until(
                        "what was missed was heard",
                        30,
                        () -> follower.of("acme.count", "").size() >= 2 * RAISED);
                assertThat(follower.of("acme.count", ""))
                        .extracting(event -> event.at("/attributes/number").asInt())
                        .containsExactlyElementsOf(numbers(RAISED, 3 * RAISED));
                Waiting.until("the stop is said", 20, () -> !follower.of("server.stopped", "")
                        .isEmpty());
                assertThat(follower.of("server.stopped", "")).hasSize(1);
                Waiting.until("the start is said", 20, () -> !follower.of("server.started", "")
                        .isEmpty());
                assertThat(follower.of("server.started", ""))
                        .extracting(event -> event.path("severity").asText())
                        .containsExactly("info");
                assertThat(follower.of("recording.gap", camera))
                        .filteredOn(
                                event -> event.at("/attributes/cause").asText().equals("server_down"))
                        .allMatch(event -> event.path("severity").asText().equals("warning"));
                assertThat(follower.messages).extracting(Message::type).doesNotContain("reset");
            }
        }
    }

    private static void aGapIsSaidAndEnds(CameraFarm farm, Api api, String camera, Follower follower) {
        Instant going = Instant.now();
        farm.camera(1).set(FaultKind.REFUSE_CONNECTION);
        farm.camera(1).disconnectAll();
        Instant gone = Instant.now();
        Waiting.until("the loss is said", 30, () -> !follower.of("recording.gap", camera)
                .isEmpty());
        JsonNode gap = follower.of("recording.gap", camera).get(0);
        assertThat(gap.path("severity").asText()).isEqualTo("critical");
        assertThat(gap.at("/attributes/cause").asText()).isEqualTo("camera_unreachable");
        assertThat(gap.has("end")).isFalse();
        assertThat(Instant.parse(gap.path("start").asText())).isBetween(going.minus(NEAR), gone.plus(NEAR));
        String id = gap.path("id").asText();
        Waiting.until("it is in the list", 20, () -> api.get("/api/v1/events?kinds=recording.gap&cameras=" + camera)
                .expect(200)
                .json()
                .path("items")
                .findValuesAsText("id")
                .contains(id));

        farm.camera(1).clear(FaultKind.REFUSE_CONNECTION);
        Waiting.until("its end is said", 40, () -> follower.of("recording.gap", camera).stream()
                .anyMatch(event -> event.path("id").equals(gap.path("id")) && event.has("end")));
        Waiting.until("the event has its end", 20, () -> event(api, id).has("end"));
        JsonNode ended = event(api, id);
        assertThat(ended.path("endReason").asText()).isEqualTo("over");
        long startMs = Instant.parse(ended.path("start").asText()).toEpochMilli();
        long endMs = Instant.parse(ended.path("end").asText()).toEpochMilli();
        Waiting.until(
                "the timeline says the same", 20, () -> api.gaps(camera, going.minusSeconds(5), Instant.now()).stream()
                        .anyMatch(one -> one.path("start").asLong() == startMs
                                && one.path("end").asLong() == endMs));
        Waiting.until("the stream is up again", 20, () -> follower.of("stream.down", camera).stream()
                .anyMatch(event -> event.has("end")));
    }

    private static JsonNode event(Api api, String id) {
        return api.get("/api/v1/events/" + id).expect(200).json();
    }

    private static void raise(Api api, int from) {
        for (int number : numbers(from, from + RAISED)) {
            api.post("/api/v1/events", Map.of("kind", "acme.count", "attributes", Map.of("number", number)))
                    .expect(201);
        }
    }

    private static List<Integer> numbers(int from, int to) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            numbers.add(i);
        }
        return numbers;
    }
}
