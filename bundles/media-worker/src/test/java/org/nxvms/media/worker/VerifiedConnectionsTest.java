// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.worker.SourceRequest;

/**
 * A playlist over plain HTTP that leads to a host whose certificate nobody signed: what is there is fetched only where the
 * camera's setting says that certificates do not matter.
 */
class VerifiedConnectionsTest {
    private static final char[] PASSWORD = "for-this-test".toCharArray();

    @TempDir
    private Path folder;

    private final BlockingQueue<String> fetched = new LinkedBlockingQueue<>();
    private HttpServer plain;
    private HttpsServer untrusted;
    private FfmpegWorker worker;

    @BeforeEach
    void start() throws Exception {
        untrusted = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        untrusted.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        untrusted.createContext("/", exchange -> {
            fetched.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        untrusted.start();
        String host = "https://127.0.0.1:" + untrusted.getAddress().getPort();
        String head = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:1\n";
        plain = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/segment.m3u8", head + "#EXTINF:2,\n" + host + "/segment.ts\n");
        serve("/key.m3u8", head + "#EXT-X-KEY:METHOD=AES-128,URI=\"" + host + "/key\"\n#EXTINF:2,\nsegment.ts\n");
        serve("/variant.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n" + host + "/variant.m3u8\n");
        plain.createContext("/redirect.m3u8", exchange -> {
            exchange.getResponseHeaders().add("Location", host + "/redirect.m3u8");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        plain.start();
        worker = new FfmpegWorker(
                new Launcher(
                        () -> Path.of("target/classes").toAbsolutePath(),
                        FfmpegWorkerTest.libraries(folder.resolve("lib")),
                        folder.resolve("work")),
                FfmpegWorkerTest.PATIENT);
    }

    @AfterEach
    void stop() {
        worker.close();
        plain.stop(0);
        untrusted.stop(0);
    }

    private void serve(String path, String playlist) {
        plain.createContext(path, exchange -> {
            byte[] bytes = playlist.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/vnd.apple.mpegurl");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private SSLContext selfSigned() throws Exception {
        Path file = folder.resolve("untrusted.p12");
        int made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "untrusted",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start()
                .waitFor();
        assertThat(made).as("keytool").isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private Witness open(String playlist, boolean verify, int timeoutMs) {
        Witness witness = new Witness();
        worker.open(
                new SourceRequest(
                        URI.create("http://127.0.0.1:" + plain.getAddress().getPort() + playlist),
                        Optional.empty(),
                        List.of("http", "https", "tcp", "tls", "httpproxy", "crypto"),
                        List.of("hls", "mpegts"),
                        verify,
                        false,
                        timeoutMs,
                        timeoutMs),
                Witness.ANYWHERE,
                witness);
        return witness;
    }

    /** Side by side. */
    private List<Witness> openAll(boolean verify, int timeoutMs) {
        return Stream.of("/segment.m3u8", "/key.m3u8", "/variant.m3u8", "/redirect.m3u8")
                .map(playlist -> open(playlist, verify, timeoutMs))
                .toList();
    }

    @Test
    void whatAPlaylistOrARedirectLeadsToIsVerifiedLikeTheFirstAddress() throws Exception {
        for (Witness witness : openAll(true, 3_000)) {
            witness.awaitEnd();
        }
        assertThat(fetched).as("from a host that nobody vouches for").isEmpty();

        openAll(false, FfmpegWorkerTest.PATIENCE_MS);
        Set<String> missing = new HashSet<>(Set.of("/segment.ts", "/key", "/variant.m3u8", "/redirect.m3u8"));
        while (!missing.isEmpty()) {
            String path = fetched.poll(FfmpegWorkerTest.PATIENCE_MS, TimeUnit.MILLISECONDS);
            assertThat(path).as("where that was chosen, besides %s", missing).isNotNull();
            missing.remove(path);
        }
    }
}
