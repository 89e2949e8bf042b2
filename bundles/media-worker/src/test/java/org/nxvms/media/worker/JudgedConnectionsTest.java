// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.worker.SourceRequest;

/**
 * Where a source is connected to is what the door said: names that only the door knows are reached, by every protocol, and what
 * it refuses is not, whatever leads there. The forbidden place is this machine's second loopback address, where somebody counts
 * who comes.
 */
class JudgedConnectionsTest {
    private static final Pattern TC_URL = Pattern.compile("tcUrl.{3}(rtmp://[\\w./:-]+)", Pattern.DOTALL);
    private static final String HEAD = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:1\n";

    @TempDir
    private Path folder;

    private final MjpegCamera camera = new MjpegCamera();
    private final AtomicInteger strangers = new AtomicInteger();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private ServerSocket forbidden;
    private HttpServer web;
    private FfmpegWorker worker;

    @BeforeEach
    void start() throws Exception {
        forbidden = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.2"));
        thread(() -> {
            while (!forbidden.isClosed()) {
                try {
                    Socket stranger = forbidden.accept();
                    strangers.incrementAndGet();
                    stranger.close();
                } catch (IOException closed) {
                    // Looked at above.
                }
            }
        });
        web = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        web.start();
        worker = new FfmpegWorker(
                new Launcher(
                        () -> Path.of("target/classes").toAbsolutePath(),
                        FfmpegWorkerTest.libraries(folder.resolve("lib")),
                        folder.resolve("work")),
                FfmpegWorkerTest.PATIENT);
    }

    @AfterEach
    void stop() throws IOException {
        worker.close();
        web.stop(0);
        camera.close();
        forbidden.close();
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "judged-connections");
        thread.setDaemon(true);
        thread.start();
    }

    /** Knows what no name server does. */
    private List<InetAddress> door(String host) throws DriverException {
        asked.add(host);
        try {
            if (host.equals("camera.test") || host.equals("127.0.0.1")) {
                return List.of(InetAddress.getByName("127.0.0.1"));
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        throw new DriverException(Kind.CONFIG, "there nobody is connected to");
    }

    private Witness open(String uri) {
        Witness witness = new Witness();
        String scheme = uri.substring(0, uri.indexOf(':'));
        worker.open(
                new SourceRequest(
                        URI.create(uri),
                        Optional.empty(),
                        List.of(scheme, "http", "https", "tcp", "tls", "httpproxy", "crypto"),
                        List.of("mpjpeg", "hls", "mpegts", "flv"),
                        true,
                        false,
                        FfmpegWorkerTest.PATIENCE_MS,
                        FfmpegWorkerTest.PATIENCE_MS),
                this::door,
                witness);
        return witness;
    }

    private void serve(String path, String playlist) {
        web.createContext(path, exchange -> {
            byte[] bytes = playlist.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/vnd.apple.mpegurl");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private void redirect(String path, String to) {
        web.createContext(path, exchange -> {
            exchange.getResponseHeaders().add("Location", to);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
    }

    @Test
    void nothingThatASourceLeadsToIsReachedAgainstTheDoor() throws Exception {
        String there = "127.0.0.2:" + forbidden.getLocalPort();
        redirect("/redirect.m3u8", "http://" + there + "/latest/meta-data");
        redirect("/redirect-tls.m3u8", "https://" + there + "/latest/meta-data");
        redirect("/named.m3u8", "http://forbidden.test:" + forbidden.getLocalPort() + "/");
        serve("/segment.m3u8", HEAD + "#EXTINF:2,\nhttp://" + there + "/segment.ts\n");
        serve("/key.m3u8", HEAD + "#EXT-X-KEY:METHOD=AES-128,URI=\"https://" + there + "/k\"\n#EXTINF:2,\na.ts\n");
        serve("/variant.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\nhttp://" + there + "/variant.m3u8\n");
        Map<String, Witness> refused = new LinkedHashMap<>();
        for (String path : List.of(
                "/redirect.m3u8", "/redirect-tls.m3u8", "/named.m3u8", "/segment.m3u8", "/key.m3u8", "/variant.m3u8")) {
            refused.put(path, open(web(path)));
        }
        for (Map.Entry<String, Witness> each : refused.entrySet()) {
            assertThat(each.getValue().awaitEnd()).as(each.getKey()).satisfies(end -> {
                assertThat(end.kind()).isEqualTo(Kind.CONFIG);
                assertThat(end.cause()).isEqualTo(GapCause.CAMERA_UNREACHABLE);
                assertThat(end.detail()).contains("cannot be opened", "there nobody is connected to");
            });
        }
        assertThat(asked).contains("127.0.0.2", "forbidden.test");
        assertThat(strangers).as("connections to the forbidden place").hasValue(0);
    }

    /** Protocols that need no name and ask no proxy, and the one that is a way around it. */
    @Test
    void whatIsNoHttpIsNotOpenedWhereverItIsNamed() throws Exception {
        String there = "127.0.0.2:" + forbidden.getLocalPort();
        List<String> places = List.of("file:///etc/passwd", "httpproxy://" + there + "/a.ts", "tcp://" + there);
        List<Witness> witnesses = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            serve("/led" + i + ".m3u8", HEAD + "#EXTINF:2,\n" + places.get(i) + "\n");
            witnesses.add(open(web("/led" + i + ".m3u8")));
        }
        redirect("/led.m3u8", "httpproxy://" + there + "/a.ts");
        witnesses.add(open(web("/led.m3u8")));
        for (Witness witness : witnesses) {
            assertThat(witness.awaitEnd().kind()).isNotEqualTo(Kind.CLOSED);
            assertThat(witness.units).isEmpty();
        }
        assertThat(witnesses.get(1).awaitEnd().detail()).contains("not fetched by HTTP");
        assertThat(strangers).as("connections to the forbidden place").hasValue(0);
    }

    private String web(String path) {
        return "http://camera.test:" + web.getAddress().getPort() + path;
    }

    @Test
    void aHostThatOnlyTheDoorKnowsIsReachedAndToldItsName() throws Exception {
        Witness pictures = open(camera.uri("/video").toString().replace("127.0.0.1", "camera.test"));
        pictures.next();
        assertThat(asked).containsOnly("camera.test");

        for (String scheme : List.of("https", "rtmps")) {
            try (ServerSocket tls = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                open(scheme + "://camera.test:" + tls.getLocalPort() + "/live/cam");
                assertThat(firstBytes(tls, 250))
                        .as("the name within the TLS greeting of " + scheme)
                        .contains("camera.test");
            }
        }
        try (DatagramSocket srt = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            srt.setSoTimeout(FfmpegWorkerTest.PATIENCE_MS);
            open("srt://camera.test:" + srt.getLocalPort());
            srt.receive(new DatagramPacket(new byte[1500], 1500));
        }
        assertThat(asked).containsOnly("camera.test");
    }

    @Test
    void anRtmpServerIsToldItsNameAsIfItWereLookedUpByFfmpeg() throws Exception {
        List<String> told = new ArrayList<>();
        for (String host : List.of("127.0.0.1", "camera.test")) {
            try (ServerSocket rtmp = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                open("rtmp://" + host + ":" + rtmp.getLocalPort() + "/site/gate/cam?key=1");
                told.add(tcUrl(rtmp).replace(":" + rtmp.getLocalPort(), ""));
            }
        }
        assertThat(told).containsExactly("rtmp://127.0.0.1/site/gate", "rtmp://camera.test/site/gate");
    }

    private static String firstBytes(ServerSocket server, int length) throws IOException {
        try (Socket client = accepted(server)) {
            return new String(client.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
        }
    }

    private static Socket accepted(ServerSocket server) throws IOException {
        server.setSoTimeout(FfmpegWorkerTest.PATIENCE_MS);
        Socket client = server.accept();
        client.setSoTimeout(FfmpegWorkerTest.PATIENCE_MS);
        return client;
    }

    /** Shakes hands (Adobe's RTMP 1.0, 5.2) and reads what the client wants to be connected to. */
    private static String tcUrl(ServerSocket server) throws IOException {
        try (Socket client = accepted(server)) {
            InputStream in = client.getInputStream();
            in.readNBytes(1 + 1536);
            // Version 3; a server of version 0 proves nothing about itself.
            client.getOutputStream().write(3);
            client.getOutputStream().write(new byte[2 * 1536]);
            in.readNBytes(1536);
            StringBuilder said = new StringBuilder();
            Matcher url = TC_URL.matcher(said);
            byte[] bytes = new byte[4096];
            int length = in.read(bytes);
            while (length >= 0) {
                // Chunks of 128 bytes are parted by one byte.
                said.append(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
                if (said.indexOf("tcUrl") >= 0
                        && said.length() > said.indexOf("tcUrl") + 100
                        && url.reset().find()) {
                    return url.group(1);
                }
                length = in.read(bytes);
            }
            throw new AssertionError("no address in " + said);
        }
    }

    @Test
    void whoIsNotThereIsSaidAsEver() throws Exception {
        // A port that is taken, so that nobody else opens it, and at which nobody listens.
        try (Socket nobody = new Socket()) {
            nobody.bind(new InetSocketAddress("127.0.0.1", 0));
            for (String scheme : List.of("http", "https")) {
                String uri = scheme + "://camera.test:" + nobody.getLocalPort() + "/";
                assertThat(open(uri).awaitEnd()).satisfies(end -> {
                    assertThat(end.kind()).isEqualTo(Kind.UNREACHABLE);
                    assertThat(end.detail()).contains("the connection was refused");
                });
            }
        }
        assertThat(asked.poll(1, TimeUnit.SECONDS)).isEqualTo("camera.test");
    }
}
