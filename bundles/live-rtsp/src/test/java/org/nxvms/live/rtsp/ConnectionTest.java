// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nxvms.media.StreamFormat;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.test.kit.Awaiting;

/** What is done about clients that vanish, rights that nobody can tell, ports that come and go. */
@Timeout(120)
class ConnectionTest {
    private static final Rules RULES = new Rules(true, true, new UdpOutlet.Ports(0, 0), 60, 1, new Places(1, 1));

    private final People people = new People();

    private Services services() {
        return new Services(() -> null, () -> people, () -> people, people::cameras, () -> null);
    }

    /** There may be nothing to send for days, which alone would show it. */
    @Test
    void theSystemAsksWhetherAClientIsStillThere() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            Connection.prepare(accepted);

            assertThat(accepted.getKeepAlive()).isTrue();
            for (SocketOption<?> option : accepted.supportedOptions()) {
                if (option.name().equals("TCP_KEEPIDLE")) {
                    assertThat((Object) accepted.getOption(option)).isEqualTo(60);
                }
            }
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void aGuardThatStumblesCountsAsOneThatIsAway() throws Exception {
        long now = System.nanoTime();
        Target target = Target.parse("/live/" + Stage.CAMERA);
        Session session = new Session(target, new StreamFormat(List.of(Stage.H264)), People.USER);
        people.stumbles = true;

        session.check(services(), "127.0.0.1", now += TimeUnit.SECONDS.toNanos(29));
        people.stumbles = false;
        session.check(services(), "127.0.0.1", now += TimeUnit.SECONDS.toNanos(3));
        people.stumbles = true;
        session.check(services(), "127.0.0.1", now += TimeUnit.SECONDS.toNanos(29));
        long later = now + TimeUnit.SECONDS.toNanos(3);
        assertThatThrownBy(() -> session.check(services(), "127.0.0.1", later))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("cannot be checked");
    }

    /** Also when it is being opened at that moment, as where the bundle is exchanged at once; some of these meet it. */
    @Test
    void thePortIsFreeWhenTheListenerIsClosed() {
        for (int i = 0; i < 200; i++) {
            Listener listener = new Listener(services(), (plain, read) -> plain);
            listener.apply(RULES, Optional.of(new Listener.Address("127.0.0.1", 0)), 1);
            // Up to a millisecond, of which no part is slept: what wakes up comes too late for that moment.
            for (long closesNs = System.nanoTime() + 5_000L * i; System.nanoTime() < closesNs; ) {
                Thread.onSpinWait();
            }
            listener.close();
        }
        Awaiting.until("nobody accepts", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("nxvms-rtsp-accept")));
    }

    @Test
    void aPortThatCannotBeIsTriedNoMoreOnceAnotherIsSet() {
        try (Listener listener = new Listener(services(), (plain, read) -> plain)) {
            listener.apply(RULES, Optional.of(new Listener.Address("127.0.0.1", 99_999)), 1);
            listener.apply(RULES, Optional.of(new Listener.Address("127.0.0.1", 0)), 1);

            Awaiting.until("the port is open", () -> listener.port() > 0);
        }
    }

    @Test
    void bothPortsOfATrackLieWithinThoseThatAreAllowed() {
        for (int i = 0; i < 100; i++) {
            assertThat(UdpOutlet.even(new UdpOutlet.Ports(5_001, 5_004))).isEqualTo(5_002);
            assertThat(UdpOutlet.even(new UdpOutlet.Ports(5_000, 5_004))).isIn(5_000, 5_002);
        }
        assertThat(UdpOutlet.even(new UdpOutlet.Ports(0, 0))).as("any").isZero();
        assertThat(UdpOutlet.even(new UdpOutlet.Ports(5_001, 5_002)))
                .as("no two")
                .isZero();
    }
}
