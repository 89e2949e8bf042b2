// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.kit.http.DeviceHttp.Ask;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** A device that keeps a connection after its answer, and closes it when something more comes on it. */
class KeptConnectionsTest {
    private static final int LONG_MS = 60_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** What was asked, answered or not. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private HttpClients clients;
    private ServerSocket device;
    /** How many questions of a connection are answered. */
    private volatile int answers = 1;

    @BeforeEach
    void start() throws IOException {
        clients = new HttpClients("test-" + UUID.randomUUID());
        device = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(() -> {
            try {
                while (true) {
                    Socket visit = device.accept();
                    threads.execute(() -> serve(visit));
                }
            } catch (IOException over) {
                // The test is over.
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        clients.close();
        device.close();
        threads.shutdownNow();
    }

    private void serve(Socket visit) {
        try (visit) {
            for (int i = 0; ; i++) {
                asked.add(request(visit.getInputStream()));
                if (i >= answers) {
                    return;
                }
                byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
                visit.getOutputStream().write(answer);
            }
        } catch (IOException over) {
            // The client has closed it.
        }
    }

    /** Whole, so that the end of the connection is one, and no reset. */
    private static String request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int one = in.read();
            if (one < 0) {
                throw new IOException("it is closed");
            }
            head.append((char) one);
        }
        in.readNBytes(4);
        return head.toString();
    }

    private static Ask ask(boolean repeatable) {
        Ask ask = Ask.post("/", "text/plain", BodyPublishers.ofString("body"));
        return repeatable ? ask.twiceIfNeedBe() : ask;
    }

    private String said(Ask ask, boolean async) throws Exception {
        DeviceHttp http = new DeviceHttp(
                clients.get(true), URI.create("http://127.0.0.1:" + device.getLocalPort()), Optional.empty(), LONG_MS);
        HttpResponse<byte[]> answer =
                async ? http.exchangeAsync(ask, 100).get(LONG_MS, TimeUnit.MILLISECONDS) : http.exchange(ask, 100);
        return new String(answer.body(), StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatMayBeAskedTwiceIsAskedAgainWhenItsConnectionIsOver(boolean async) throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(said(ask(true), async)).isEqualTo("ok");
        }
        assertThat(asked).as("the second and the third one twice").hasSize(5);
        assertThat(asked).allMatch(head -> head.contains("Accept-Encoding: identity\r\n"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatDoesSomethingIsAskedOnce(boolean async) throws Exception {
        assertThat(said(ask(false), async)).isEqualTo("ok");
        assertThatThrownBy(() -> said(ask(false), async))
                .satisfies(failed -> assertThat(failed instanceof DriverException ? failed : failed.getCause())
                        .isInstanceOfSatisfying(DriverException.class, told -> assertThat(told.kind())
                                .isEqualTo(Kind.UNREACHABLE)));
        assertThat(asked).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoNeverAnswersIsNotAskedForEver(boolean async) {
        answers = 0;
        assertThatThrownBy(() -> said(ask(true), async)).isNotNull();
        assertThat(asked).hasSize(3);
    }
}
