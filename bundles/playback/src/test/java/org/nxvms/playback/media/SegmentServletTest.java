// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.test.kit.Awaiting.until;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeGuard;
import org.nxvms.rest.kit.problem.Times;
import org.nxvms.test.kit.NotedTrail;

/** Bytes of segments over HTTP, on the distribution's own web server. */
class SegmentServletTest {
    private static final int SIZE = 3 << 20;

    private final FakeArchive archive = new FakeArchive();
    private final FakeGuard guard = new FakeGuard();
    private final NotedTrail trail = new NotedTrail();
    private final byte[] file = new byte[SIZE];
    private Segment sealed;
    private Segment open;
    private final AtomicLong nanos = new AtomicLong();
    private MediaServer server;

    @BeforeEach
    void start() throws Exception {
        new Random(42).nextBytes(file);
        sealed = archive.add(FakeArchive.segment(0, 1_000, new UUID(1, 1), 0, "aa", false), List.of(), file);
        open = archive.add(
                FakeArchive.segment(1_000, 2_000, new UUID(1, 1), 1, "aa", true),
                List.of(),
                Arrays.copyOf(file, 5_000));
        server = new MediaServer(
                guard,
                // A place is free again a moment after its transfer: only stories about places have few.
                Map.of(
                        "/segments/*",
                        new SegmentServlet(archive, guard, trail, new Transfers.Limits(64, 64, 60_000), nanos::get),
                        "/few/*",
                        new SegmentServlet(archive, guard, trail, new Transfers.Limits(2, 2, 60_000), nanos::get)));
    }

    @AfterEach
    void stop() throws Exception {
        // Whoever has all bytes has them a moment before their file is closed.
        until("no file is left open", () -> archive.filesOpen.get() == 0);
        server.close();
    }

    @Test
    void aSealedSegmentComesWholeAndMayBeKeptForEver() throws Exception {
        HttpResponse<byte[]> answer = server.get("/segments/" + sealed.id());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(file);
        assertThat(header(answer, "Content-Type")).isEqualTo("video/mp4");
        assertThat(header(answer, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(answer, "Cache-Control")).contains("immutable").contains("private");
        assertThat(server.get("/segments/" + sealed.id() + ".mp4").body()).isEqualTo(file);
    }

    @Test
    void aRangeComesAsAPart() throws Exception {
        HttpResponse<byte[]> answer = server.get("/segments/" + sealed.id(), "Range", "bytes=1000-500000");
        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(header(answer, "Content-Range")).isEqualTo("bytes 1000-500000/" + SIZE);
        assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(file, 1000, 500_001));
        assertThat(server.get("/segments/" + sealed.id(), "Range", "bytes=-7").body())
                .isEqualTo(Arrays.copyOfRange(file, SIZE - 7, SIZE));
    }

    @Test
    void whoWasSentFootageAndWhoWasRefusedItIsInTheAudit() throws Exception {
        server.get("/segments/" + sealed.id(), "Range", "bytes=1000-500000");
        server.get("/segments/" + open.id());
        server.send("HEAD", "/segments/" + sealed.id());
        server.get("/segments/" + sealed.id(), "Range", "bytes=" + SIZE + "-");
        assertThat(trail.often).as("bytes of two segments were sent").hasSize(2);
        AuditNote first = trail.often.get(0);
        assertThat(first.action()).isEqualTo("footage.viewed");
        assertThat(first.done()).isTrue();
        assertThat(first.actor().userId()).isPresent();
        assertThat(first.actor().address()).isEqualTo("127.0.0.1");
        assertThat(first.subject()).isEqualTo("camera/" + sealed.stream().cameraId());
        assertThat(first.after())
                .containsOnly(
                        Map.entry("way", "segments"),
                        Map.entry("from", Times.instant(sealed.startUs()).toString()),
                        Map.entry("to", Times.instant(sealed.endUs()).toString()));

        guard.missing.add(Permission.VIEW_ARCHIVE);
        server.get("/segments/" + sealed.id());
        assertThat(trail.notes).hasSize(3);
        assertThat(trail.last("footage.viewed").done()).isFalse();
    }

    @Test
    void aRangeBehindTheEndIsRefusedWithTheSize() throws Exception {
        HttpResponse<byte[]> answer = server.get("/segments/" + sealed.id(), "Range", "bytes=" + SIZE + "-");
        assertThat(answer.statusCode()).isEqualTo(416);
        assertThat(header(answer, "Content-Range")).isEqualTo("bytes */" + SIZE);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("/problems/range-not-satisfiable", "bytes=" + SIZE + "-", "there are " + SIZE + " bytes");
    }

    @Test
    void severalRangesAreAnsweredWithTheWhole() throws Exception {
        HttpResponse<byte[]> answer = server.get("/segments/" + sealed.id(), "Range", "bytes=0-1,5-6");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSize(SIZE);
    }

    @Test
    void headTellsTheSizeWithoutBytes() throws Exception {
        HttpResponse<byte[]> answer = server.send("HEAD", "/segments/" + sealed.id(), "Range", "bytes=0-1");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Length")).isEqualTo(String.valueOf(SIZE));
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aGrowingSegmentChangesItsTagAndNeverItsBytes() throws Exception {
        HttpResponse<byte[]> before = server.get("/segments/" + open.id());
        assertThat(before.body()).hasSize(5_000);
        assertThat(header(before, "Cache-Control")).isEqualTo("private, no-store");
        archive.grow(open.id(), Arrays.copyOf(file, 9_000));
        String oldTag = header(before, "ETag");
        HttpResponse<byte[]> rest = server.get("/segments/" + open.id(), "Range", "bytes=5000-");
        assertThat(rest.statusCode()).isEqualTo(206);
        assertThat(header(rest, "Content-Range")).isEqualTo("bytes 5000-8999/9000");
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(file, 5_000, 9_000));
        assertThat(header(rest, "ETag")).isNotEqualTo(oldTag);
        // A client that would glue parts of two tags together gets the whole instead (RFC 9110 13.1.5).
        HttpResponse<byte[]> glued = server.get("/segments/" + open.id(), "Range", "bytes=5000-", "If-Range", oldTag);
        assertThat(glued.statusCode()).isEqualTo(200);
        assertThat(glued.body()).hasSize(9_000);
        assertThat(server.get("/segments/" + open.id(), "Range", "bytes=5000-", "If-Range", header(rest, "ETag"))
                        .statusCode())
                .isEqualTo(206);
    }

    @Test
    void aKnownTagIsNotSentAgain() throws Exception {
        String tag = header(server.get("/segments/" + sealed.id()), "ETag");
        HttpResponse<byte[]> again = server.get("/segments/" + sealed.id(), "If-None-Match", "\"other\", " + tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(header(again, "ETag")).isEqualTo(tag);
    }

    @Test
    void nobodySeesFootageWithoutCredentialsOrRight() throws Exception {
        assertThat(server.get("/segments/" + sealed.id(), "Authorization", "Bearer bad")
                        .statusCode())
                .isEqualTo(401);
        guard.missing.add(Permission.VIEW_ARCHIVE);
        HttpResponse<byte[]> refused = server.get("/segments/" + sealed.id());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(header(refused, "Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void footageOfACameraThatMayNotBeKnownIsLikeFootageThatIsNotThere() throws Exception {
        guard.hidden.add(FakeArchive.CAMERA);
        HttpResponse<byte[]> hidden = server.get("/segments/" + sealed.id());
        HttpResponse<byte[]> absent = server.get("/segments/" + UUID.randomUUID());
        assertThat(hidden.statusCode()).isEqualTo(absent.statusCode()).isEqualTo(404);
        assertThat(hidden.body()).isEqualTo(absent.body());
    }

    @Test
    void footageWithSoundIsForWhoMayListen() throws Exception {
        Segment loud = archive.add(FakeArchive.withSound(0, 1_000), List.of(), file);
        assertThat(server.get("/segments/" + loud.id()).statusCode()).isEqualTo(200);
        guard.missing.add(Permission.LISTEN);
        assertThat(server.get("/segments/" + loud.id()).statusCode()).isEqualTo(403);
        assertThat(server.get("/segments/" + sealed.id()).statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNotThereIsSaidPlainly() throws Exception {
        assertThat(server.get("/segments/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(server.get("/segments/../../etc/passwd").statusCode()).isIn(400, 404);
        assertThat(server.get("/segments/").statusCode()).isEqualTo(404);
        HttpResponse<byte[]> posted = server.send("POST", "/segments/" + sealed.id());
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(header(posted, "Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void encryptedFootageWithoutItsKeyIsAProblemThatSaysWhatToDo() throws Exception {
        archive.locked.add(sealed.id());
        HttpResponse<byte[]> answer = server.get("/segments/" + sealed.id());
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("\"type\":\"/problems/footage-key-missing\"", "put back aa.key");
        archive.locked.clear();
        assertThat(server.get("/segments/" + sealed.id()).body())
                .as("nothing was left taken")
                .isEqualTo(file);
    }

    @Test
    void alteredFootageIsAProblemOrABrokenTransferAndNeverBytes() throws Exception {
        archive.altered.put(sealed.id(), 1_000_000L);
        HttpResponse<byte[]> answer = server.get("/segments/" + sealed.id(), "Range", "bytes=1000000-1000009");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("\"type\":\"/problems/footage-damaged\"", "are not what was recorded");
        assertThatThrownBy(() -> server.get("/segments/" + sealed.id(), "Range", "bytes=900000-1100000"))
                .as("it has begun already, so the client must not take it for whole")
                .isInstanceOf(IOException.class);
        assertThat(server.get("/segments/" + sealed.id(), "Range", "bytes=0-99").body())
                .isEqualTo(Arrays.copyOf(file, 100));
    }

    @Test
    void withoutMemoryForMoreEncryptedFootageARequestIsToComeBack() throws Exception {
        archive.busy = true;
        HttpResponse<byte[]> answer = server.get("/segments/" + sealed.id(), "Range", "bytes=0-99");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(header(answer, "Retry-After")).isEqualTo("2");
        assertThat(header(answer, "Cache-Control")).doesNotContain("immutable");
        archive.busy = false;
        assertThat(server.get("/segments/" + sealed.id()).body())
                .as("nothing was left taken")
                .isEqualTo(file);
    }

    @Test
    void footageIsClosedThoughTheContainerTellsNothing() throws Exception {
        server.silence();
        for (int i = 0; i < 3; i++) {
            assertThat(server.get("/few/" + sealed.id()).body()).isEqualTo(file);
            until("no file is left open", () -> archive.filesOpen.get() == 0);
        }
    }

    @Test
    void slowClientsHoldPlacesAndLeavingGivesThemBack() throws Exception {
        // Large enough not to fit into socket buffers: the two stay in the middle of their transfers.
        byte[] large = new byte[64 << 20];
        Segment big = archive.add(FakeArchive.segment(5_000, 6_000, new UUID(1, 2), 0, "aa", false), List.of(), large);
        try (Socket first = ask(big);
                Socket second = ask(big)) {
            HttpResponse<byte[]> third = server.get("/few/" + sealed.id());
            assertThat(third.statusCode()).isEqualTo(503);
            assertThat(header(third, "Retry-After")).isNotEmpty();
            assertThat(new String(third.body(), StandardCharsets.UTF_8)).contains("\"type\":\"/problems/unavailable\"");
            assertThat(first.isClosed() || second.isClosed()).isFalse();
        }
        awaitPlace();
    }

    @ParameterizedTest
    @EnumSource(
            value = Permission.class,
            names = {"VIEW_ARCHIVE", "LISTEN"})
    void aRightThatIsTakenAwayCutsWhatIsBeingSent(Permission lost) throws Exception {
        byte[] large = new byte[64 << 20];
        Segment big = archive.add(FakeArchive.withSound(5_000, 6_000), List.of(), large);
        try (Socket client = ask(big)) {
            guard.missing.add(lost);
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));

            assertThat(client.getInputStream().readAllBytes().length)
                    .as("what was on its way arrives")
                    .isLessThan(large.length / 2);
        }
    }

    @Test
    void aClientThatTakesNothingIsCut() throws Exception {
        byte[] large = new byte[64 << 20];
        Segment big = archive.add(FakeArchive.segment(5_000, 6_000, new UUID(1, 2), 0, "aa", false), List.of(), large);
        try (Socket first = ask(big);
                Socket second = ask(big)) {
            // Not before they have been served: until then it is they who wait for the server.
            server.idleTimeout(300);
            awaitPlace();
            assertThat(first.isClosed() || second.isClosed()).isFalse();
        }
    }

    /** There is a place again. */
    private void awaitPlace() {
        until("a place is free", () -> {
            try {
                return server.get("/few/" + sealed.id(), "Range", "bytes=0-0").statusCode() == 206;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** A client that asks, reads the first bytes and then nothing more. */
    private Socket ask(Segment segment) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", server.port()));
        socket.getOutputStream()
                .write(("GET /media/v1/few/" + segment.id()
                                + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
        return socket;
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
