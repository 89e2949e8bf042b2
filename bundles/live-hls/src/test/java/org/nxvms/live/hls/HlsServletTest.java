// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamRole;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.platform.api.security.AccessDeniedException;

/** Playlists and parts over HTTP. */
class HlsServletTest extends HlsScene {
    @Test
    void aPlayerReadsInitialisationAndPartsAsTheyAreNamed() throws Exception {
        camera.startRun(Stage.H264, Stage.AAC).seconds(9);
        PlaylistRules.Playlist now = playlist("?stream=main");
        HttpResponse<byte[]> init = get(now.last().map());
        assertThat(InitReader.read(ByteBuffer.wrap(init.body())).format().codecs())
                .isEqualTo("avc1.640028,mp4a.40.2");
        PlaylistRules.Segment segment = now.segments().get(now.segments().size() - 2);
        HttpResponse<byte[]> whole = get(segment.uri());
        assertThat(whole.headers().firstValue("Content-Type")).contains("video/mp4");
        assertThat(whole.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
        assertThat(whole.headers().firstValue("Vary"))
                .as("kept for one user of the browser")
                .contains("Cookie, Authorization");
        ByteBuffer parts = ByteBuffer.allocate(whole.body().length);
        for (PlaylistRules.Part part : segment.parts()) {
            parts.put(get(part.uri()).body());
        }
        assertThat(parts.array()).as("a segment is its parts").isEqualTo(whole.body());
        assertThat(Received.pictures(parts.flip())).hasSize(50);

        HttpResponse<byte[]> head =
                client.send(request(Stage.CAMERA + "/" + segment.uri(), "HEAD"), BodyHandlers.ofByteArray());
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(whole.body().length);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void aReloadIsHeldUntilThePartIsThereAndSoIsTheAnnouncedPart() throws Exception {
        camera.startRun(Stage.H264).seconds(9);
        PlaylistRules.Playlist now = playlist("");
        CompletableFuture<HttpResponse<byte[]>> reload =
                ask("index.m3u8?_HLS_msn=" + now.nextNumber() + "&_HLS_part=" + now.nextPart());
        CompletableFuture<HttpResponse<byte[]>> part = ask(now.hint());
        await(() -> servlet.pump().waiting() == 2);
        assertThat(reload).isNotDone();
        assertThat(part).isNotDone();

        camera.pictures(8);
        PlaylistRules.Playlist next = new PlaylistRules().read(text(reload.get(SECONDS_MAX, TimeUnit.SECONDS)));
        byte[] announced = part.get(SECONDS_MAX, TimeUnit.SECONDS).body();
        assertThat(next.last().parts()).extracting(PlaylistRules.Part::uri).contains(now.hint());
        assertThat(get(now.hint()).body()).isEqualTo(announced);
        await(() -> servlet.pump().waiting() == 0);
    }

    @Test
    void aReloadForAWholeSegmentIsHeldUntilTheSegmentIsWhole() throws Exception {
        camera.startRun(Stage.H264).seconds(9);
        PlaylistRules.Playlist now = playlist("");
        long wanted = now.nextNumber();
        CompletableFuture<HttpResponse<byte[]>> reload = held("index.m3u8?_HLS_msn=" + wanted);
        camera.seconds(4);
        PlaylistRules.Playlist next = new PlaylistRules().read(text(reload.get(SECONDS_MAX, TimeUnit.SECONDS)));
        assertThat(next.segments()).anySatisfy(segment -> {
            assertThat(segment.number()).isEqualTo(wanted);
            assertThat(segment.complete()).isTrue();
        });
    }

    @Test
    void aCameraThatSendsNothingIsNotWaitedForForEver() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> first = held("index.m3u8");
        nowMs.addAndGet(10_000);
        assertProblem(first.get(SECONDS_MAX, TimeUnit.SECONDS), 503, "Nothing arrives");

        camera.startRun(Stage.H264).seconds(9);
        nowMs.addAndGet(1_000);
        PlaylistRules.Playlist now = playlist("");
        CompletableFuture<HttpResponse<byte[]>> reload = held("index.m3u8?_HLS_msn=" + now.nextNumber());
        nowMs.addAndGet(3 * now.target() * 1_000L);
        HttpResponse<byte[]> late = reload.get(SECONDS_MAX, TimeUnit.SECONDS);
        assertProblem(late, 503, "Try again");
        assertThat(late.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void whoMayNotListenIsSentThePicturesAlone() throws Exception {
        camera.startRun(Stage.H264, Stage.AAC).seconds(9);
        PlaylistRules.Playlist heard = playlist("");
        guard.deaf = true;
        PlaylistRules.Playlist silent = playlist("");
        assertThat(silent.last().map()).startsWith("main-silent/");
        assertThat(InitReader.read(ByteBuffer.wrap(get(silent.last().map()).body()))
                        .format()
                        .codecs())
                .isEqualTo("avc1.640028");
        byte[] part = get(silent.last().parts().get(0).uri()).body();
        assertThat(Received.tables(ByteBuffer.wrap(part), 1)).isEmpty();
        assertProblem(get(heard.last().parts().get(0).uri()), 403, "may not");
        assertProblem(get(heard.last().map()), 403, "may not");
        assertThat(text(get("manifest.mpd")))
                .contains("contentType=\"video\"", "main-silent/t/$Time$.m4s")
                .doesNotContain("contentType=\"audio\"");
        PlaylistRules.Segment whole = heard.segments().get(heard.segments().size() - 2);
        for (String track : List.of("v", "a")) {
            assertProblem(get("main/" + track + "/" + whole.number() + ".m4s"), 403, "may not");
            assertProblem(get("main-silent/" + track + "/" + whole.number() + ".m4s"), 404, "not kept");
        }
    }

    @Test
    void aRightThatIsWithdrawnEndsAtTheNextRequest() throws Exception {
        camera.startRun(Stage.H264).seconds(9);
        PlaylistRules.Playlist now = playlist("");
        String part = now.last().parts().get(0).uri();
        assertThat(get(part).statusCode()).isEqualTo(200);
        guard.hidden.add(Stage.CAMERA);
        assertProblem(get(part), 403, "may not watch");
        assertProblem(get("index.m3u8"), 403, "may not watch");
        assertProblem(get(now.last().map()), 403, "may not watch");
        guard.kind = AccessDeniedException.Kind.NOT_FOUND;
        assertProblem(get(part), 404, "");
        guard.hidden.clear();
        guard.expired = true;
        assertProblem(get(part), 401, "Sign in");
    }

    @Test
    void aStreamThatIsEncodedAnewHasANameOfItsOwn() throws Exception {
        assertProblem(get("index.m3u8?stream=main~480p"), 503, "encodes streams anew");
        assertProblem(get("index.m3u8?stream=left"), 400, "sub");
        assertProblem(get("main~480p-500k-silent/7.m4s"), 404, "not kept any more");
        assertProblem(get("main~480p-500k/7.m4s"), 404, "not kept any more");
        assertProblem(get("left~480p/7.m4s"), 404, "nothing here");
    }

    /** A whole segment that its client takes slowly: more than what connections hold by themselves. */
    @Test
    void aRightThatIsWithdrawnEndsWhatIsBeingSent() throws Exception {
        new Stage.Camera(hub, StreamRole.SUB, 50, 250_000, 40_000)
                .startRun(Stage.H264)
                .seconds(7);
        PlaylistRules.Playlist now = playlist("?stream=sub");
        PlaylistRules.Segment segment = now.segments().get(now.segments().size() - 2);
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4 << 10);
            slow.setSoTimeout(SECONDS_MAX * 1_000);
            slow.connect(new InetSocketAddress("127.0.0.1", port()));
            slow.getOutputStream()
                    .write(("GET " + HlsContext.PATH + "/" + Stage.CAMERA + "/" + segment.uri() + " HTTP/1.1\r\n"
                                    + "Host: x\r\nAuthorization: Bearer good\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String begun = new String(slow.getInputStream().readNBytes(1_000), StandardCharsets.ISO_8859_1);
            assertThat(begun).startsWith("HTTP/1.1 200");
            await(() -> servlet.pump().placesTaken() == 1);
            guard.hidden.add(Stage.CAMERA);
            nowMs.addAndGet(2_000);
            long received = 1_000 + rest(slow.getInputStream());
            assertThat(received).isLessThan(50 * 250_000);
            await(() -> servlet.pump().placesTaken() == 0);
        }
    }

    /** How much comes until the connection ends, however it ends. */
    private static long rest(InputStream body) {
        long received = 0;
        byte[] buffer = new byte[64 << 10];
        try {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                received += read;
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection was not ended", e);
        } catch (IOException e) {
            return received;
        }
        return received;
    }

    @Test
    void soManyWaitAndNoMore() throws Exception {
        camera.startRun(Stage.H264).seconds(9);
        String next = "index.m3u8?_HLS_msn=" + playlist("").nextNumber();
        await(() -> servlet.pump().placesTaken() == 0);
        List<CompletableFuture<HttpResponse<byte[]>>> waiting = new ArrayList<>();
        for (int i = 0; i < Stage.LIMITS.waitingPerUserMax(); i++) {
            waiting.add(ask(next));
        }
        await(() -> servlet.pump().waiting() == Stage.LIMITS.waitingPerUserMax());
        assertProblem(get("index.m3u8"), 503, "As many players wait");
        camera.seconds(4);
        for (CompletableFuture<HttpResponse<byte[]>> one : waiting) {
            assertThat(one.get(SECONDS_MAX, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        await(() -> servlet.pump().placesTaken() == 0);
        assertThat(get("index.m3u8").statusCode()).isEqualTo(200);
    }

    @Test
    void badRequestsSayWhatIsWrong() throws Exception {
        camera.startRun(Stage.H264).seconds(9);
        PlaylistRules.Playlist now = playlist("");
        assertProblem(get("index.m3u8?_HLS_part=1"), 400, "_HLS_msn");
        assertProblem(get("index.m3u8?_HLS_msn=x"), 400, "_HLS_msn");
        assertProblem(get("index.m3u8?_HLS_msn=" + (now.last().number() + 3)), 400, "_HLS_msn");
        assertProblem(
                get("index.m3u8?_HLS_msn=" + now.nextNumber() + "&_HLS_part=" + (now.nextPart() + 10)),
                400,
                "_HLS_part");
        assertProblem(get("index.m3u8?stream=left"), 400, "stream");
        assertProblem(get("index.m3u8?speed=2"), 400, "speed");
        assertProblem(get("index.m3u8?stream=sub&stream=main"), 400, "twice");
        assertProblem(get("index.mp4"), 404, "index.m3u8");
        assertProblem(get("left/1.m4s"), 404, "index.m3u8");
        assertProblem(get("main/1.m4s"), 404, "Read the playlist again");
        assertProblem(get("main/" + now.nextNumber() + ".400.m4s"), 404, "Read the playlist again");
        assertProblem(get("sub/1.m4s"), 404, "Read the playlist again");
        HttpResponse<byte[]> other =
                client.send(request(UUID.randomUUID() + "/index.m3u8", "GET"), BodyHandlers.ofByteArray());
        assertProblem(other, 404, "no camera");
        HttpResponse<byte[]> post =
                client.send(request(Stage.CAMERA + "/index.m3u8", "POST"), BodyHandlers.ofByteArray());
        assertProblem(post, 405, "GET or HEAD");
        assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    void aPlayerChoosesAmongTheStreamsOfACamera() throws Exception {
        assertProblem(get("variants.m3u8"), 503, "Nothing arrives");
        camera.startRun(Stage.H264, Stage.AAC).seconds(9);
        Stage.Camera sub = new Stage.Camera(hub, StreamRole.SUB, 20, 2_000, 100_000);
        sub.startRun(Stage.H264_SMALL).seconds(9);
        HttpResponse<byte[]> answer = get("variants.m3u8");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.apple.mpegurl");
        List<String> lines = text(answer).lines().toList();
        Map<String, String> main = PlaylistRules.attributes(lines.get(lines.indexOf("index.m3u8?stream=main") - 1));
        assertThat(main)
                .containsEntry("CODECS", "avc1.640028,mp4a.40.2")
                .containsEntry("RESOLUTION", "1920x1080")
                .containsEntry("FRAME-RATE", "25.000");
        // 25 pictures of 20 000 bytes a second.
        assertThat(Long.parseLong(main.get("BANDWIDTH"))).isBetween(4_000_000L, 5_500_000L);
        assertThat(PlaylistRules.attributes(lines.get(lines.indexOf("index.m3u8?stream=sub") - 1)))
                .containsEntry("CODECS", "avc1.42c01e")
                .containsEntry("RESOLUTION", "640x360")
                .containsEntry("FRAME-RATE", "10.000");
        assertThat(lines.stream().filter(line -> line.startsWith("#EXT-X-I-FRAME-STREAM-INF:")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(
                                get(PlaylistRules.attributes(line).get("URI")).statusCode())
                        .isEqualTo(200));
        guard.deaf = true;
        assertThat(text(get("variants.m3u8"))).contains("\"avc1.640028\"").doesNotContain("mp4a");
        guard.hidden.add(Stage.CAMERA);
        assertProblem(get("variants.m3u8"), 403, "may not watch");
    }

    @Test
    void aPlayerFetchesKeyFramesByTheirRange() throws Exception {
        camera.startRun(Stage.H264).seconds(9);
        List<String> lines = text(get("keyframes.m3u8?stream=main")).lines().toList();
        String range = lines.stream()
                .filter(line -> line.startsWith("#EXT-X-BYTERANGE:"))
                .findFirst()
                .orElseThrow();
        int length = Integer.parseInt(range.substring("#EXT-X-BYTERANGE:".length(), range.indexOf('@')));
        String uri =
                lines.stream().filter(line -> !line.startsWith("#")).findFirst().orElseThrow();
        byte[] whole = get(uri).body();
        HttpResponse<byte[]> part = range(uri, "bytes=0-" + (length - 1));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 0-" + (length - 1) + "/" + whole.length);
        assertThat(part.body()).isEqualTo(Arrays.copyOf(whole, length));
        assertThat(Received.pictures(ByteBuffer.wrap(part.body()))).hasSize(1);
        int far = whole.length - 100_000;
        assertThat(range(uri, "bytes=" + far + "-").body())
                .as("over the border of two parts")
                .isEqualTo(Arrays.copyOfRange(whole, far, whole.length));
        HttpResponse<byte[]> behind = range(uri, "bytes=" + whole.length + "-");
        assertProblem(behind, 416, "there are " + whole.length + " bytes");
        assertThat(behind.headers().firstValue("Content-Range")).contains("bytes */" + whole.length);
        assertProblem(get("keyframes.m3u8?_HLS_part=1"), 400, "_HLS_part");
        assertProblem(get("variants.m3u8?stream=main"), 400, "stream");
    }

    private HttpResponse<byte[]> range(String uri, String range) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(request(Stage.CAMERA + "/" + uri, "GET"), (name, value) -> true)
                .header("Range", range)
                .build();
        return client.send(request, BodyHandlers.ofByteArray());
    }

    @Test
    void aPlaylistReportsTheOtherStreamWhileThatIsWatchedToo() throws Exception {
        camera.startRun(Stage.H264).seconds(9);
        Stage.Camera sub = new Stage.Camera(hub, StreamRole.SUB, 50, 2_000, 40_000);
        sub.startRun(Stage.H264_SMALL).seconds(9);
        assertThat(text(get("index.m3u8?stream=main"))).doesNotContain("RENDITION-REPORT");
        PlaylistRules.Playlist other = playlist("?stream=sub");
        Map<String, String> report = text(get("index.m3u8?stream=main"))
                .lines()
                .filter(line -> line.startsWith("#EXT-X-RENDITION-REPORT:"))
                .map(PlaylistRules::attributes)
                .findFirst()
                .orElseThrow();
        assertThat(report)
                .containsEntry("URI", "index.m3u8?stream=sub")
                .containsEntry("LAST-MSN", Long.toString(other.last().number()))
                .containsEntry(
                        "LAST-PART", Integer.toString(other.last().parts().size() - 1));
    }

    @Test
    void aStreamThatCannotBePlayedIsRefusedWithTheWayOut() throws Exception {
        new Stage.Camera(hub, StreamRole.SUB, 1, 2_000, 40_000)
                .startRun(Stage.MJPEG)
                .seconds(2);
        assertProblem(get("index.m3u8?stream=sub"), 409, "set the camera to H.264");
    }

    @Test
    void whatWaitsIsAnsweredWhenTheServerStops() throws Exception {
        camera.startRun(Stage.H264).seconds(9);
        CompletableFuture<HttpResponse<byte[]>> reload =
                held("index.m3u8?_HLS_msn=" + playlist("").nextNumber());
        servlet.close();
        assertProblem(reload.get(SECONDS_MAX, TimeUnit.SECONDS), 503, "stopped or replaced");
    }
}
