// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.servlet.DispatcherType;
import javax.servlet.Filter;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.test.kit.Awaiting;
import org.nxvms.test.kit.Whiteboard;

/**
 * The context while its servlet comes and goes, on the distribution's own web server: players take 404 for the end of a stream,
 * and come again after 503.
 */
class HlsContextTest {
    private static final String PLAYLIST = "/" + Stage.CAMERA + "/index.m3u8";
    private static final List<String> ADDRESSES = List.of(PLAYLIST, "/x", "/");

    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final ServletContextHandler context = new ServletContextHandler();
    private final HlsContext security = new HlsContext(new Services.Guard(), Duration.ofMinutes(10));
    private final ServletHolder servlet = new ServletHolder(new HttpServlet() {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    });

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    /** @param way what lies between the context and its servlet */
    private void start(Filter way) throws Exception {
        context.setContextPath(HlsContext.PATH);
        for (Filter filter : List.of(Whiteboard.door(security), way)) {
            context.addFilter(new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST));
        }
        context.addServlet(servlet, "/*");
        server.setHandler(context);
        server.start();
    }

    private HttpRequest request(String path, String token) {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + HlsContext.PATH + path))
                .header("Authorization", "Bearer " + token)
                .build();
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return HttpClient.newHttpClient().send(request(path, token), BodyHandlers.ofString());
    }

    private void assertToldToComeAgain() throws Exception {
        for (String address : ADDRESSES) {
            HttpResponse<String> answer = get(address, "good");
            assertThat(answer.statusCode()).as(address).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).as(address).contains("1");
            assertThat(answer.body()).as(address).contains("Try again in a second");
            assertThat(get(address, "bad").statusCode()).as(address).isEqualTo(401);
        }
    }

    @Test
    void whileItsServletIsNotThereAPlayerIsToldToComeAgain() throws Exception {
        start((request, response, chain) -> chain.doFilter(request, response));
        assertToldToComeAgain();
        for (int exchange = 0; exchange < 2; exchange++) {
            Runnable away = security.serve(Whiteboard.bundle(() -> {}), new Nothing(), HlsContext.ALL);
            for (String address : ADDRESSES) {
                assertThat(get(address, "good").statusCode()).as(address).isEqualTo(204);
            }
            away.run();
            assertToldToComeAgain();
        }
    }

    /** The web server says 404 to who is on the way to a servlet that it stops. */
    @Test
    void theServletGoesWhenNobodyIsOnTheWayToIt() throws Exception {
        CountDownLatch onTheWay = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean isHeld = new AtomicBoolean();
        start((request, response, chain) -> {
            if (isHeld.compareAndSet(false, true)) {
                onTheWay.countDown();
                await(goOn);
            }
            chain.doFilter(request, response);
        });
        AtomicBoolean stopped = new AtomicBoolean();
        Runnable away = security.serve(
                Whiteboard.bundle(() -> {
                    stopped.set(true);
                    stopQuietly(servlet);
                }),
                new Nothing(),
                HlsContext.ALL);
        CompletableFuture<HttpResponse<String>> player =
                HttpClient.newHttpClient().sendAsync(request(PLAYLIST, "good"), BodyHandlers.ofString());
        await(onTheWay);
        CompletableFuture<Void> going = CompletableFuture.runAsync(away);
        Awaiting.until("who comes now is refused", () -> isRefused(PLAYLIST));

        assertThat(stopped).as("one is on the way").isFalse();
        goOn.countDown();

        assertThat(player.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
        going.get(60, TimeUnit.SECONDS);
        assertThat(stopped).isTrue();
        assertToldToComeAgain();
    }

    private boolean isRefused(String path) {
        try {
            return get(path, "good").statusCode() == 503;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void stopQuietly(ServletHolder holder) {
        try {
            holder.stop();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What is registered; the server's own holder has the servlet of this test. */
    private static final class Nothing extends HttpServlet {
        private static final long serialVersionUID = 1L;
    }
}
