// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.servlet.DispatcherType;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.nxvms.media.StreamHub;
import org.nxvms.test.kit.SilentContainer;
import org.nxvms.test.kit.Whiteboard;

/** The servlet on the distribution's own web server, one camera, and a player's requests. The pump's clock is the test's. */
abstract class HlsScene {
    static final int SECONDS_MAX = 60;

    final StreamHub hub = Stage.hub();
    final Services.Guard guard = new Services.Guard();
    final Services.Registry registry = new Services.Registry();
    final HttpClient client = HttpClient.newHttpClient();
    final AtomicLong nowMs = new AtomicLong(1_000_000);
    final HlsServlet servlet = new HlsServlet(hub, guard, registry.service(), Stage.LIMITS, nowMs::get);
    final SilentContainer container = new SilentContainer();
    final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    final Stage.Camera camera = new Stage.Camera(hub, 50, 20_000, 40_000);

    @BeforeEach
    void start() throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath(HlsContext.PATH);
        HlsContext security = new HlsContext(guard, Duration.ofSeconds(SECONDS_MAX));
        security.serve(Whiteboard.bundle(() -> {}), servlet, HlsContext.ALL);
        FilterHolder told = new FilterHolder(container);
        told.setAsyncSupported(true);
        context.addFilter(told, "/*", EnumSet.of(DispatcherType.REQUEST));
        FilterHolder holder = new FilterHolder(Whiteboard.door(security));
        holder.setAsyncSupported(true);
        context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
        ServletHolder each = new ServletHolder(servlet);
        each.setAsyncSupported(true);
        context.addServlet(each, "/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        servlet.close();
        server.stop();
    }

    int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    HttpRequest request(String path, String method) {
        String base = "http://127.0.0.1:" + port();
        return HttpRequest.newBuilder(URI.create(base + HlsContext.PATH + "/" + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer good")
                .build();
    }

    CompletableFuture<HttpResponse<byte[]>> ask(String path) {
        return client.sendAsync(request(Stage.CAMERA + "/" + path, "GET"), BodyHandlers.ofByteArray());
    }

    /** A request that the pump holds, and no other: one that is answered is counted for a moment longer. */
    CompletableFuture<HttpResponse<byte[]>> held(String path) {
        await(() -> servlet.pump().waiting() == 0);
        CompletableFuture<HttpResponse<byte[]>> request = ask(path);
        await(() -> servlet.pump().waiting() == 1);
        return request;
    }

    HttpResponse<byte[]> get(String path) throws Exception {
        return ask(path).get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    PlaylistRules.Playlist playlist(String query) throws Exception {
        HttpResponse<byte[]> answer = get("index.m3u8" + query);
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.apple.mpegurl");
        assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        return new PlaylistRules().read(text(answer));
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    static void await(BooleanSupplier state) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (!state.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not within a minute").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    static void assertProblem(HttpResponse<byte[]> answer, int status, String word) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(text(answer)).contains(word);
    }
}
