// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.push.PushPath;
import org.nxvms.test.kit.Awaiting;

/** A device that delivers by itself: who subscribes is called; a subscription ends when nobody takes what it brings. */
class PushTest extends VapixScene {
    private static final int NO_ANSWER = 0;

    private HttpServer server;
    private final LinkedBlockingQueue<String> delivered = new LinkedBlockingQueue<>();
    private volatile int answer = 204;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/in/secret", exchange -> {
            // Before anybody sees what came: what is set then is for the next delivery.
            int now = answer;
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .forEach(delivered::add);
            if (now != NO_ANSWER) {
                exchange.sendResponseHeaders(now, -1);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
        device.events().set(DeviceState.Kind.MOTION, 0, false);
    }

    private String subscribe() throws Exception {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/in/secret";
        String said =
                client.text(PushPath.PATH + "?action=subscribe&url=" + URLEncoder.encode(url, StandardCharsets.UTF_8));
        assertThat(said).matches("id=\\d+\\R");
        return said.strip();
    }

    private List<String> until(String last) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        while (!lines.contains(last)) {
            String line = delivered.poll(30, TimeUnit.SECONDS);
            assertThat(line).as("after " + lines).isNotNull();
            lines.add(line);
        }
        return lines;
    }

    private int status(String query) throws Exception {
        return client.get(PushPath.PATH + query).statusCode();
    }

    @Test
    void everyStateThenEachChangeIsDelivered() throws Exception {
        device.events().set(DeviceState.Kind.MOTION, 0, true);
        String id = subscribe();
        assertThat(until("states-told")).contains("motion 0 on", "virtual-input 0 off", "port 3 off");
        device.events().set(DeviceState.Kind.MOTION, 0, false);
        device.events().pulse(4);
        assertThat(until("pulse 4")).containsExactly("motion 0 off", "pulse 4");
        assertThat(status("?action=renew&" + id)).isEqualTo(204);
        camera.set(FaultKind.EVENT_STORM.fault(1_000));
        until("motion 0 on");
        camera.clearFaults();
        assertThat(status("?action=end&" + id)).isEqualTo(204);
        assertThat(status("?action=renew&" + id)).isEqualTo(404);
    }

    @Test
    void aSubscriptionThatIsNotTakenEnds() throws Exception {
        String id = subscribe();
        until("states-told");
        answer = 500;
        device.events().pulse(1);
        until("pulse 1");
        Awaiting.until("it ends", () -> renewed(id).statusCode() == 404);
        assertThat(said(id))
                .isEqualTo("there is no such subscription any more: a delivery was not taken, tried 3 times:"
                        + " the answer was 500; subscribe anew\r\n");
        assertThat(until("pulse 1")).as("tried more than once").containsExactly("pulse 1");
    }

    @Test
    void whatIsRefusedIsNotTriedAgain() throws Exception {
        String id = subscribe();
        until("states-told");
        answer = 404;
        device.events().pulse(1);
        until("pulse 1");
        Awaiting.until("it ends", () -> renewed(id).statusCode() == 404);
        assertThat(said(id)).contains("refused with status 404");
        assertThat(delivered).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 504, NO_ANSWER})
    void whatIsNotTakenInTimeIsDeliveredOnceMore(int first) throws Exception {
        answer = first;
        String id = subscribe();
        assertThat(until("states-told")).contains("virtual-input 0 off");
        answer = 204;
        assertThat(until("states-told")).contains("virtual-input 0 off", "port 3 off");
        device.events().pulse(2);
        assertThat(until("pulse 2")).containsExactly("pulse 2");
        assertThat(renewed(id).statusCode()).isEqualTo(204);
    }

    @Test
    void whyASubscriptionEndedIsSaid() throws Exception {
        assertThat(said("id=999")).isEqualTo("there is no such subscription; subscribe anew\r\n");
        String id = subscribe();
        until("states-told");
        camera.set(FaultKind.REFUSE_CONNECTION);
        Awaiting.until("it ends", () -> device.events().subscribers() == 0);
        camera.clearFaults();
        Awaiting.until("it is said", () -> renewed(id).statusCode() == 404);
        assertThat(said(id)).contains("the device went off");
    }

    private String said(String id) {
        return new String(renewed(id).body(), StandardCharsets.US_ASCII);
    }

    private HttpResponse<byte[]> renewed(String id) {
        try {
            return client.get(PushPath.PATH + "?action=renew&" + id);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void whatCannotBeDeliveredToIsRefused() throws Exception {
        for (String query : List.of("", "?action=subscribe&url=ftp://127.0.0.1/", "?action=subscribe&url=http:/x")) {
            assertThat(status(query)).as(query).isEqualTo(400);
        }
        camera.set(FaultKind.SESSION_LIMIT.fault(0));
        assertThat(status("?action=subscribe&url=http://127.0.0.1/")).isEqualTo(503);
    }
}
