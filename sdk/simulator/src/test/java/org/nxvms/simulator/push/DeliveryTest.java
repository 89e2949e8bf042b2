// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device that is switched off, or put away, delivers no more, whatever it was about to. */
class DeliveryTest {
    private static final byte[] BODY = "motion 0 on\n".getBytes(StandardCharsets.US_ASCII);

    private ServerSocket server;
    private URI address;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/in");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** {@return one that has sent all it wants to say} */
    private static Socket read(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder said = new StringBuilder();
        while (said.indexOf("motion 0 on\n") < 0) {
            int next = in.read();
            assertThat(next).as("what came after " + said).isNotNegative();
            said.append((char) next);
        }
        return socket;
    }

    @Test
    void whoEndsItWaitsForNoAnswer() throws Exception {
        Delivery delivery = new Delivery(address, "text/plain", () -> {});
        FutureTask<Boolean> posting = new FutureTask<>(() -> {
            delivery.post(BODY);
            return true;
        });
        new Thread(posting).start();
        try (Socket silent = read(server.accept())) {
            delivery.end();
            assertThat(silent.getInputStream().read()).as("it hangs up").isEqualTo(-1);
            assertThatThrownBy(posting::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(InterruptedException.class);
        }
        assertThatThrownBy(() -> delivery.post(BODY)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aDeviceThatWentOffTriesNoMore() throws Exception {
        AtomicBoolean off = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Boolean> refused = CompletableFuture.supplyAsync(() -> {
            try (Socket socket = read(server.accept());
                    OutputStream out = socket.getOutputStream()) {
                off.set(true);
                out.write("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return true;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Delivery delivery = new Delivery(address, "text/plain", () -> {
            asked.incrementAndGet();
            if (off.get()) {
                throw new IOException("the device went off");
            }
        });
        assertThatThrownBy(() -> delivery.post(BODY))
                .isInstanceOf(IOException.class)
                .hasMessage("the device went off");
        assertThat(refused.get()).isTrue();
        assertThat(asked).as("once a try").hasValue(2);
    }
}
