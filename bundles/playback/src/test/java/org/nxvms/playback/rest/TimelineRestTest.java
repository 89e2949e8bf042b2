// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.playback.rest.RestServer.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.bookmark.Bookmark;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeRegistry;

/** What was recorded when, and why not, over HTTP. */
class TimelineRestTest {
    private static final long START_US = 1_700_000_000_000_000L;
    private static final long START_MS = START_US / 1_000;

    private final FakeArchive archive = new FakeArchive();
    private final MemoryBookmarks bookmarks = new MemoryBookmarks();
    private volatile Archive present = archive;
    private volatile long nowMs = START_MS + 30L * 86_400_000;
    private final FakeRegistry registry = new FakeRegistry();
    private RestServer server;

    @BeforeEach
    void start() {
        server = new RestServer()
                .mount(
                        TimelineResource.BASE,
                        new TimelineResource(() -> present, () -> bookmarks, registry.named(archive), () -> nowMs))
                .start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private static String timeline(String query) {
        return "/api/v1/timeline?cameras=" + FakeArchive.CAMERA + "&" + query;
    }

    @Test
    void theTimelineTellsSpansAndWhyThereIsNone() throws Exception {
        archive.add(START_US, START_US + 60_000_000);
        archive.add(START_US + 120_000_000, START_US + 180_000_500);
        archive.addGap(START_US + 60_000_000, OptionalLong.of(START_US + 120_000_000), GapCause.CAMERA_UNREACHABLE);
        JsonNode answer =
                server.json(timeline("from=" + START_MS + "&to=2023-11-14T22:16:40.000Z&buckets=20&stream=main"));
        assertThat(answer.get("from").asText()).isEqualTo("2023-11-14T22:13:20.000Z");
        assertThat(answer.get("bucketMs").asLong()).isEqualTo(10_000);
        JsonNode lane = answer.get("cameras").get(0);
        assertThat(lane.get("cameraId").asText()).isEqualTo(FakeArchive.CAMERA.toString());
        assertThat(lane.get("spans").toString())
                .isEqualTo("[[%d,%d],[%d,%d]]"
                        .formatted(START_MS, START_MS + 60_000, START_MS + 120_000, START_MS + 180_001));
        assertThat(lane.get("gaps").toString())
                .isEqualTo("[{\"start\":%d,\"end\":%d,\"cause\":\"camera_unreachable\",\"detail\":\"\"}]"
                        .formatted(START_MS + 60_000, START_MS + 120_000));
        assertThat(lane.get("first").asLong()).isEqualTo(START_MS);
        assertThat(lane.get("last").asLong()).isEqualTo(START_MS + 180_001);
    }

    @Test
    void withAutoItTellsWhatThereIsOfEitherStream() throws Exception {
        long second = 1_000_000;
        archive.add(START_US, START_US + 60 * second);
        archive.addGap(START_US + 60 * second, OptionalLong.empty(), GapCause.CAMERA_UNREACHABLE);
        archive.addSub(START_US + 80 * second, START_US + 180 * second, false);
        archive.addGap(
                FakeArchive.SUB, START_US + 180 * second, OptionalLong.of(START_US + 190 * second), GapCause.DISK_FULL);
        String question = "from=" + START_MS + "&to=" + (START_MS + 200_000) + "&buckets=4000&stream=";
        JsonNode lane = server.json(timeline(question + "auto")).get("cameras").get(0);
        assertThat(lane.get("spans").toString())
                .isEqualTo("[[%d,%d],[%d,%d]]"
                        .formatted(START_MS, START_MS + 60_000, START_MS + 80_000, START_MS + 180_000));
        assertThat(lane.get("gaps").toString())
                .isEqualTo(("[{\"start\":%d,\"end\":%d,\"cause\":\"camera_unreachable\",\"detail\":\"\"},"
                                + "{\"start\":%d,\"cause\":\"camera_unreachable\",\"detail\":\"\"}]")
                        .formatted(START_MS + 60_000, START_MS + 80_000, START_MS + 180_000));
        assertThat(lane.get("first").asLong()).isEqualTo(START_MS);
        assertThat(lane.get("last").asLong()).isEqualTo(START_MS + 180_000);
        nowMs = START_MS + 200_000;
        assertThat(server.json(timeline(question + "auto"))
                        .get("cameras")
                        .get(0)
                        .get("gaps"))
                .as("what follows is on its way")
                .hasSize(1);
        assertThat(server.json(timeline(question + "main"))
                        .get("cameras")
                        .get(0)
                        .get("spans"))
                .hasSize(1);
    }

    @Test
    void bookmarksOfTheCamerasAskedForStandBesideTheirFootage() throws Exception {
        UUID other = new UUID(5, 5);
        Bookmark moment = MemoryBookmarks.bookmark(START_US + 1_000_000, 0, List.of(FakeArchive.CAMERA, other), "Door");
        Bookmark stretch =
                MemoryBookmarks.bookmark(START_US - 5_000_000, 9_000_000, List.of(FakeArchive.CAMERA), "Car");
        bookmarks.insert(moment);
        bookmarks.insert(stretch);
        bookmarks.insert(MemoryBookmarks.bookmark(START_US, 0, List.of(other), "Elsewhere"));
        bookmarks.insert(MemoryBookmarks.bookmark(START_US + 60_000_000, 0, List.of(FakeArchive.CAMERA), "Later"));

        JsonNode answer = server.json(timeline("from=" + START_MS + "&to=" + (START_MS + 60_000)));
        assertThat(answer.get("bookmarks").toString())
                .isEqualTo(("[{\"id\":\"%s\",\"cameraIds\":[\"%s\"],\"start\":%d,\"title\":\"Door\"},"
                                + "{\"id\":\"%s\",\"cameraIds\":[\"%s\"],\"start\":%d,\"end\":%d,\"title\":\"Car\"}]")
                        .formatted(
                                moment.id(),
                                FakeArchive.CAMERA,
                                START_MS + 1_000,
                                stretch.id(),
                                FakeArchive.CAMERA,
                                START_MS - 5_000,
                                START_MS + 4_000));
        assertThat(answer.get("bookmarksLeftOut").asBoolean()).isFalse();
        for (int i = 0; i < 500; i++) {
            bookmarks.insert(MemoryBookmarks.bookmark(START_US + i, 0, List.of(FakeArchive.CAMERA), "Many"));
        }
        JsonNode many = server.json(timeline("from=" + START_MS + "&to=" + (START_MS + 60_000)));
        assertThat(many.get("bookmarks")).hasSize(500);
        assertThat(many.get("bookmarksLeftOut").asBoolean()).isTrue();
    }

    @Test
    void thePastHasATagAndThePresentHasNone() throws Exception {
        archive.add(START_US, START_US + 60_000_000);
        String past = timeline("from=" + START_MS + "&to=" + (START_MS + 60_000));
        HttpResponse<String> first = server.get(past);
        String tag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(first.headers().firstValue("Cache-Control")).contains("private, no-cache");
        HttpResponse<String> again = server.get(past, "If-None-Match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers().allValues("Vary"))
                .as("a cache takes over the headers of a 304")
                .contains("Accept-Encoding")
                .isEqualTo(first.headers().allValues("Vary"));
        nowMs = START_MS + 120_000;
        HttpResponse<String> present = server.get(past, "If-None-Match", tag);
        assertThat(present.statusCode()).isEqualTo(200);
        assertThat(present.headers().firstValue("ETag")).isEmpty();
        assertThat(present.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void aLongAnswerIsPackedForWhoTakesThatWithATagOfItsOwn() throws Exception {
        archive.add(START_US, START_US + 60_000_000);
        for (int i = 0; i < 100; i++) {
            bookmarks.insert(MemoryBookmarks.bookmark(START_US + i, 0, List.of(FakeArchive.CAMERA), "Many"));
        }
        String past = timeline("from=" + START_MS + "&to=" + (START_MS + 60_000));
        HttpResponse<String> plain = server.get(past, "Accept-Encoding", "br, gzip;q=0");
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        String tag = plain.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> packed = server.get(past, "Accept-Encoding", "gzip");
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.headers().firstValue("ETag")).contains("W/" + tag);
        for (String seen : List.of(tag, "W/" + tag)) {
            assertThat(server.get(past, "Accept-Encoding", "gzip", "If-None-Match", seen)
                            .statusCode())
                    .as(seen)
                    .isEqualTo(304);
        }
    }

    @Test
    void whoAsksAgainIsToldWhatChanged() throws Exception {
        nowMs = START_MS + 7_200_000;
        archive.add(START_US, START_US + 60_000_000);
        archive.add(START_US + 7_000_000_000L, START_US + 7_100_000_000L);
        bookmarks.insert(MemoryBookmarks.bookmark(START_US, 0, List.of(FakeArchive.CAMERA), "Door"));
        String asked = timeline("from=" + START_MS + "&to=" + (START_MS + 8_000_000));
        JsonNode all = server.json(asked);
        assertThat(all.get("delta").asBoolean()).isFalse();
        assertThat(all.get("cameras").get(0).has("keptTo")).isFalse();

        JsonNode same = server.json(asked + "&since=" + all.get("cursor").asText());
        assertThat(same.get("delta").asBoolean()).isTrue();
        assertThat(same.get("cameras")).isEmpty();
        assertThat(same.has("bookmarks")).isFalse();

        archive.add(START_US + 7_100_000_000L, START_US + 7_200_000_000L);
        JsonNode grown = server.json(asked + "&since=" + same.get("cursor").asText());
        JsonNode lane = grown.get("cameras").get(0);
        assertThat(lane.get("keptTo").asLong()).isEqualTo(nowMs - 600_000);
        assertThat(lane.get("spans").toString())
                .isEqualTo("[[%d,%d]]".formatted(START_MS + 7_000_000, START_MS + 7_200_000));
        assertThat(lane.get("last").asLong()).isEqualTo(START_MS + 7_200_000);

        archive.addGap(START_US + 60_000_000, OptionalLong.of(START_US + 90_000_000), GapCause.CAMERA_UNREACHABLE);
        bookmarks.insert(MemoryBookmarks.bookmark(START_US, 0, List.of(FakeArchive.CAMERA), "Car"));
        JsonNode past = server.json(asked + "&since=" + grown.get("cursor").asText());
        assertThat(past.get("cameras").get(0).has("keptTo")).isFalse();
        assertThat(past.get("cameras").get(0).get("spans")).hasSize(2);
        assertThat(past.get("bookmarks")).hasSize(2);

        JsonNode other = server.json(timeline("from=" + START_MS + "&to=" + (START_MS + 9_000_000)) + "&since="
                + past.get("cursor").asText());
        assertThat(other.get("delta").asBoolean()).isFalse();
        assertThat(other.get("cameras").get(0).get("spans")).hasSize(2);
        assertProblem(server.get(asked + "&since=yesterday!"), 400, "since");
    }

    @Test
    void severalCamerasComeInTheOrderAskedAndNoneThatIsHidden() throws Exception {
        UUID other = UUID.randomUUID();
        registry.ids.add(other);
        String both = "/api/v1/timeline?cameras=" + other + "," + FakeArchive.CAMERA + "&from=1&to=2";
        JsonNode lanes = server.json(both).get("cameras");
        assertThat(lanes)
                .extracting(l -> l.get("cameraId").asText())
                .containsExactly(other.toString(), FakeArchive.CAMERA.toString());
        assertThat(lanes.get(0).has("first")).isFalse();
        server.guard.hidden.add(other);
        assertThat(server.get(both).statusCode()).isEqualTo(404);
    }

    @Test
    void aTimelineThatCannotBeWorkedOutNamesTheParameter() throws Exception {
        assertProblem(server.get("/api/v1/timeline?from=1&to=2"), 400, "cameras");
        assertProblem(server.get("/api/v1/timeline?cameras=a,b&from=1&to=2"), 400, "\"a\"");
        assertProblem(server.get(timeline("from=1&to=1")), 422, "to");
        assertProblem(server.get(timeline("from=1&to=2&buckets=4001")), 400, "buckets");
        assertProblem(server.get(timeline("from=1&to=2&bukets=1")), 400, "bukets");
        assertProblem(server.get(timeline("from=1&to=2&stream=left")), 400, "stream");
        String many = "/api/v1/timeline?from=1&to=2&cameras=" + manyIds(129);
        assertProblem(server.get(many), 422, "128");
        assertProblem(server.get(timeline("from=1&to=2"), "Authorization", "Bearer bad"), 401, "Sign in");
        present = null;
        HttpResponse<String> absent = server.get(timeline("from=1&to=2"));
        assertProblem(absent, 503, "archive");
        assertThat(absent.headers().firstValue("Retry-After")).isPresent();
    }

    private static String manyIds(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(new UUID(1, i).toString());
        }
        return String.join(",", ids);
    }
}
