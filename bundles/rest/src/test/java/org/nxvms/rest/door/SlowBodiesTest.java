// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.AbstractHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The distribution's web server, with a reader that reads on whatever comes, as CXF does before it answers. */
class SlowBodiesTest {
    private static final int LENGTH = 100_000;

    private final AtomicLong nanos = new AtomicLong();
    /** Told of each read. */
    private final BlockingQueue<Integer> reads = new LinkedBlockingQueue<>();

    private final Server server = new Server();
    private ServerConnector connector;

    @BeforeEach
    void start() throws Exception {
        HttpConfiguration config = new HttpConfiguration();
        SlowBodies bodies = new SlowBodies(nanos::get);
        config.addCustomizer((connector, settings, request) -> bodies.pace(request));
        connector = new ServerConnector(server, new HttpConnectionFactory(config));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new AbstractHandler() {
            @Override
            public void handle(String target, Request base, HttpServletRequest request, HttpServletResponse response) {
                response.setStatus(isReadToItsEnd(request) ? 200 : 408);
                base.setHandled(true);
            }
        });
        server.start();
    }

    private boolean isReadToItsEnd(HttpServletRequest request) {
        byte[] some = new byte[LENGTH];
        try (InputStream body = request.getInputStream()) {
            for (int read = body.read(some); read >= 0; read = body.read(some)) {
                reads.add(read);
            }
            return true;
        } catch (IOException cutOff) {
            return false;
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private Socket caller() throws IOException {
        Socket caller = new Socket("127.0.0.1", connector.getLocalPort());
        caller.setSoTimeout(30_000);
        send(caller, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + LENGTH + "\r\n\r\n");
        return caller;
    }

    private static void send(Socket caller, String text) throws IOException {
        caller.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        caller.getOutputStream().flush();
    }

    private void awaitBytes(int wanted) throws InterruptedException {
        for (int got = 0; got < wanted; ) {
            Integer read = reads.poll(30, TimeUnit.SECONDS);
            assertThat(read).as("bytes that arrive").isNotNull();
            got += read;
        }
    }

    private static String status(Socket caller) throws IOException {
        return new String(caller.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }

    @Test
    void aBodyThatTricklesIsCutOffAndItsThreadIsFree() throws Exception {
        try (Socket caller = caller()) {
            send(caller, "{");
            awaitBytes(1);
            nanos.set(SlowBodies.GRACE_NS - 1);
            send(caller, " ");
            awaitBytes(1);
            nanos.set(SlowBodies.GRACE_NS + 1_000_000_000L);
            send(caller, " ");

            assertThat(status(caller)).isEqualTo("HTTP/1.1 408");
        }
    }

    @Test
    void aSlowButSteadyBodyIsReadToItsEnd() throws Exception {
        try (Socket caller = caller()) {
            int sent = 0;
            for (int second = 0; sent < LENGTH; second++) {
                nanos.set(second * 1_000_000_000L);
                int bytes = Math.min(SlowBodies.BODY_BYTES_PER_SECOND_MIN, LENGTH - sent);
                send(caller, " ".repeat(bytes));
                awaitBytes(bytes);
                sent += bytes;
            }

            assertThat(status(caller)).isEqualTo("HTTP/1.1 200");
        }
    }
}
