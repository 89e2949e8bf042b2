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
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeRegistry;
import org.nxvms.playback.timeline.FootageCoverage;

/** Segments, their indexes, coverage and keys over HTTP. */
class ArchiveRestTest {
    private static final long START_US = 1_700_000_000_000_000L;
    private static final long START_MS = START_US / 1_000;

    private final FakeArchive archive = new FakeArchive();
    private volatile long nowMs = START_MS + 30L * 86_400_000;
    private RestServer server;

    private final ArchiveKeys keys = new ArchiveKeys() {
        @Override
        public List<Key> keys() {
            return List.of(new Key("ab", "pem", true));
        }

        @Override
        public Key rotate() {
            throw new UnsupportedOperationException();
        }
    };

    @BeforeEach
    void start() {
        server = new RestServer()
                .mount(
                        ArchiveResource.BASE,
                        new ArchiveResource(
                                () -> archive,
                                () -> keys,
                                () -> new FootageCoverage(archive, () -> nowMs * 1_000),
                                new FakeRegistry().named(archive)))
                .start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void coverageTellsEachDayAndItsCauses() throws Exception {
        long dayUs = 86_400_000_000L;
        long midnightUs = START_US / dayUs * dayUs;
        archive.add(midnightUs, midnightUs + dayUs);
        archive.add(midnightUs + dayUs, midnightUs + dayUs + dayUs / 2);
        archive.addGap(midnightUs + dayUs + dayUs / 2, OptionalLong.empty(), GapCause.CAMERA_UNREACHABLE);
        nowMs = (midnightUs + 2 * dayUs) / 1_000;

        JsonNode answer = server.json("/api/v1/archive/" + FakeArchive.CAMERA + "/coverage?from=" + midnightUs / 1_000
                + "&to=" + (midnightUs + 9 * dayUs) / 1_000);
        assertThat(answer.get("days")).hasSize(2);
        assertThat(answer.get("days").get(0).get("percent").doubleValue()).isEqualTo(100.0);
        assertThat(answer.get("days").get(1).get("percent").doubleValue()).isEqualTo(50.0);
        assertThat(answer.get("days").get(1).get("missing").get(0).get("cause").textValue())
                .isEqualTo("camera_unreachable");
        assertThat(answer.get("all").get("percent").doubleValue()).isEqualTo(75.0);
        assertThat(answer.get("days").get(0).get("day").textValue()).isEqualTo("2023-11-14");

        String path = "/api/v1/archive/" + FakeArchive.CAMERA + "/coverage?from=1&to=";
        HttpResponse<String> zone = server.get(path + "2&zone=Mars");
        assertThat(zone.statusCode()).isEqualTo(400);
        assertThat(zone.body()).contains("\"zone\"");
        assertThat(server.get(path + 500 * 86_400_000L).statusCode()).isEqualTo(422);
        assertThat(server.json("/api/v1/archive/keys")
                        .get("items")
                        .get(0)
                        .get("current")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void withAutoTheSubStreamStandsInForTheMainStream() throws Exception {
        long second = 1_000_000;
        archive.addSub(START_US, START_US + 300 * second, false);
        archive.add(START_US + 100 * second, START_US + 130 * second);
        String path = "/api/v1/archive/" + FakeArchive.CAMERA;
        List<String> got = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    server.json(path + "/segments?from=" + START_MS + "&to=" + nowMs + "&stream=auto&limit=2" + cursor);
            page.get("items")
                    .forEach(item -> got.add(item.get("stream").asText() + " "
                            + (item.get("startMs").asLong() - START_MS) + "+"
                            + item.get("durationMs").asLong()));
            cursor =
                    page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asText() : null;
        } while (cursor != null);
        assertThat(got).containsExactly("sub 0+100000", "main 100000+30000", "sub 130000+170000");
        JsonNode range = server.json(path + "/range?stream=auto");
        assertThat(range.get("first").asLong()).isEqualTo(START_MS);
        assertThat(range.get("last").asLong()).isEqualTo(START_MS + 300_000);
        assertProblem(
                server.get(path + "/segments?from=1&to=" + nowMs + "&stream=auto&cursor=bm90b3Vycw"), 400, "cursor");
    }

    @Test
    void segmentsComePageByPageAndEachOnce() throws Exception {
        List<String> expected = new ArrayList<>();
        UUID run = new UUID(1, 1);
        for (int i = 0; i < 25; i++) {
            long startUs = START_US + i * 10_000_000L;
            expected.add(archive.add(
                            FakeArchive.segment(startUs, startUs + 10_000_000, run, i, "aa", i == 24),
                            List.of(),
                            new byte[0])
                    .id()
                    .toString());
        }
        List<String> got = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = server.json("/api/v1/archive/" + FakeArchive.CAMERA + "/segments?limit=10&from=" + START_MS
                    + "&to=" + (START_MS + 1_000_000) + cursor);
            page.get("items").forEach(item -> got.add(item.get("id").asText()));
            cursor =
                    page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asText() : "";
            pages++;
        } while (!cursor.isEmpty());
        assertThat(got).isEqualTo(expected);
        assertThat(pages).isEqualTo(3);
        JsonNode item = server.json("/api/v1/archive/" + FakeArchive.CAMERA + "/segments?from=" + START_MS + "&to="
                        + (START_MS + 1))
                .get("items")
                .get(0);
        assertThat(names(item))
                .containsExactlyInAnyOrder(
                        "id",
                        "start",
                        "end",
                        "startMs",
                        "durationMs",
                        "codecs",
                        "initId",
                        "bytes",
                        "width",
                        "height",
                        "hasAudio",
                        "open",
                        "runId",
                        "sequence",
                        "stream");
        assertProblem(
                server.get("/api/v1/archive/" + FakeArchive.CAMERA + "/segments?from=1&to=2&cursor=AAAA"),
                400,
                "cursor");
        server.guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(
                server.get("/api/v1/archive/" + FakeArchive.CAMERA + "/segments?from=1&to=2"), 403, "VIEW_ARCHIVE");
        server.guard.hidden.add(FakeArchive.CAMERA);
        assertProblem(server.get("/api/v1/archive/" + FakeArchive.CAMERA + "/segments?from=1&to=2"), 404, "no camera");
    }

    @Test
    void anIndexLeadsToBytes() throws Exception {
        Segment segment = archive.add(
                FakeArchive.segment(START_US, START_US + 2_000_000, new UUID(1, 1), 0, "aa", false),
                List.of(
                        new FragmentEntry(600, 5_000, START_US, 1_000_000, true, 25),
                        new FragmentEntry(5_600, 400, START_US + 1_000_000, 1_000_000, false, 25)),
                new byte[0]);
        JsonNode index = server.json("/api/v1/archive/segments/" + segment.id() + "/index");
        assertThat(index.get("initId").asText()).isEqualTo("aa");
        assertThat(index.get("fragments").get(1).toString())
                .isEqualTo(
                        "{\"startMs\":%d,\"durationMs\":1000,\"offset\":5600,\"length\":400,\"key\":false,\"frames\":25}"
                                .formatted(START_MS + 1_000));
        assertProblem(server.get("/api/v1/archive/segments/" + UUID.randomUUID() + "/index"), 404, "segment");
        assertProblem(server.get("/api/v1/archive/segments/x/index"), 404, "UUID");
        server.guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(server.get("/api/v1/archive/segments/" + segment.id() + "/index"), 403, "VIEW_ARCHIVE");
        server.guard.hidden.add(FakeArchive.CAMERA);
        assertThat(server.get("/api/v1/archive/segments/" + segment.id() + "/index")
                        .body())
                .as("as of one that is not there")
                .isEqualTo(server.get("/api/v1/archive/segments/" + UUID.randomUUID() + "/index")
                        .body());
    }

    @Test
    void aRangeIsEmptyUntilThereIsFootage() throws Exception {
        String path = "/api/v1/archive/" + FakeArchive.CAMERA + "/range?stream=main";
        assertThat(server.json(path).toString()).isEqualTo("{}");
        archive.add(START_US, START_US + 1_500);
        assertThat(server.json(path).toString())
                .isEqualTo("{\"first\":%d,\"last\":%d}".formatted(START_MS, START_MS + 2));
    }

    private static List<String> names(JsonNode object) {
        Iterable<String> names = object::fieldNames;
        return StreamSupport.stream(names.spliterator(), false).toList();
    }
}
