// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;

/**
 * An HTTP camera of the old kind: {@code /video} sends one JPEG after the other as multipart, {@code /locked} wants the user
 * {@code viewer} with the password {@code s3cret/@:}, {@code /text} is no video, {@code /silent} sends no picture.
 */
final class MjpegCamera implements AutoCloseable {
    static final String PASSWORD = "s3cret/@:";
    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString(("viewer:" + PASSWORD).getBytes(StandardCharsets.UTF_8));

    final List<byte[]> pictures = new ArrayList<>();
    private final HttpServer server;

    MjpegCamera() {
        try {
            for (int i = 0; i < 25; i++) {
                pictures.add(picture(i));
            }
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "mjpeg-camera");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/video", this::video);
        server.createContext("/locked", exchange -> {
            if (LOGIN.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                video(exchange);
            } else {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"camera\"");
                answer(exchange, 401, "no");
            }
        });
        server.createContext("/text", exchange -> answer(exchange, 200, "Hello, I am a printer. ".repeat(1000)));
        server.createContext("/silent", exchange -> {
            begin(exchange);
            exchange.getResponseBody().flush();
        });
        server.start();
    }

    private static byte[] picture(int number) throws IOException {
        BufferedImage image = new BufferedImage(160, 120, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(Color.getHSBColor(number / 25f, 1, 1));
        pen.fillRect(0, 0, 160, 120);
        pen.setColor(Color.WHITE);
        pen.fillRect(number * 6, 20, 10, 80);
        pen.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", jpeg);
        return jpeg.toByteArray();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static OutputStream begin(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "multipart/x-mixed-replace; boundary=frame");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private void video(HttpExchange exchange) throws IOException {
        try (OutputStream out = begin(exchange)) {
            for (int i = 0; i < 10_000; i++) {
                byte[] jpeg = pictures.get(i % pictures.size());
                out.write(("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + jpeg.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(jpeg);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                // A camera's pace, not a wait for something.
                TimeUnit.MILLISECONDS.sleep(40);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
