// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.server.ServerLook.State;
import org.nxvms.platform.api.network.AddressRule;

/** Servers that are asked, on this machine. */
class ServerLookTest {
    private static final AddressRule ALL = new AddressRule(true, true);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final UnaryOperator<CompletableFuture<Void>> WHEN_ANSWERED = answered -> answered;

    @Test
    void onlyWhatIsAServerOfThisKindIsToldApart() throws Exception {
        // Its port is its own, so that no other server gets it, and nobody listens.
        try (Socket nobody = new Socket();
                OtherServer ready = OtherServer.nxvms(200);
                OtherServer sick = OtherServer.nxvms(503);
                OtherServer web = OtherServer.web(200);
                OtherServer elsewhere =
                        OtherServer.web(302, "X-NXvms-Server-Time", "1", "Location", ready.address() + "/secret");
                ServerLook look = new ServerLook(ALL, LONG, WHEN_ANSWERED)) {
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String closed = "http://127.0.0.1:" + nobody.getLocalPort();
            assertThat(look.look(List.of(ready.address(), sick.address(), web.address(), elsewhere.address(), closed)))
                    .containsExactly(
                            Map.entry(ready.address(), State.READY),
                            Map.entry(sick.address(), State.NOT_READY),
                            Map.entry(web.address(), State.SILENT),
                            Map.entry(elsewhere.address(), State.SILENT),
                            Map.entry(closed, State.SILENT));

            assertThat(ready.asked)
                    .as("once, and nothing that tells who asks")
                    .singleElement()
                    .satisfies(asked -> {
                        assertThat(asked).startsWith("GET /api/v1/health ");
                        assertThat(asked).doesNotContain("Authorization", "Cookie");
                    });
        }
    }

    @Test
    void whatListensForThisMachineAloneIsNotAsked() throws Exception {
        try (OtherServer here = OtherServer.nxvms(200);
                ServerLook look = new ServerLook(new AddressRule(false, false), LONG, WHEN_ANSWERED)) {
            String named = here.address().replace("127.0.0.1", "localhost");
            assertThat(look.look(List.of(here.address(), named, "http://169.254.169.254", "http://2130706433")))
                    .hasSize(4)
                    .allSatisfy((address, state) -> assertThat(state).isEqualTo(State.NOT_ASKED));
            assertThat(here.asked).isEmpty();
        }
    }

    @Test
    void aLookTakesItsTimeWhateverAnswersAndNoLongerThanThat() throws Exception {
        Duration limit = Duration.ofMillis(300);
        // Takes connections, and says nothing.
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ServerLook look = new ServerLook(ALL, limit)) {
            String address = "http://127.0.0.1:" + mute.getLocalPort();
            long begunNs = System.nanoTime();
            assertThat(look.look(List.of(address))).containsExactly(Map.entry(address, State.SILENT));
            assertThat(Duration.ofNanos(System.nanoTime() - begunNs)).isGreaterThanOrEqualTo(limit);

            long againNs = System.nanoTime();
            assertThat(look.look(List.of("http://127.0.0.1:1"))).hasSize(1);
            assertThat(Duration.ofNanos(System.nanoTime() - againNs)).isGreaterThanOrEqualTo(limit);
        }
    }
}
