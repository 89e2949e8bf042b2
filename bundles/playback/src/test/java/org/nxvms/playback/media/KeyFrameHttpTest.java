// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeGuard;
import org.nxvms.playback.thumbnail.Recorded;
import org.nxvms.test.kit.NotedTrail;

/** What a player fetches that runs through the footage at many times its speed. */
class KeyFrameHttpTest {
    private static final long START_US = 1_700_000_000_000_000L;
    private static final String RANGE = "from=1700000000000&to=1700000200000";
    private static final int PRFT_BYTES = 32;

    private final FakeArchive archive = new FakeArchive();
    private final FakeGuard guard = new FakeGuard();
    private final NotedTrail trail = new NotedTrail();
    private MediaServer server;

    @BeforeEach
    void start() throws Exception {
        server = new MediaServer(
                guard,
                Map.of(
                        "/archive/*", new ArchiveServlet(archive, guard, null, null, null),
                        "/keyframes/*", new KeyFrameServlet(archive, guard, trail)));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private HttpResponse<byte[]> list(String query) throws Exception {
        return server.get("/archive/" + FakeArchive.CAMERA + "/keyframes.m3u8?" + query);
    }

    private static List<String> lines(HttpResponse<byte[]> answer) {
        String text = new String(answer.body(), StandardCharsets.US_ASCII);
        assertThat(answer.statusCode()).as(text).isEqualTo(200);
        return text.lines().toList();
    }

    /** As seen from the playlist. */
    private static String resolved(String uri) {
        return URI.create("/archive/" + FakeArchive.CAMERA + "/keyframes.m3u8")
                .resolve(uri)
                .toString();
    }

    @Test
    void eachKeyFrameIsThereByItselfAtItsTime() throws Exception {
        Recorded.seconds(archive, START_US, 5, false);
        Recorded.seconds(archive, START_US + 100_000_000, 4, false);
        List<String> lines = lines(list(RANGE + "&stream=main"));
        assertThat(lines)
                .startsWith(
                        "#EXTM3U",
                        "#EXT-X-VERSION:7",
                        "#EXT-X-TARGETDURATION:2",
                        "#EXT-X-PLAYLIST-TYPE:VOD",
                        "#EXT-X-I-FRAMES-ONLY",
                        "#EXT-X-MEDIA-SEQUENCE:0",
                        "#EXT-X-MAP:URI=\"../../init/ab.mp4\"",
                        "#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.000Z",
                        "#EXTINF:2.000000,")
                .endsWith("#EXT-X-ENDLIST");
        assertThat(lines.stream().filter(line -> line.startsWith("#EXTINF:")))
                .as("the last one before a break lasts to the end of the footage there")
                .containsExactly(
                        "#EXTINF:2.000000,",
                        "#EXTINF:2.000000,",
                        "#EXTINF:1.000000,",
                        "#EXTINF:2.000000,",
                        "#EXTINF:2.000000,");
        int broken = lines.indexOf("#EXT-X-DISCONTINUITY");
        assertThat(lines.get(broken + 1)).isEqualTo("#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:15:00.000Z");
        assertThat(lines.lastIndexOf("#EXT-X-DISCONTINUITY")).isEqualTo(broken);

        List<String> pictures = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        for (String uri : lines.stream().filter(line -> !line.startsWith("#")).toList()) {
            HttpResponse<byte[]> answer = server.get(resolved(uri));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).contains("video/mp4");
            assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
            ByteBuffer fragment = ByteBuffer.wrap(answer.body());
            assertThat(fragment.getInt(4)).as("when it was taken").isEqualTo(0x70726674);
            SampleTable table = FragmentHeader.parse(fragment.duplicate()
                            .position(PRFT_BYTES)
                            .limit(PRFT_BYTES + fragment.getInt(PRFT_BYTES))
                            .slice())
                    .track(0)
                    .orElseThrow();
            assertThat(table.count()).isEqualTo(1);
            assertThat(table.key()[0]).isTrue();
            byte[] picture = new byte[table.size()[0]];
            fragment.get(PRFT_BYTES + (int) table.offset()[0], picture);
            pictures.add(new String(picture, StandardCharsets.US_ASCII));
            times.add(table.presentationTime()[0]);
        }
        assertThat(pictures).containsExactly("key 0", "key 2", "key 4", "key 0", "key 2");
        assertThat(times).containsExactly(0L, 180_000L, 360_000L, 0L, 180_000L);
        assertThat(trail.often).hasSize(5).allSatisfy(note -> assertThat(note.toString())
                .contains("keyframes"));
    }

    @Test
    void forManyTimesTheSpeedTheyAreFurtherApart() throws Exception {
        Recorded.seconds(archive, START_US, 21, false);
        List<String> lines = lines(list(RANGE + "&step=5000"));
        assertThat(lines.stream().filter(line -> line.startsWith("#EXTINF:")))
                .containsExactly("#EXTINF:6.000000,", "#EXTINF:6.000000,", "#EXTINF:6.000000,", "#EXTINF:3.000000,");
        assertThat(lines).contains("#EXT-X-TARGETDURATION:6");
    }

    @Test
    void aKeyFrameIsForWhoMaySeeItAndNeedsNoRightToListen() throws Exception {
        Recorded.seconds(archive, START_US, 4, false);
        String uri = resolved(lines(list(RANGE)).stream()
                .filter(line -> !line.startsWith("#"))
                .findFirst()
                .orElseThrow());
        String etag = server.get(uri).headers().firstValue("ETag").orElseThrow();
        assertThat(server.get(uri, "If-None-Match", etag).statusCode()).isEqualTo(304);
        assertThat(server.send("HEAD", uri).headers().firstValueAsLong("Content-Length"))
                .hasValue(server.get(uri).body().length);
        guard.missing.add(Permission.LISTEN);
        assertThat(server.get(uri).statusCode()).isEqualTo(200);
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(server.get(uri), 403, "VIEW_ARCHIVE");
        assertProblem(list(RANGE), 403, "VIEW_ARCHIVE");
        guard.hidden.add(FakeArchive.CAMERA);
        assertProblem(server.get(uri), 404, "no such segment");
    }

    /** Of encrypted footage each fragment is read with the box of its cipher before it. */
    @Test
    void aBoxBeforeTheFragmentIsPassedOver() throws Exception {
        Segment segment = Recorded.withSound(archive, START_US, 4, TrackFormats.opus(1), -1, true);
        HttpResponse<byte[]> answer = server.get("/keyframes/" + segment.id() + "/"
                + archive.index(segment.id()).get(2).offset() + ".m4s");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1)).endsWith("key 2");
    }

    @Test
    void whatIsNoKeyFrameIsSaidToBeNone() throws Exception {
        Segment segment = Recorded.seconds(archive, START_US, 4, false);
        assertProblem(server.get("/keyframes/" + segment.id() + "/1.m4s"), 404, "keyframes.m3u8");
        long between = archive.index(segment.id()).get(1).offset();
        assertProblem(server.get("/keyframes/" + segment.id() + "/" + between + ".m4s"), 404, "keyframes.m3u8");
        assertProblem(server.get("/keyframes/" + UUID.randomUUID() + "/0.m4s"), 404, "no such segment");
        assertProblem(server.get("/keyframes/x"), 404, "keyframes.m3u8");
        assertProblem(list(RANGE + "&step=often"), 400, "step");
        assertProblem(list(RANGE + "&step=3600001"), 400, "step");
        assertProblem(list("from=1&to=2"), 404, "no footage");
        assertProblem(server.get("/archive/" + FakeArchive.CAMERA + "/index.m3u8?step=1&" + RANGE), 400, "step");
    }

    @Test
    void theStreamsOfARangeAreNamedWithTheirKeyFrames() throws Exception {
        Recorded.seconds(archive, START_US, 4, false);
        HttpResponse<byte[]> answer = server.get("/archive/" + FakeArchive.CAMERA + "/variants.m3u8?" + RANGE);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.apple.mpegurl");
        List<String> lines = lines(answer);
        assertThat(lines).hasSize(5);
        assertThat(lines.get(2))
                .startsWith("#EXT-X-STREAM-INF:BANDWIDTH=")
                .contains(",CODECS=\"avc1.640028\",RESOLUTION=1920x1080");
        assertThat(lines.get(3)).isEqualTo("index.m3u8?" + RANGE + "&stream=main");
        assertThat(lines.get(4))
                .startsWith("#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=")
                .endsWith(",URI=\"keyframes.m3u8?" + RANGE + "&stream=main\"");
        assertThat(server.get(resolved(lines.get(3))).statusCode()).isEqualTo(200);
        assertProblem(server.get("/archive/" + FakeArchive.CAMERA + "/variants.m3u8?from=1&to=2"), 404, "no footage");
        assertProblem(
                server.get("/archive/" + FakeArchive.CAMERA + "/variants.m3u8?stream=main&" + RANGE), 400, "stream");
    }

    /** A player that reads of a codec it does not know leaves the variant out, pictures and all. */
    @Test
    void soundThatNoHlsPlayerKnowsIsNotNamed() throws Exception {
        archive.add(FakeArchive.withSound(START_US, START_US + 4_000_000, "ulaw"), List.of(), new byte[0]);
        String variants = "/archive/" + FakeArchive.CAMERA + "/variants.m3u8?" + RANGE;
        assertThat(lines(server.get(variants)))
                .filteredOn(line -> line.contains("CODECS"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains(",CODECS=\"avc1.640028\","));
        archive.add(FakeArchive.withSound(START_US + 4_000_000, START_US + 8_000_000), List.of(), new byte[0]);
        assertThat(lines(server.get(variants)))
                .filteredOn(line -> line.contains("CODECS"))
                .satisfiesExactly(
                        whole -> assertThat(whole).contains(",CODECS=\"avc1.640028,mp4a.40.2\","),
                        keys -> assertThat(keys).contains(",CODECS=\"avc1.640028\","));
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status, String word) {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(text).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(text).contains(word);
    }
}
