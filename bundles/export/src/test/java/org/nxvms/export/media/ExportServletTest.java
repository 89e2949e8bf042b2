// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.nxvms.export.job.ExportScene.GATE;
import static org.nxvms.export.job.ExportScene.SECOND_US;
import static org.nxvms.export.job.ExportScene.T0;
import static org.nxvms.export.job.ExportScene.YARD;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.DispatcherType;
import net.lingala.zip4j.ZipFile;
import net.lingala.zip4j.exception.ZipException;
import net.lingala.zip4j.model.FileHeader;
import net.lingala.zip4j.model.enums.AesKeyStrength;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.export.job.ExportScene;
import org.nxvms.export.job.Exports;
import org.nxvms.export.rest.FakeGuard;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportOrder.Form;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.test.kit.Awaiting;
import org.nxvms.test.kit.NotedTrail;
import org.nxvms.test.kit.SilentContainer;
import org.nxvms.test.kit.Whiteboard;

/** A package is downloaded, on the distribution's web server. */
class ExportServletTest {
    @TempDir
    Path folder;

    private final FakeGuard guard = new FakeGuard();
    private final NotedTrail trail = new NotedTrail();
    private final HttpClient client = HttpClient.newHttpClient();
    private final SilentContainer container = new SilentContainer();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private ExportScene scene;
    private String path;
    private byte[] zip;
    /** The package on the disk. */
    private Path large;

    /** How often rights were looked after, at {@code /lost}: once for each of two cameras as it begins. */
    private final AtomicInteger asked = new AtomicInteger();

    private ExportServlet exporting;

    /** Takes the servlet away. */
    private Runnable away;

    @BeforeEach
    void start() throws Exception {
        scene = new ExportScene(folder);
        scene.record(StreamId.main(GATE), T0, 10);
        scene.record(StreamId.main(YARD), T0, 10);
        Exports exports = scene.start();
        ExportJob job = scene.job(Form.MP4, T0, T0 + 10 * SECOND_US, GATE, YARD);
        zip = Files.readAllBytes(scene.make(exports, job));
        path = "/" + job.id();
        large = exports.whole(job.id()).orElseThrow();
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath(ExportContext.PATH);
        ExportContext security = new ExportContext(guard);
        exporting = new ExportServlet(exports, guard, trail, System::nanoTime);
        away = security.serve(Whiteboard.bundle(() -> {}), exporting, ExportContext.ALL);
        FilterHolder told = new FilterHolder(container);
        told.setAsyncSupported(true);
        context.addFilter(told, "/*", EnumSet.of(DispatcherType.REQUEST));
        FilterHolder holder = new FilterHolder(Whiteboard.door(security));
        holder.setAsyncSupported(true);
        context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
        ServletHolder servlet = new ServletHolder(exporting);
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/*");
        // Its clock stands still until the right goes, and is then far ahead.
        ServletHolder lost = new ServletHolder(new ExportServlet(exports, guard, trail, () -> {
            boolean isAsked = asked.incrementAndGet() > 2;
            if (isAsked) {
                guard.missing.add(Permission.VIEW_ARCHIVE);
            }
            return isAsked ? TimeUnit.MINUTES.toNanos(1) : 0;
        }));
        lost.setAsyncSupported(true);
        context.addServlet(lost, "/lost/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        scene.close();
    }

    private HttpResponse<byte[]> send(String method, String where, String... headers) throws Exception {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + ExportContext.PATH + where))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + FakeGuard.TOKEN);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void whileItIsExchangedWhoDownloadsIsToldToComeAgain() throws Exception {
        assertThat(send("HEAD", path).statusCode()).isEqualTo(200);
        away.run();
        HttpResponse<byte[]> refused = send("GET", path, "Range", "bytes=10-");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void itIsSentWholeAndFromWhereADownloadBrokeOffAndTheAuditHasBoth() throws Exception {
        HttpResponse<byte[]> whole = send("GET", path);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(zip);
        assertThat(whole.headers().firstValue("Content-Disposition").orElse(""))
                .startsWith("attachment; filename=\"nxvms-export-");
        String etag = whole.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> rest = send("GET", path + ".zip", "Range", "bytes=1000-", "If-Range", etag);
        assertThat(rest.statusCode()).isEqualTo(206);
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(zip, 1000, zip.length));
        assertThat(send("HEAD", path).headers().firstValue("Content-Length")).contains("" + zip.length);
        assertThat(send("GET", path, "If-None-Match", etag).statusCode()).isEqualTo(304);
        HttpResponse<byte[]> behind = send("GET", path, "Range", "bytes=" + zip.length + "-");
        assertThat(behind.statusCode()).isEqualTo(416);
        assertThat(behind.headers().firstValue("Content-Range")).contains("bytes */" + zip.length);
        assertThat(behind.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(new String(behind.body(), StandardCharsets.UTF_8)).contains("bytes=" + zip.length + "-");
        assertThat(send("DELETE", path).statusCode()).isEqualTo(405);
        assertThat(trail.notes)
                .extracting(AuditNote::action, AuditNote::done, AuditNote::subject, note -> note.after()
                        .get("fromByte"))
                .containsExactly(
                        tuple("export.downloaded", true, "export" + path, "0"),
                        tuple("export.downloaded", true, "export" + path, "1000"));
    }

    @Test
    void aPackageIsClosedThoughTheContainerTellsNothing() throws Exception {
        container.silence();
        assertThat(send("GET", path).body()).isEqualTo(zip);
        Awaiting.until("its place is given back", () -> exporting.sending() == 0);
    }

    /** Each of them has a place that others may want. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoTakesHardlyAnythingIsBrokenOff(boolean locked) throws Exception {
        long size = 64L << 20;
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(size);
        }
        byte[] body = "{\"password\":\"four horses in a row\"}".getBytes(StandardCharsets.US_ASCII);
        ServerConnector door = (ServerConnector) server.getConnectors()[0];
        // Not by this, which who takes a little now and then gets around.
        door.setIdleTimeout(TimeUnit.MINUTES.toMillis(10));
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4 << 10);
            slow.setSoTimeout(60_000);
            slow.connect(new InetSocketAddress("127.0.0.1", door.getLocalPort()));
            String head = (locked ? "POST " : "GET ") + ExportContext.PATH + path
                    + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + FakeGuard.TOKEN + "\r\n"
                    + (locked ? "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n" : "")
                    + "\r\n";
            slow.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            if (locked) {
                slow.getOutputStream().write(body);
            }
            assertThat(slow.getInputStream().readNBytes(9)).startsWith("HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII));
            // It takes some at first, up to what buffers hold; from then on nothing.
            Awaiting.until("it is broken off", () -> {
                exporting.pace().look();
                return exporting.sending() == 0;
            });
            long came = 0;
            byte[] some = new byte[1 << 16];
            try {
                for (int read = 0; read >= 0; read = slow.getInputStream().read(some)) {
                    came += read;
                }
            } catch (SocketException reset) {
                // As good as an end: it is torn.
            }
            assertThat(came).isLessThan(size);
        }
    }

    @Test
    void whoLostARightOnOneOfItsCamerasIsRefusedAndTheAuditKnows() throws Exception {
        String none = "/" + UUID.randomUUID();
        byte[] nothing = send("GET", none).body();
        guard.missing.add(Permission.EXPORT);
        assertThat(send("GET", path).statusCode()).isEqualTo(403);
        assertThat(send("GET", none).statusCode()).isEqualTo(403);
        guard.missing.clear();
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertThat(send("GET", path).statusCode()).isEqualTo(404);
        assertThat(send("GET", path).body()).isEqualTo(nothing);
        guard.missing.clear();
        guard.hidden.add(YARD);
        assertThat(send("GET", path).statusCode()).isEqualTo(404);
        assertThat(trail.notes).extracting(AuditNote::done).containsExactly(false, false, false, false);
        guard.hidden.clear();
        assertThat(send("GET", path, "Authorization", "Bearer bad").statusCode())
                .isEqualTo(401);
        assertThat(send("GET", "/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(send("GET", "/x").statusCode()).isEqualTo(404);
        assertThat(send("GET", path).statusCode()).isEqualTo(200);
    }

    private HttpResponse<byte[]> lock(String where, String body) throws Exception {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + ExportContext.PATH + where))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .header("Authorization", "Bearer " + FakeGuard.TOKEN)
                        .header("Content-Type", "application/json")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void aPasswordOpensAZipInWhichThePackageIsAsItWas() throws Exception {
        HttpResponse<byte[]> answer = lock(path, "{\"password\":\"Open sesame 7\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        Path locked = Files.write(folder.resolve("locked.zip"), answer.body());
        try (ZipFile right = new ZipFile(locked.toFile(), "Open sesame 7".toCharArray());
                ZipFile wrong = new ZipFile(locked.toFile(), "Open sesame 8".toCharArray())) {
            FileHeader entry = right.getFileHeaders().get(0);
            assertThat(right.getFileHeaders()).hasSize(1);
            assertThat(entry.getFileName()).startsWith("nxvms-export-").endsWith(".zip");
            assertThat(entry.getAesExtraDataRecord().getAesKeyStrength()).isEqualTo(AesKeyStrength.KEY_STRENGTH_256);
            assertThat(right.getInputStream(entry).readAllBytes()).isEqualTo(zip);
            assertThatThrownBy(() -> wrong.getInputStream(entry)).isInstanceOf(ZipException.class);
        }
        assertThat(Collections.indexOfSubList(bytes(answer.body()), bytes(Arrays.copyOf(zip, 64))))
                .as("the package in the clear")
                .isNegative();
        assertThat(trail.notes).singleElement().satisfies(note -> {
            assertThat(note.after()).containsEntry("locked", "true");
            assertThat(note.toString()).doesNotContain("sesame");
        });
    }

    /** Half of a ZIP is none, but a browser shows a download that ended well. */
    @Test
    void withAPasswordADownloadThatLosesItsRightEndsAsAFailedOne() {
        assertThatThrownBy(() -> lock("/lost" + path, "{\"password\":\"Open sesame 7\"}"))
                .isInstanceOf(IOException.class);
        assertThat(guard.missing).contains(Permission.VIEW_ARCHIVE);
    }

    private static List<Byte> bytes(byte[] from) {
        List<Byte> all = new ArrayList<>();
        for (byte one : from) {
            all.add(one);
        }
        return all;
    }

    @Test
    void aPasswordThatCannotWorkIsNamedAndWhoMayNotHaveThePackageIsNotAskedForOne() throws Exception {
        for (String body : List.of("", "{}", "{\"password\":7}", "{\"password\":\"sesame")) {
            assertThat(lock(path, body).statusCode()).as(body).isEqualTo(400);
        }
        for (String body : List.of("{\"password\":\"short\"}", "{\"password\":\"Öffne dich\"}")) {
            HttpResponse<byte[]> answer = lock(path, body);
            assertThat(answer.statusCode()).as(body).isEqualTo(422);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                    .contains("\"field\":\"password\"")
                    .doesNotContain("short\"", "dich");
        }
        assertThat(lock(path, "{\"password\":\"" + "x".repeat(2_000) + "\"}").statusCode())
                .isEqualTo(413);
        guard.hidden.add(YARD);
        assertThat(lock(path, "{}").statusCode()).isEqualTo(404);
    }
}
