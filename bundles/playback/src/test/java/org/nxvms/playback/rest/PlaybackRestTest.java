// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.nxvms.platform.api.archive.VolumeSettings;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeGuard;
import org.nxvms.playback.FakeVolumeAdmin;
import org.nxvms.playback.timeline.FootageCoverage;
import org.nxvms.rest.kit.jaxrs.RestApplication;

/** Timeline, archive and storage over HTTP, on the distribution's own engine. */
class PlaybackRestTest {
    private static final long START_US = 1_700_000_000_000_000L;
    private static final long START_MS = START_US / 1_000;

    private final FakeArchive archive = new FakeArchive();
    private final FakeVolumeAdmin volumeAdmin = new FakeVolumeAdmin();
    private final List<VolumeMoves.Move> moves = new ArrayList<>();
    private final FakeGuard guard = new FakeGuard();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private volatile Archive present = archive;
    private volatile long nowMs = START_MS + 30L * 86_400_000;

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
    void start() throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        mount(context, TimelineResource.BASE, new TimelineResource(() -> present, () -> nowMs));
        mount(
                context,
                ArchiveResource.BASE,
                new ArchiveResource(
                        () -> present, () -> keys, () -> new FootageCoverage(archive, () -> nowMs * 1_000)));
        mount(context, StorageResource.BASE, new StorageResource(() -> present, () -> volumeAdmin, () -> () -> moves));
        server.setHandler(context);
        server.start();
    }

    private void mount(ServletContextHandler context, String base, Object resource) {
        RestApplication application = new RestApplication() {
            @Override
            protected AccessGuard guard() {
                return guard;
            }

            @Override
            protected List<Object> resources() {
                return List.of(resource);
            }
        };
        context.addServlet(new ServletHolder(new CXFNonSpringJaxrsServlet(application)), base + "/*");
    }

    @AfterEach
    void stop() throws Exception {
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

        JsonNode answer = json(get("/api/v1/archive/" + FakeArchive.CAMERA + "/coverage?from=" + midnightUs / 1_000
                + "&to=" + (midnightUs + 9 * dayUs) / 1_000));
        assertThat(answer.get("days")).hasSize(2);
        assertThat(answer.get("days").get(0).get("percent").doubleValue()).isEqualTo(100.0);
        assertThat(answer.get("days").get(1).get("percent").doubleValue()).isEqualTo(50.0);
        assertThat(answer.get("days").get(1).get("missing").get(0).get("cause").textValue())
                .isEqualTo("camera_unreachable");
        assertThat(answer.get("all").get("percent").doubleValue()).isEqualTo(75.0);
        assertThat(answer.get("days").get(0).get("day").textValue()).isEqualTo("2023-11-14");

        String path = "/api/v1/archive/" + FakeArchive.CAMERA + "/coverage?from=1&to=";
        HttpResponse<String> zone = get(path + "2&zone=Mars");
        assertThat(zone.statusCode()).isEqualTo(400);
        assertThat(zone.body()).contains("\"zone\"");
        assertThat(get(path + 500 * 86_400_000L).statusCode()).isEqualTo(422);
        assertThat(json(get("/api/v1/archive/keys"))
                        .get("items")
                        .get(0)
                        .get("current")
                        .booleanValue())
                .isTrue();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer good");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return new ObjectMapper().readTree(answer.body());
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private static String timeline(String query) {
        return "/api/v1/timeline?cameras=" + FakeArchive.CAMERA + "&" + query;
    }

    @Test
    void theTimelineTellsSpansAndWhyThereIsNone() throws Exception {
        archive.add(START_US, START_US + 60_000_000);
        archive.add(START_US + 120_000_000, START_US + 180_000_500);
        archive.addGap(START_US + 60_000_000, OptionalLong.of(START_US + 120_000_000), GapCause.CAMERA_UNREACHABLE);
        JsonNode answer = json(timeline("from=" + START_MS + "&to=2023-11-14T22:16:40.000Z&buckets=20&stream=main"));
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
    void thePastHasATagAndThePresentHasNone() throws Exception {
        archive.add(START_US, START_US + 60_000_000);
        String past = timeline("from=" + START_MS + "&to=" + (START_MS + 60_000));
        HttpResponse<String> first = get(past);
        String tag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(first.headers().firstValue("Cache-Control")).contains("private, no-cache");
        HttpResponse<String> again = get(past, "If-None-Match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        nowMs = START_MS + 120_000;
        HttpResponse<String> present = get(past, "If-None-Match", tag);
        assertThat(present.statusCode()).isEqualTo(200);
        assertThat(present.headers().firstValue("ETag")).isEmpty();
        assertThat(present.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void severalCamerasComeInTheOrderAskedAndNoneThatIsHidden() throws Exception {
        UUID other = UUID.randomUUID();
        String both = "/api/v1/timeline?cameras=" + other + "," + FakeArchive.CAMERA + "&from=1&to=2";
        JsonNode lanes = json(both).get("cameras");
        assertThat(lanes)
                .extracting(l -> l.get("cameraId").asText())
                .containsExactly(other.toString(), FakeArchive.CAMERA.toString());
        assertThat(lanes.get(0).has("first")).isFalse();
        guard.hidden.add(other);
        assertThat(get(both).statusCode()).isEqualTo(403);
    }

    @Test
    void aTimelineThatCannotBeWorkedOutNamesTheParameter() throws Exception {
        assertProblem(get("/api/v1/timeline?from=1&to=2"), 400, "cameras");
        assertProblem(get("/api/v1/timeline?cameras=a,b&from=1&to=2"), 400, "\"a\"");
        assertProblem(get(timeline("from=1&to=1")), 422, "to");
        assertProblem(get(timeline("from=1&to=2&buckets=4001")), 400, "buckets");
        assertProblem(get(timeline("from=1&to=2&bukets=1")), 400, "bukets");
        assertProblem(get(timeline("from=1&to=2&stream=left")), 400, "stream");
        String many = "/api/v1/timeline?from=1&to=2&cameras=" + manyIds(129);
        assertProblem(get(many), 422, "128");
        assertProblem(get(timeline("from=1&to=2"), "Authorization", "Bearer bad"), 401, "Sign in");
        present = null;
        HttpResponse<String> absent = get(timeline("from=1&to=2"));
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
            JsonNode page = json("/api/v1/archive/" + FakeArchive.CAMERA + "/segments?limit=10&from=" + START_MS
                    + "&to=" + (START_MS + 1_000_000) + cursor);
            page.get("items").forEach(item -> got.add(item.get("id").asText()));
            cursor =
                    page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asText() : "";
            pages++;
        } while (!cursor.isEmpty());
        assertThat(got).isEqualTo(expected);
        assertThat(pages).isEqualTo(3);
        JsonNode item = json("/api/v1/archive/" + FakeArchive.CAMERA + "/segments?from=" + START_MS + "&to="
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
                        "sequence");
        assertProblem(
                get("/api/v1/archive/" + FakeArchive.CAMERA + "/segments?from=1&to=2&cursor=AAAA"), 400, "cursor");
        guard.hidden.add(FakeArchive.CAMERA);
        assertProblem(get("/api/v1/archive/" + FakeArchive.CAMERA + "/segments?from=1&to=2"), 403, "VIEW_ARCHIVE");
    }

    @Test
    void anIndexLeadsToBytes() throws Exception {
        Segment segment = archive.add(
                FakeArchive.segment(START_US, START_US + 2_000_000, new UUID(1, 1), 0, "aa", false),
                List.of(
                        new FragmentEntry(600, 5_000, START_US, 1_000_000, true, 25),
                        new FragmentEntry(5_600, 400, START_US + 1_000_000, 1_000_000, false, 25)),
                new byte[0]);
        JsonNode index = json("/api/v1/archive/segments/" + segment.id() + "/index");
        assertThat(index.get("initId").asText()).isEqualTo("aa");
        assertThat(index.get("fragments").get(1).toString())
                .isEqualTo(
                        "{\"startMs\":%d,\"durationMs\":1000,\"offset\":5600,\"length\":400,\"key\":false,\"frames\":25}"
                                .formatted(START_MS + 1_000));
        assertProblem(get("/api/v1/archive/segments/" + UUID.randomUUID() + "/index"), 404, "segment");
        assertProblem(get("/api/v1/archive/segments/x/index"), 404, "UUID");
        guard.hidden.add(FakeArchive.CAMERA);
        assertProblem(get("/api/v1/archive/segments/" + segment.id() + "/index"), 403, "VIEW_ARCHIVE");
    }

    @Test
    void aRangeIsEmptyUntilThereIsFootage() throws Exception {
        String path = "/api/v1/archive/" + FakeArchive.CAMERA + "/range?stream=main";
        assertThat(json(path).toString()).isEqualTo("{}");
        archive.add(START_US, START_US + 1_500);
        assertThat(json(path).toString()).isEqualTo("{\"first\":%d,\"last\":%d}".formatted(START_MS, START_MS + 2));
    }

    @Test
    void volumesLeaveOutWhatIsNotKnown() throws Exception {
        for (String path : List.of("/api/v1/storage/volumes", "/api/v1/storage/usage")) {
            JsonNode volume = json(path).get("items").get(0);
            assertThat(volume.get("totalBytes").asLong()).isEqualTo(1_000);
            assertThat(volume.has("usableBytes")).isFalse();
            assertThat(volume.get("status").asText()).isEqualTo("ready");
        }
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer good")
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aVolumeIsAddedChangedAndTakenOutOfUse() throws Exception {
        volumeAdmin.configured.put("v", VolumeSettings.Limits.DEFAULT);
        HttpResponse<String> added =
                send("POST", "/api/v1/storage/volumes", "{\"name\":\"big\",\"path\":\"/mnt/big\",\"weight\":300}");
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(URI.create(added.headers().firstValue("Location").orElseThrow())
                        .getPath())
                .isEqualTo("/api/v1/storage/volumes/big");
        assertThat(json("/api/v1/storage/volumes/big").get("weight").asInt()).isEqualTo(300);

        HttpResponse<String> changed = send("PATCH", "/api/v1/storage/volumes/big", "{\"quotaBytes\":1000000}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(volumeAdmin.configured.get("big")).isEqualTo(new VolumeSettings.Limits(-1, 5, 1_000_000, 300));

        assertThat(send("DELETE", "/api/v1/storage/volumes/big", "").statusCode())
                .isEqualTo(204);
        assertProblem(send("DELETE", "/api/v1/storage/volumes/big", ""), 404, "not-found");
        assertProblem(send("DELETE", "/api/v1/storage/volumes/v", ""), 409, "the only one");
    }

    @Test
    void aVolumeIsEncryptedFromItsBeginningOrLater() throws Exception {
        volumeAdmin.configured.put("v", VolumeSettings.Limits.DEFAULT);
        HttpResponse<String> added = send(
                "POST",
                "/api/v1/storage/volumes",
                "{\"name\":\"vault\",\"path\":\"/mnt/vault\",\"encryption\":\"aes-256-gcm\"}");
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(volumeAdmin.configured.get("vault").encryption()).isEqualTo(FootageEncryption.AES_256_GCM);

        HttpResponse<String> changed = send("PATCH", "/api/v1/storage/volumes/v", "{\"encryption\":\"aes-256-gcm\"}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(volumeAdmin.configured.get("v").encryption()).isEqualTo(FootageEncryption.AES_256_GCM);
        assertThat(send("PATCH", "/api/v1/storage/volumes/v", "{\"weight\":7}").statusCode())
                .isEqualTo(200);
        assertThat(json("/api/v1/storage/volumes/v").get("encryption").asText())
                .as("what is left out stays")
                .isEqualTo("aes-256-gcm");
        HttpResponse<String> wrong = send("PATCH", "/api/v1/storage/volumes/v", "{\"encryption\":\"rot13\"}");
        assertProblem(wrong, 422, "encryption must be none or aes-256-gcm");
        JsonNode item = json("/api/v1/storage/volumes").get("items").get(0);
        assertThat(item.get("encryption").asText()).as("what the archive does").isEqualTo("none");
        assertThat(item.has("encryptionTrouble")).isFalse();
    }

    @Test
    void aVolumeIsRetiredTellsHowFarItIsAndIsTakenIntoUseAgain() throws Exception {
        String retirement = "/api/v1/storage/volumes/v/retirement";
        assertProblem(send("POST", retirement, ""), 404, "not-found");
        volumeAdmin.configured.put("v", new VolumeSettings.Limits(-1, 5, 900, 0));
        assertThat(json("/api/v1/storage/volumes")
                        .get("items")
                        .get(0)
                        .get("role")
                        .asText())
                .isEqualTo("on_request");
        assertProblem(send("POST", retirement, ""), 409, "the only one");

        volumeAdmin.configured.put("big", VolumeSettings.Limits.DEFAULT);
        moves.add(new VolumeMoves.Move("v", VolumeMoves.Reason.RETIRED, 7, 700, 3, 300, "no room"));
        assertThat(send("POST", retirement, "").statusCode()).isEqualTo(202);
        JsonNode volume = json("/api/v1/storage/volumes").get("items").get(0);
        assertThat(volume.get("role").asText()).isEqualTo("retired");
        assertThat(volume.get("quotaBytes").asLong()).isEqualTo(900);
        assertThat(volume.get("moving").toString())
                .isEqualTo("{\"reason\":\"retired\",\"chunksLeft\":7,\"bytesLeft\":700,\"chunksMoved\":3,"
                        + "\"bytesMoved\":300,\"trouble\":\"no room\"}");

        moves.clear();
        assertThat(send("DELETE", retirement, "").statusCode()).isEqualTo(204);
        volume = json("/api/v1/storage/volumes").get("items").get(0);
        assertThat(volume.get("role").asText()).isEqualTo("on_request");
        assertThat(volume.has("moving")).isFalse();
    }

    @Test
    void aVolumeThatCannotWorkIsRefusedNamingItsField() throws Exception {
        volumeAdmin.configured.put("v", VolumeSettings.Limits.DEFAULT);
        assertProblem(
                send("POST", "/api/v1/storage/volumes", "{\"name\":\"Big Disk\",\"path\":\"/mnt/big\"}"),
                422,
                "name must be 1..40");
        assertProblem(
                send("POST", "/api/v1/storage/volumes", "{\"name\":\"big\",\"path\":\"big\"}"),
                422,
                "path must be an absolute folder");
        assertProblem(
                send("POST", "/api/v1/storage/volumes", "{\"name\":\"big\",\"path\":\"/v/within\"}"),
                422,
                "must not overlap with /v, the folder of volume v");
        volumeAdmin.folders.put("unplugged", "/mnt/unplugged");
        assertProblem(
                send("POST", "/api/v1/storage/volumes", "{\"name\":\"big\",\"path\":\"/mnt/unplugged/big\"}"),
                422,
                "the folder of volume unplugged");
        assertProblem(
                send("POST", "/api/v1/storage/volumes", "{\"name\":\"big\",\"path\":\"/mnt/big\",\"weight\":-1}"),
                422,
                "weight must be 0..1000");
        assertProblem(
                send("POST", "/api/v1/storage/volumes", "{\"name\":\"v\",\"path\":\"/mnt/big\"}"), 409, "already");
        assertProblem(send("POST", "/api/v1/storage/volumes", "{\"name\":\"big\"}"), 400, "path");
        assertProblem(send("PATCH", "/api/v1/storage/volumes/v", "{\"path\":\"/mnt/other\"}"), 400, "path");
        assertProblem(send("PATCH", "/api/v1/storage/volumes/x", "{}"), 404, "not-found");
        assertThat(volumeAdmin.configured).containsOnlyKeys("v");
    }

    private static List<String> names(JsonNode object) {
        Iterable<String> names = object::fieldNames;
        return StreamSupport.stream(names.spliterator(), false).toList();
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String word) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.body()).contains(word.replace("\"", "\\\""));
    }
}
