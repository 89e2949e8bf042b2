// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.test.kit.Awaiting;

/** What the simulated camera cannot do: end the session in the midst of its own answer. */
class AxisAudioTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer camera;

    @BeforeEach
    void start() throws IOException {
        camera = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        camera.setExecutor(threads);
        camera.start();
    }

    @AfterEach
    void stop() {
        camera.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aTalkThatTheCameraAgreesToAsItsSessionClosesIsOver() throws Exception {
        AxisHttp http = new AxisHttp(new DeviceHttp(
                HttpClient.newBuilder().executor(threads).build(),
                URI.create("http://127.0.0.1:" + camera.getAddress().getPort()),
                Optional.empty(),
                30_000));
        AxisAudio audio = new AxisAudio(http);
        AtomicInteger hearing = new AtomicInteger();
        camera.createContext("/", exchange -> {
            if (exchange.getRequestHeaders().getFirst("Content-length").equals("0")) {
                // The session closes what was begun in it before its connection.
                audio.close();
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            } else {
                hearing.incrementAndGet();
                hear(exchange);
                hearing.decrementAndGet();
            }
        });

        assertThatThrownBy(() -> audio.talk(new AudioOut.Format(AudioOut.Codec.PCMU, 8_000, 1)))
                .isInstanceOfSatisfying(DriverException.class, closed -> assertThat(closed.kind())
                        .isEqualTo(DriverException.Kind.CLOSED));
        Awaiting.until("the camera is no longer talked to", () -> hearing.get() == 0);
    }

    /** Returns when no more sound comes. */
    private static void hear(HttpExchange exchange) {
        try {
            exchange.getRequestBody().readAllBytes();
        } catch (IOException brokenOff) {
            // That is the end of a talk.
        }
        exchange.close();
    }
}
