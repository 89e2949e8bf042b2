// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A web server with what cameras and encoders offer over HTTP: {@code /video} a film as Motion JPEG, ten pictures a second, to
 * who knows the password; {@code /files/} a folder, for playlists; {@code /to?ADDRESS} leads there.
 */
final class WebSources implements AutoCloseable {
    static final String USER = "viewer";
    static final String PASSWORD = "pa55/@:word";
    private static final int PICTURES_MAX = 100_000;
    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<byte[]> pictures;
    private final Path folder;

    /** @param film JPEGs one behind the other */
    WebSources(Path film, Path folder) throws IOException {
        this.pictures = split(Files.readAllBytes(film));
        this.folder = folder;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/video", this::video);
        server.createContext("/files/", this::file);
        server.createContext("/to", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", exchange.getRequestURI().getQuery());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    private static List<byte[]> split(byte[] film) {
        List<byte[]> pictures = new ArrayList<>();
        int start = 0;
        for (int i = 1; i < film.length; i++) {
            if ((film[i - 1] & 0xFF) == 0xFF && (film[i] & 0xFF) == 0xD9) {
                pictures.add(java.util.Arrays.copyOfRange(film, start, i + 1));
                start = i + 1;
            }
        }
        return pictures;
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void video(HttpExchange exchange) throws IOException {
        if (!LOGIN.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"camera\"");
            exchange.sendResponseHeaders(401, -1);
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", "multipart/x-mixed-replace; boundary=picture");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < PICTURES_MAX; i++) {
                byte[] jpeg = pictures.get(i % pictures.size());
                out.write(("--picture\r\nContent-Type: image/jpeg\r\nContent-Length: " + jpeg.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(jpeg);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                // A camera's pace, not a wait for something.
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void file(HttpExchange exchange) throws IOException {
        Path file = folder.resolve(exchange.getRequestURI().getPath().substring("/files/".length()));
        if (!Files.isRegularFile(file)) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        byte[] bytes = Files.readAllBytes(file);
        exchange.sendResponseHeaders(200, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
