// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.rtsp.Camera;

/** A camera whose sub stream is always recorded, and its main stream around events, then only by hand. */
final class RecordingModes {
    private static final int PRE_SECONDS = 5;
    private static final int POST_SECONDS = 1;
    /** Of the simulated cameras, and a frame. */
    private static final Duration GOP = Duration.ofMillis(2_040);
    /** Between a request and what it does. */
    private static final Duration REACTION = Duration.ofSeconds(1);

    private RecordingModes() {}

    static void mainIsRecordedWhenItIsWantedWhileSubRunsThrough(Api api, CameraFarm farm, RecordedFrames recorded) {
        String camera = addCamera(api, farm);
        Waiting.until(
                "main comes in",
                30,
                () -> stream(api, camera, "main").path("state").asText().equals("live"));
        Instant live = Instant.now();
        Waiting.until("main's ring holds the time before an event, as sub's footage tells the time", 30, () -> last(
                        api, camera, "sub")
                .isAfter(live.plus(GOP).plusSeconds(PRE_SECONDS)));
        assertThat(range(api, camera, "main").has("first")).isFalse();
        assertThat(stream(api, camera, "main").path("state").asText()).isEqualTo("live");
        assertThat(cause(api, camera, "main")).isEqualTo("no_event");

        Instant eventOver = aroundAnEvent(api, camera, recorded);
        byHand(api, camera, recorded, eventOver);

        assertThat(gaps(api, camera, "sub", Instant.now()))
                .as("nothing of this touched the sub stream")
                .isEmpty();
        assertThat(runs(api, camera, "sub")).hasSize(1);
        api.delete("/api/v1/cameras/" + camera).expect(204);
    }

    private static String addCamera(Api api, CameraFarm farm) {
        Map<String, Object> recording = Map.of(
                "mode",
                "continuous",
                "streams",
                List.of("main", "sub"),
                "streamModes",
                Map.of("main", "event"),
                "preBufferSeconds",
                PRE_SECONDS,
                "postBufferSeconds",
                POST_SECONDS);
        Map<String, Object> draft = Map.of(
                "name",
                "Gate",
                "driver",
                "rtsp",
                "address",
                Farms.main(farm, 1),
                "subAddress",
                farm.camera(1).uri(Camera.Role.SUB),
                "recording",
                recording);
        return api.post("/api/v1/cameras", draft).expect(201).json().get("id").asText();
    }

    /** {@return when its footage ends} */
    private static Instant aroundAnEvent(Api api, String camera, RecordedFrames recorded) {
        Instant asked = Instant.now();
        api.post("/api/v1/events", Map.of("kind", "camera.manual", "source", Map.of("type", "camera", "id", camera)))
                .expect(201);
        // The event is somewhere between the two, which may be far apart where the machine stands still.
        Instant told = Instant.now();
        Instant over = asked.plusSeconds(POST_SECONDS);
        Waiting.until("the event is over", 20, () -> isIdle(api, camera, over, "no_event"));

        Instant first = first(api, camera, "main");
        Instant last = last(api, camera, "main");
        assertThat(first)
                .as("the key frame before event - preBuffer")
                .isBetween(
                        asked.minusSeconds(PRE_SECONDS).minus(GOP),
                        told.minusSeconds(PRE_SECONDS).plus(REACTION));
        assertThat(last)
                .as("a key frame after the post-buffer")
                .isBetween(over, told.plusSeconds(POST_SECONDS).plus(GOP).plus(REACTION));
        assertEveryFrame(api, camera, recorded, first, last);
        Waiting.until(
                "a reason is given for the time before it and behind it",
                10,
                () -> gaps(api, camera, "main", last.plus(GOP)).stream()
                        .map(gap -> gap.get("cause").asText())
                        .toList()
                        .equals(List.of("no_event", "no_event")));
        return last;
    }

    private static void byHand(Api api, String camera, RecordedFrames recorded, Instant eventOver) {
        String path = "/api/v1/cameras/" + camera;
        String version = api.get(path).response().headers().firstValue("etag").orElseThrow();
        api.patch(path, Map.of("recording", Map.of("streamModes", Map.of("main", "manual"))), version)
                .expect(200);
        Waiting.until("main waits to be asked for", 10, () -> cause(api, camera, "main")
                .equals("not_scheduled"));

        Instant asked = Instant.now();
        api.post(path + "/recording/start", Map.of("streams", List.of("main"))).expect(204);
        Instant begun = Instant.now();
        Waiting.until("it is recorded", 10, () -> last(api, camera, "main").isAfter(asked.plusSeconds(1)));
        assertThat(stream(api, camera, "main").path("state").asText()).isEqualTo("recording");
        Instant enough = Instant.now();
        api.postText(path + "/recording/stop", "").expect(204);
        Instant ended = Instant.now();
        Waiting.until("it is not any more", 10, () -> isIdle(api, camera, asked, "not_scheduled"));

        Instant last = last(api, camera, "main");
        assertThat(last).isBetween(enough.minus(REACTION), ended.plus(GOP).plus(REACTION));
        List<JsonNode> segments = segments(api, camera, "main");
        Instant first = Instant.ofEpochMilli(
                segments.get(segments.size() - 1).get("startMs").asLong());
        assertThat(first)
                .as("the newest key frame, none of the event's again")
                .isBetween(asked.minus(GOP).minus(REACTION), begun.plus(REACTION))
                // Times are told in whole milliseconds.
                .isAfterOrEqualTo(eventOver.minusMillis(1));
        assertEveryFrame(api, camera, recorded, first, last);
        assertThat(runs(api, camera, "main")).hasSize(2);
    }

    private static boolean isIdle(Api api, String camera, Instant writtenTo, String cause) {
        return !last(api, camera, "main").isBefore(writtenTo)
                && cause(api, camera, "main").equals(cause);
    }

    /** By what is in the files; the index knows of as many. */
    private static void assertEveryFrame(Api api, String camera, RecordedFrames recorded, Instant first, Instant last) {
        RecordedFrames.Found found = recorded.of(camera, first.minusMillis(1), last);
        assertThat(found.missing()).as("frames missing").isZero();
        assertThat(found.frames() * 40.0)
                .as("ms of frames, while the camera's time may still be pulled to the server's")
                .isCloseTo(Duration.between(first, last).toMillis(), withinPercentage(10));
        assertThat(api.footage(camera, first, last.plusMillis(1)).frames())
                .as("frames by the index")
                .isEqualTo(found.frames());
    }

    private static JsonNode stream(Api api, String camera, String role) {
        for (JsonNode stream : api.get("/api/v1/cameras/" + camera + "/status")
                .expect(200)
                .json()
                .get("streams")) {
            if (stream.get("role").asText().equals(role)) {
                return stream;
            }
        }
        // A camera that was just added shows its streams a moment later.
        return MissingNode.getInstance();
    }

    private static String cause(Api api, String camera, String role) {
        return stream(api, camera, role).path("cause").asText();
    }

    private static JsonNode range(Api api, String camera, String role) {
        return api.get("/api/v1/archive/" + camera + "/range?stream=" + role)
                .expect(200)
                .json();
    }

    private static Instant first(Api api, String camera, String role) {
        return Instant.ofEpochMilli(range(api, camera, role).path("first").asLong());
    }

    private static Instant last(Api api, String camera, String role) {
        return Instant.ofEpochMilli(range(api, camera, role).path("last").asLong());
    }

    private static List<JsonNode> segments(Api api, String camera, String role) {
        List<JsonNode> all = new ArrayList<>();
        api.get("/api/v1/archive/" + camera + "/segments?stream=" + role + between(Instant.now()))
                .expect(200)
                .json()
                .get("items")
                .forEach(all::add);
        return all;
    }

    private static List<String> runs(Api api, String camera, String role) {
        return segments(api, camera, role).stream()
                .map(segment -> segment.get("runId").asText())
                .distinct()
                .toList();
    }

    private static List<JsonNode> gaps(Api api, String camera, String role, Instant to) {
        List<JsonNode> all = new ArrayList<>();
        api.get("/api/v1/timeline?cameras=" + camera + "&buckets=4000&stream=" + role + between(to))
                .expect(200)
                .json()
                .at("/cameras/0/gaps")
                .forEach(all::add);
        return all;
    }

    /** Everything of the test: it takes less than this. */
    private static String between(Instant to) {
        return "&from=" + Api.escaped(to.minusSeconds(600).toString()) + "&to=" + Api.escaped(to.toString());
    }
}
