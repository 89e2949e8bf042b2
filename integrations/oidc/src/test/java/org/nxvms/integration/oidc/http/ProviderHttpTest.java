// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider that is slow, endless, elsewhere or no provider at all costs a bounded time and no more. */
class ProviderHttpTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch done = new CountDownLatch(1);
    private HttpServer server;
    private String base;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", base + "/whole");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/whole", exchange -> {
            byte[] body = "{\"a\":{\"b\":1}}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[8192];
            try {
                while (done.getCount() > 0) {
                    exchange.getResponseBody().write(piece);
                }
            } catch (IOException hungUp) {
                exchange.close();
            }
        });
        server.createContext("/silent", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        done.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private static ProviderHttp.Answer get(String address, Duration limit) throws IOException {
        try (ProviderHttp http = new ProviderHttp(limit)) {
            return http.get(URI.create(address), Optional.empty());
        }
    }

    @Test
    void anAnswerIsRead() throws Exception {
        assertThat(get(base + "/whole", Duration.ofSeconds(30))
                        .json()
                        .at("/a/b")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aRedirectIsNotFollowed() {
        assertThatThrownBy(() -> get(base + "/moved", Duration.ofSeconds(30)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("redirect (302)");
    }

    @Test
    void anEndlessAnswerEnds() {
        assertThatThrownBy(() -> get(base + "/endless", Duration.ofSeconds(30)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("longer than");
    }

    @Test
    void whoIsStoppedWaitsForNoAnswer() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server.createContext("/never", exchange -> {
            asked.countDown();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        ProviderHttp http = new ProviderHttp(Duration.ofHours(1));
        Future<ProviderHttp.Answer> answer =
                threads.submit(() -> http.get(URI.create(base + "/never"), Optional.empty()));
        asked.await();
        http.close();
        assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("has been stopped");
    }

    @Test
    void oneTimeLimitHoldsForTheWholeAnswer() {
        assertThatThrownBy(() -> get(base + "/silent", Duration.ofMillis(500)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("within 500 ms");
    }

    @Test
    void nothingIsSaidInTheClearToAnotherMachine() {
        for (String address : new String[] {
            "http://login.example/",
            "http://127.0.0.1@login.example/",
            "ftp://127.0.0.1/",
            "https:opaque",
            "/relative",
            "http://127.0.0.1.login.example/",
            "https://user:secret@login.example/"
        }) {
            assertThatThrownBy(() -> get(address, Duration.ofSeconds(1)))
                    .as(address)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not https");
        }
    }

    @Test
    void deepAndDoubleJsonIsRefused() {
        String deep = "[".repeat(50) + "]".repeat(50);
        for (String body : new String[] {"{\"a\":" + deep + "}", "{\"a\":1,\"a\":2}", "[]", "", "{} {}", "null"}) {
            ProviderHttp.Answer answer = new ProviderHttp.Answer(200, body.getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(answer::json).as(body).isInstanceOf(IOException.class);
        }
    }
}
