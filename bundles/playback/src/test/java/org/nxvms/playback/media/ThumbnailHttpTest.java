// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeGuard;
import org.nxvms.playback.thumbnail.Recorded;
import org.nxvms.playback.thumbnail.Thumbnails;
import org.nxvms.test.kit.NotedTrail;

/** Pictures of moments over HTTP. */
class ThumbnailHttpTest {
    private static final long START_MS = 1_700_000_000_000L;

    private final FakeArchive archive = new FakeArchive();
    private final FakeGuard guard = new FakeGuard();
    private final NotedTrail trail = new NotedTrail();
    private volatile Optional<DriverException> fails = Optional.empty();
    private final MediaWorker worker = (MediaWorker) Proxy.newProxyInstance(
            MediaWorker.class.getClassLoader(), new Class<?>[] {MediaWorker.class}, (self, method, args) -> {
                if (fails.isPresent()) {
                    throw fails.get();
                }
                if (args[1] instanceof List<?> group) {
                    return (texts(group) + " shown at " + args[2] + ", " + args[3] + " wide")
                            .getBytes(StandardCharsets.US_ASCII);
                }
                return (StandardCharsets.US_ASCII.decode((ByteBuffer) args[1]) + " at " + args[2])
                        .getBytes(StandardCharsets.US_ASCII);
            });

    private static List<String> texts(List<?> group) {
        return group.stream()
                .map(picture -> StandardCharsets.US_ASCII
                        .decode(((MediaWorker.CodedPicture) picture).data())
                        .toString())
                .toList();
    }

    private MediaServer server;
    private Segment sealed;

    @BeforeEach
    void start() throws Exception {
        server = new MediaServer(
                guard,
                Map.of("/archive/*", new ArchiveServlet(archive, guard, trail, worker, new Thumbnails(1 << 20, 100))));
        sealed = Recorded.seconds(archive, START_MS * 1_000, 6, false);
        Recorded.seconds(archive, (START_MS + 60_000) * 1_000, 4, true);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private HttpResponse<byte[]> at(long ms, String more, String... headers) throws Exception {
        return server.get("/archive/" + FakeArchive.CAMERA + "/thumbnail.jpg?at=" + (START_MS + ms) + more, headers);
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status, String words) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(body).isEqualTo(status);
        assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
        assertThat(body).contains(words);
        assertThat(header(answer, "Cache-Control")).doesNotContain("immutable");
    }

    @Test
    void thePictureOfAMomentMayBeKeptForGoodWhereFootageGrowsNoMore() throws Exception {
        HttpResponse<byte[]> answer = at(2_900, "&width=200");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new String(answer.body(), StandardCharsets.US_ASCII)).isEqualTo("key 2 at 320");
        assertThat(header(answer, "Content-Type")).isEqualTo("image/jpeg");
        assertThat(header(answer, "X-NXvms-Captured")).isEqualTo("2023-11-14T22:13:22Z");
        assertThat(header(answer, "Cache-Control")).isEqualTo("private, max-age=31536000, immutable");
        HttpResponse<byte[]> again = at(2_100, "&width=320", "If-None-Match", header(answer, "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();

        assertThat(header(at(62_500, ""), "Cache-Control")).isEqualTo("private, no-cache");
        HttpResponse<byte[]> head =
                server.send("HEAD", "/archive/" + FakeArchive.CAMERA + "/thumbnail.jpg?at=" + START_MS);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(trail.often)
                .as("pictures that were sent are in the audit")
                .extracting(note -> note.after().get("way") + " " + note.after().get("from"))
                .containsExactly("thumbnail 2023-11-14T22:13:22Z", "thumbnail 2023-11-14T22:14:22Z");
    }

    @Test
    void thePictureOfExactlyAnInstantIsDecodedFromTheKeyFrameBeforeIt() throws Exception {
        HttpResponse<byte[]> answer = at(3_600, "&exact=true&width=300");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new String(answer.body(), StandardCharsets.US_ASCII))
                .isEqualTo("[key 2, after 2, between 3, after 3] shown at 315000, 320 wide");
        assertThat(header(answer, "X-NXvms-Captured")).isEqualTo("2023-11-14T22:13:23.500Z");
        assertThat(header(answer, "Cache-Control")).contains("immutable");
        HttpResponse<byte[]> same = at(3_999, "&exact=true&width=300", "If-None-Match", header(answer, "ETag"));
        assertThat(same.statusCode()).as("the same picture is shown").isEqualTo(304);
        HttpResponse<byte[]> before = at(3_499, "&exact=true&width=300", "If-None-Match", header(answer, "ETag"));
        assertThat(before.statusCode()).as("another picture").isEqualTo(200);
        assertThat(header(before, "X-NXvms-Captured")).isEqualTo("2023-11-14T22:13:23Z");
        assertThat(trail.often)
                .extracting(note -> note.after().get("way") + " " + note.after().get("from"))
                .containsExactly("thumbnail 2023-11-14T22:13:23.500Z", "thumbnail 2023-11-14T22:13:23Z");
        assertProblem(at(-100, "&exact=true"), 404, "no footage of this stream");
        assertProblem(at(6_000, "&exact=true"), 404, "no footage of this stream");
        assertProblem(at(0, "&exact=1"), 400, "\"field\":\"exact\"");
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(at(3_600, "&exact=true"), 403, "VIEW_ARCHIVE");
    }

    @Test
    void withAutoItIsOfTheStreamThatHasFootage() throws Exception {
        assertThat(at(0, "&stream=auto").body()).isEqualTo(at(0, "").body());
        archive.toSub(sealed.id());
        assertProblem(at(0, ""), 404, "no footage of this stream");
        assertThat(at(0, "&stream=auto").statusCode()).isEqualTo(200);
        assertThat(at(3_600, "&stream=auto&exact=true").statusCode()).isEqualTo(200);
        assertProblem(at(30_000, "&stream=auto"), 404, "no footage of this stream");
        assertProblem(at(0, "&stream=best"), 400, "\"field\":\"stream\"");
    }

    @Test
    void itIsForWhoMaySeeTheFootageAndOnlyAsLongAsThatIsThere() throws Exception {
        assertThat(at(0, "").statusCode()).isEqualTo(200);
        assertProblem(at(30_000, ""), 404, "no footage of this stream");
        assertProblem(at(0, "&stream=sub"), 404, "no footage of this stream");
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(at(0, ""), 403, "VIEW_ARCHIVE");
        assertThat(trail.last("footage.viewed").done()).isFalse();
        guard.missing.clear();
        guard.hidden.add(FakeArchive.CAMERA);
        assertProblem(at(0, ""), 404, "There is no camera");
        guard.hidden.clear();
        archive.locked.add(sealed.id());
        assertProblem(at(4_000, ""), 409, "put back aa.key");
        archive.remove(sealed.id());
        assertProblem(at(0, ""), 404, "no footage of this stream");
    }

    @Test
    void whatCannotBeAskedNamesTheParameterAndWhatCannotBeMadeSaysWhy() throws Exception {
        String path = "/archive/" + FakeArchive.CAMERA + "/thumbnail.jpg";
        assertProblem(server.get(path), 400, "\"field\":\"at\"");
        assertProblem(server.get(path + "?at=soon"), 400, "\"field\":\"at\"");
        for (String width : new String[] {"15", "7681", "-1", "x", "", "99999999999"}) {
            assertProblem(at(0, "&width=" + width), 400, "\"field\":\"width\"");
        }
        assertProblem(at(0, "&height=3"), 400, "height");
        assertProblem(at(0, "&at=1"), 400, "stands twice");
        assertProblem(server.get("/archive/x/thumbnail.jpg?at=1"), 404, "must be a UUID");
        assertProblem(server.get("/archive/" + FakeArchive.CAMERA + "/x.jpg?at=1"), 404, "thumbnail.jpg");

        fails = Optional.of(new DriverException(Kind.BUSY, "the process was lost"));
        HttpResponse<byte[]> busy = at(0, "");
        assertProblem(busy, 503, "the process was lost");
        assertThat(header(busy, "Retry-After")).isEqualTo("1");
        fails = Optional.of(new DriverException(Kind.UNSUPPORTED, "the picture cannot be decoded"));
        assertProblem(at(0, ""), 422, "the picture cannot be decoded");
        fails = Optional.empty();
        assertProblem(at(0, ""), 422, "the picture cannot be decoded");
        assertThat(at(2_000, "").statusCode()).isEqualTo(200);
    }

    @Test
    void aSheetOfThemIsSentAsTheyAre() throws Exception {
        String path = "/archive/" + FakeArchive.CAMERA + "/sheet.jpg?step=2000&at=";
        HttpResponse<byte[]> answer = server.get(path + START_MS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("image/jpeg");
        assertThat(header(answer, "Cache-Control")).as("more may come").isEqualTo("private, no-cache");
        assertThat(server.get(path + START_MS, "If-None-Match", header(answer, "ETag"))
                        .statusCode())
                .isEqualTo(304);
        assertThat(trail.often).hasSize(1);
        assertProblem(server.get(path + (START_MS - 1_000_000)), 404, "no footage");
        assertProblem(server.get(path + "now"), 400, "at");
        assertProblem(server.get("/archive/" + FakeArchive.CAMERA + "/sheet.jpg?step=1&at=1"), 400, "step");
        assertProblem(server.get("/archive/" + FakeArchive.CAMERA + "/sheet.jpg?width=9&at=1"), 400, "width");
        fails = Optional.of(new DriverException(Kind.BUSY, "too much to do"));
        assertProblem(server.get(path + (START_MS + 60_000)), 503, "too much to do");
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(server.get(path + START_MS), 403, "VIEW_ARCHIVE");
    }
}
