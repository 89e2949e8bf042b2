// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import javax.servlet.http.HttpServlet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeGuard;
import org.nxvms.playback.FakeRegistry;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.test.kit.Awaiting;

/** Playlists and initialisation segments over HTTP. */
class PlaylistServletTest {
    private static final int SECONDS_MAX = 60;
    private static final long START_US = 1_700_000_000_000_000L;

    /** avcC record of x264, High 1920x1080. */
    private static final String AVC =
            "01640028ffe1001b67640028acb200f0044fcb80880000030008000003019078c1924001000668ebc3cb22c0fdf8f800";

    private final FakeArchive archive = new FakeArchive();
    private final FakeGuard guard = new FakeGuard();
    private final AtomicLong nanos = new AtomicLong();
    private final ArchiveServlet servlet = new ArchiveServlet(archive, guard, null, null, null, nanos::get);
    private MediaServer server;

    @BeforeEach
    void start() throws Exception {
        server = new MediaServer(
                guard,
                Map.<String, HttpServlet>of(
                        "/archive/*",
                        servlet,
                        "/init/*",
                        new InitServlet(archive, guard),
                        // Of the path below it, the context knows more than the web server does.
                        "/keyframes",
                        new KeyFrameServlet(archive, guard, null),
                        "/live/*",
                        StandIn.at("/live", () -> guard),
                        "/exports/*",
                        StandIn.at("/exports", () -> guard)));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Segment record(long startUs, int seconds, UUID run, String init) {
        List<FragmentEntry> index = new ArrayList<>();
        for (int i = 0; i < seconds; i++) {
            index.add(new FragmentEntry(600 + i * 1_000L, 1_000, startUs + i * 1_000_000L, 1_000_000, i % 2 == 0, 25));
        }
        return archive.add(
                FakeArchive.segment(startUs, startUs + seconds * 1_000_000L, run, 0, init, false), index, new byte[0]);
    }

    private HttpResponse<byte[]> playlist(String query, String... headers) throws Exception {
        return server.get("/archive/" + FakeArchive.CAMERA + "/index.m3u8?" + query, headers);
    }

    @Test
    void twoRunsBecomeOnePlaylistWithABreak() throws Exception {
        Segment a = record(START_US, 6, new UUID(1, 1), "aa");
        Segment b = record(START_US + 10_000_000, 4, new UUID(1, 2), "aa");
        HttpResponse<byte[]> answer = playlist("from=1700000000000&to=1700000020000&stream=main");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.apple.mpegurl");
        assertThat(new String(answer.body(), StandardCharsets.US_ASCII))
                .isEqualTo(
                        """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:4
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-MAP:URI="../../init/aa.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.000Z
                #EXTINF:4.000000,
                #EXT-X-BYTERANGE:4000@600
                ../../segments/%1$s.mp4
                #EXTINF:2.000000,
                #EXT-X-BYTERANGE:2000@4600
                ../../segments/%1$s.mp4
                #EXT-X-DISCONTINUITY
                #EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:30.000Z
                #EXTINF:4.000000,
                #EXT-X-BYTERANGE:4000@600
                ../../segments/%2$s.mp4
                #EXT-X-ENDLIST
                """
                                .formatted(a.id(), b.id()));
    }

    /** Two seconds of pictures in two fragments, whose clock stands at ten seconds. */
    @Test
    void theSameRangeIsThereAsDash() throws Exception {
        TrackFormat pictures = new TrackFormat(
                Codec.H264,
                90_000,
                "avc1.640028",
                1920,
                1080,
                0,
                25,
                HexFormat.of().parseHex(AVC));
        archive.addInit("aa", InitSegment.build(new StreamFormat(List.of(pictures))));
        FragmentBuilder builder = new FragmentBuilder(1, 25);
        ByteBuffer file = ByteBuffer.allocate(1 << 16).position(600);
        List<FragmentEntry> index = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int offset = file.position();
            builder.begin(i + 1);
            builder.wallClock(START_US + i * 1_000_000L);
            for (int picture = 0; picture < 25; picture++) {
                long time = 900_000 + (i * 25 + picture) * 3_600L;
                builder.add(0, time, time, 100, i + picture == 0);
            }
            builder.writeHeader(file);
            file.put(new byte[builder.dataBytes()]);
            index.add(new FragmentEntry(
                    offset, file.position() - offset, START_US + i * 1_000_000L, 1_000_000, i == 0, 25));
        }
        Segment segment = archive.add(
                FakeArchive.segment(START_US, START_US + 2_000_000, new UUID(1, 1), 0, "aa", false),
                index,
                file.array());
        HttpResponse<byte[]> answer = server.get(
                "/archive/" + FakeArchive.CAMERA + "/manifest.mpd?from=1700000000000&to=1700000020000&stream=main");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/dash+xml");
        assertThat(new String(answer.body(), StandardCharsets.US_ASCII))
                .contains("<SegmentList timescale=\"1000000\" presentationTimeOffset=\"10000000\">")
                .contains("<S t=\"10000000\" d=\"2000000\"/>")
                .contains("wallClockTime=\"2023-11-14T22:13:20.000Z\" presentationTime=\"10000000\"")
                .contains("codecs=\"avc1.640028\"")
                .contains("<Initialization sourceURL=\"../../init/aa-v.mp4\"/>")
                .contains("<SegmentURL media=\"../../tracks/" + segment.id() + "/v/600-" + (file.position() - 600)
                        + ".m4s\"/>")
                .doesNotContain("contentType=\"audio\"");
        assertThat(archive.filesOpen.get()).isZero();
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(server.get("/archive/" + FakeArchive.CAMERA + "/manifest.mpd?from=1&to=2"), 403, "VIEW_ARCHIVE");
    }

    @Test
    void aDayIsPackedForWhoCanUnpackIt() throws Exception {
        for (int i = 0; i < 288; i++) {
            record(START_US + i * 300_000_000L, 300, new UUID(1, 1), "aa");
        }
        String query = "from=1700000000000&to=1700086400000";
        byte[] plain = playlist(query).body();
        HttpResponse<byte[]> packed = playlist(query, "Accept-Encoding", "gzip, br");
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.body().length).isLessThan(plain.length / 8);
        assertThat(playlist(query, "Accept-Encoding", "gzip;q=0, br").body()).isEqualTo(plain);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                .isEqualTo(plain);
        assertThat(new String(plain, StandardCharsets.US_ASCII).lines().filter(l -> l.startsWith("#EXTINF")))
                .hasSize(288 * 75);
        String path = "/archive/" + FakeArchive.CAMERA + "/index.m3u8?" + query;
        HttpResponse<byte[]> packedHead = server.send("HEAD", path, "Accept-Encoding", "gzip, br");
        assertThat(packedHead.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packedHead.headers().firstValueAsLong("Content-Length")).hasValue(packed.body().length);
        HttpResponse<byte[]> plainHead = server.send("HEAD", path);
        assertThat(plainHead.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(plainHead.headers().firstValueAsLong("Content-Length")).hasValue(plain.length);
    }

    /** Megabytes for somebody who takes four kilobytes and then nothing: no thread waits, and the right counts to the end. */
    @Test
    void aPlaylistThatIsTakenSlowlyHoldsNoThreadAndEndsWithItsRight() throws Exception {
        for (int i = 0; i < 288; i++) {
            recordShort(START_US + i * 300_000_000L);
        }
        String path = "/media/v1/archive/" + FakeArchive.CAMERA + "/index.m3u8?from=1700000000000&to=1700086400000";
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4 << 10);
            slow.setSoTimeout(SECONDS_MAX * 1_000);
            slow.connect(new InetSocketAddress("127.0.0.1", server.port()));
            slow.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String begun = new String(slow.getInputStream().readNBytes(1_000), StandardCharsets.US_ASCII);
            assertThat(begun).startsWith("HTTP/1.1 200").contains("#EXTM3U");
            long length = begun.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                    .mapToLong(line -> Long.parseLong(line.substring(15).strip()))
                    .findFirst()
                    .orElseThrow();
            assertThat(length).isGreaterThan(7_000_000);
            Awaiting.until("no thread writes it", () -> threadsWriting() == 0);
            assertThat(servlet.playlistsSent()).isEqualTo(1);
            guard.missing.add(Permission.VIEW_ARCHIVE);
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));
            assertThat(rest(slow.getInputStream()) + 1_000).isLessThan(length);
            Awaiting.until("its place is free", () -> servlet.playlistsSent() == 0);
        }
    }

    /** Threads of the server that are in the servlet now. */
    private static long threadsWriting() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().equals(ArchiveServlet.class.getName())))
                .count();
    }

    /** How much comes until the connection ends, however it ends. */
    private static long rest(InputStream body) throws IOException {
        long received = 0;
        byte[] buffer = new byte[64 << 10];
        try {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                received += read;
            }
        } catch (SocketException cut) {
            return received;
        }
        return received;
    }

    /** A file with damage between its fragments: each is a part of its own. */
    private void recordShort(long startUs) {
        List<FragmentEntry> index = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            index.add(new FragmentEntry(600 + i * 2_000L, 1_000, startUs + i * 1_000_000L, 1_000_000, true, 25));
        }
        archive.add(
                FakeArchive.segment(startUs, startUs + 300_000_000L, new UUID(1, startUs), 0, "aa", false),
                index,
                new byte[0]);
    }

    /** Six seconds and four, the hole between them left out as in the playlist; cells of four seconds. */
    @Test
    void aPlayerIsToldWhichThumbnailStandsForWhichPosition() throws Exception {
        record(START_US, 6, new UUID(1, 1), "aa");
        record(START_US + 100_000_000, 4, new UUID(1, 2), "aa");
        String path = "/archive/" + FakeArchive.CAMERA + "/thumbnails.vtt?from=1700000000000&to=1700000200000";
        HttpResponse<byte[]> answer = server.get(path + "&step=4000");
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/vtt"));
        assertThat(new String(answer.body(), StandardCharsets.US_ASCII))
                .isEqualTo(
                        """
                WEBVTT

                00:00:00.000 --> 00:00:04.000
                sheet.jpg?at=1700000000000&step=4000&width=160&stream=main#xywh=0,0,160,90

                00:00:04.000 --> 00:00:06.000
                sheet.jpg?at=1700000000000&step=4000&width=160&stream=main#xywh=160,0,160,90

                00:00:06.000 --> 00:00:10.000
                sheet.jpg?at=1700000100000&step=4000&width=160&stream=main#xywh=0,0,160,90
                """);
        // Footage that begins less than a millisecond before a cell has no cue of that.
        record(START_US - 1_000_000_700, 6, new UUID(1, 3), "aa");
        String early =
                "/archive/" + FakeArchive.CAMERA + "/thumbnails.vtt?from=1699998990000&to=1699999900000&step=4000";
        assertThat(new String(server.get(early).body(), StandardCharsets.US_ASCII))
                .startsWith("WEBVTT\n\n00:00:00.000 --> 00:00:04.000\n");
        assertProblem(server.get(path + "&step=1500"), 400, "step");
        assertProblem(server.get(path + "&width=321"), 400, "width");
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(server.get(path), 403, "VIEW_ARCHIVE");
    }

    /** A player that was told 404 would not come again. */
    @Test
    void whileLiveStreamsOrPackagesAreExchangedProgramsAreToldToComeAgain() throws Exception {
        for (String path : List.of("/live/" + FakeArchive.CAMERA + "/index.m3u8", "/exports/" + new UUID(1, 1))) {
            HttpResponse<byte[]> answer = server.get(path);
            assertProblem(answer, 503, "Try again");
            assertThat(answer.headers().firstValue("Retry-After")).as(path).contains("1");
        }
    }

    /** A servlet goes and comes by itself; the others of the context serve on. */
    @Test
    void whileAServletIsNotThereItsRequestsAreToldToComeAgainAndThoseOfOthersAreAnswered() throws Exception {
        HttpResponse<byte[]> answer = server.get("/segments/" + new UUID(1, 1));
        assertProblem(answer, 503, "Try again");
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertProblem(server.get("/keyframes/of-a-servlet-that-came-this-moment"), 503, "Try again");
        assertProblem(server.get("/init/ab"), 404, "init");
        assertProblem(server.get("/nothing"), 404, "nothing here");
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(server.get("/keyframes/of-a-servlet-that-came-this-moment"), 403, "VIEW_ARCHIVE");
        guard.missing.clear();
        assertThat(server.get("/segments/x", "Authorization", "Bearer bad").statusCode())
                .isEqualTo(401);
    }

    private Segment recordWithSound(long startUs, String codec) {
        List<FragmentEntry> index = List.of(new FragmentEntry(600, 1_000, startUs, 1_000_000, true, 25));
        return archive.add(FakeArchive.withSound(startUs, startUs + 1_000_000, codec), index, new byte[0]);
    }

    private static List<String> named(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return new String(answer.body(), StandardCharsets.US_ASCII)
                .lines()
                .filter(line ->
                        line.startsWith("#EXT-X-MAP") || line.startsWith("#EXT-X-BYTE") || !line.startsWith("#"))
                .toList();
    }

    private static final String RANGE = "from=1700000000000&to=1700000020000";

    @Test
    void soundIsForWhoMayListenAndOthersSeeThePictures() throws Exception {
        Segment segment = recordWithSound(START_US, "mp4a.40.2");
        assertThat(named(playlist(RANGE)))
                .containsExactly(
                        "#EXT-X-MAP:URI=\"../../init/aa.mp4\"",
                        "#EXT-X-BYTERANGE:1000@600",
                        "../../segments/" + segment.id() + ".mp4");
        guard.missing.add(Permission.LISTEN);
        assertThat(named(playlist(RANGE)))
                .containsExactly(
                        "#EXT-X-MAP:URI=\"../../init/aa-v.mp4\"", "../../tracks/" + segment.id() + "/v/600-1000.m4s");
        assertThat(named(server.get("/archive/" + FakeArchive.CAMERA + "/keyframes.m3u8?" + RANGE)))
                .containsExactly(
                        "#EXT-X-MAP:URI=\"../../init/aa-v.mp4\"", "../../keyframes/" + segment.id() + "/600.m4s");
        HttpResponse<byte[]> variants = server.get("/archive/" + FakeArchive.CAMERA + "/variants.m3u8?" + RANGE);
        assertThat(new String(variants.body(), StandardCharsets.US_ASCII))
                .contains(",CODECS=\"avc1.640028\",")
                .doesNotContain("mp4a");
    }

    /** Players refuse pictures too where they find a track in the file that they do not know. */
    @Test
    void soundThatHlsHasNoNameForIsLeftOut() throws Exception {
        for (String codec : List.of("ulaw", "alaw", "g726")) {
            Segment segment = recordWithSound(START_US, codec);
            assertThat(named(playlist(RANGE)))
                    .as(codec)
                    .containsExactly(
                            "#EXT-X-MAP:URI=\"../../init/aa-v.mp4\"",
                            "../../tracks/" + segment.id() + "/v/600-1000.m4s");
            assertThat(named(server.get("/archive/" + FakeArchive.CAMERA + "/keyframes.m3u8?" + RANGE)))
                    .contains("#EXT-X-MAP:URI=\"../../init/aa-v.mp4\"");
            archive.remove(segment.id());
        }
    }

    @Test
    void soundWithoutPicturesIsForWhoMayListenAlone() throws Exception {
        List<FragmentEntry> index = List.of(new FragmentEntry(600, 1_000, START_US, 1_000_000, true, 25));
        Segment segment = archive.add(FakeArchive.soundAlone(START_US, START_US + 1_000_000), index, new byte[0]);
        assertThat(named(playlist(RANGE)).get(2)).isEqualTo("../../segments/" + segment.id() + ".mp4");
        guard.missing.add(Permission.LISTEN);
        assertProblem(playlist(RANGE), 403, "LISTEN");
    }

    @Test
    void aSegmentThatRetentionTookMeanwhileIsAHole() throws Exception {
        record(START_US, 4, new UUID(1, 1), "aa");
        Segment taken = record(START_US + 4_000_000, 4, new UUID(1, 1), "aa");
        record(START_US + 8_000_000, 4, new UUID(1, 1), "aa");
        archive.remove(taken.id());
        String text = new String(playlist("from=1700000000000&to=1700000020000").body(), StandardCharsets.US_ASCII);
        assertThat(text.lines().filter("#EXT-X-DISCONTINUITY"::equals)).hasSize(1);
        assertThat(text).doesNotContain(taken.id().toString());
    }

    @Test
    void badRequestsNameTheParameter() throws Exception {
        record(START_US, 4, new UUID(1, 1), "aa");
        assertProblem(playlist("to=1"), 400, "from");
        assertProblem(playlist("from=x&to=1"), 400, "from");
        assertProblem(playlist("from=5&to=5"), 422, "to");
        assertProblem(playlist("from=0&to=86400001"), 422, "24 hours");
        assertProblem(playlist("from=1&to=2&stream=left"), 400, "stream");
        assertProblem(playlist("from=1&to=2&speed=2"), 400, "speed");
        assertProblem(playlist("from=1&from=2&to=3"), 400, "from");
        assertProblem(playlist("from=1&to=2"), 404, "no footage");
        assertProblem(server.get("/archive/nobody/index.m3u8?from=1&to=2"), 404, "camera");
        assertProblem(server.get("/archive/" + FakeArchive.CAMERA + "/index.mpd?from=1&to=2"), 404, "index.m3u8");
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(playlist("from=1700000000000&to=1700000020000"), 403, "VIEW_ARCHIVE");
        guard.hidden.add(FakeArchive.CAMERA);
        assertProblem(playlist("from=1700000000000&to=1700000020000"), 404, "There is no camera");
    }

    @Test
    void aCameraThatNeverWasIsNoCameraWithoutFootageAndOneThatWasRemovedIs() throws Exception {
        UUID configured = new UUID(2, 1);
        UUID mistyped = new UUID(2, 2);
        servlet.cameras = new FakeRegistry(configured).service();
        for (String file : List.of(
                "index.m3u8?from=1&to=2",
                "manifest.mpd?from=1&to=2",
                "keyframes.m3u8?from=1&to=2",
                "variants.m3u8?from=1&to=2",
                "thumbnails.vtt?from=1&to=2",
                "thumbnail.jpg?at=1",
                "sheet.jpg?at=0")) {
            assertProblem(
                    server.get("/archive/" + mistyped + "/" + file),
                    404,
                    Problem.noCamera(mistyped).detail());
        }
        assertProblem(server.get("/archive/" + configured + "/index.m3u8?from=1&to=2"), 404, "no footage");
        record(START_US, 6, new UUID(1, 1), "aa");
        assertThat(playlist("from=1700000000000&to=1700000020000").statusCode())
                .as("not configured any more")
                .isEqualTo(200);
    }

    @Test
    void anInitialisationSegmentNeverChanges() throws Exception {
        archive.addInit("ab12", new byte[] {1, 2, 3});
        HttpResponse<byte[]> answer = server.get("/init/ab12.mp4");
        assertThat(answer.body()).containsExactly(1, 2, 3);
        assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
        assertThat(server.get("/init/ab12", "If-None-Match", "\"ab12\"").statusCode())
                .isEqualTo(304);
        assertProblem(server.get("/init/ff"), 404, "initialisation");
        assertProblem(server.get("/init/XX"), 404, "initialisation");
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status, String word) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(word);
    }
}
