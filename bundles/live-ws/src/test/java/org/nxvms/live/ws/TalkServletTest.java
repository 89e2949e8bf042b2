// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.servlet.DispatcherType;
import javax.servlet.Filter;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraTalk;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.test.kit.Awaiting;

/** Talking on the distribution's own web server, with the JDK's WebSocket client. */
class TalkServletTest {
    private static final String PATH = "/ws/v1/talk/" + Stage.CAMERA + "?codec=pcmu";

    /** Knows who may talk. */
    private static final class Guard implements AccessGuard {
        volatile boolean operator = true;

        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            if (!request.authorization().equals(Optional.of("Bearer good"))) {
                throw new AccessDeniedException(AccessDeniedException.Kind.UNAUTHENTICATED, "Sign in.");
            }
            return new AuthenticatedUser(new UUID(7, 8), "olga", "operator", false);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            if (!operator || permission != Permission.TALK || !cameraId.equals(Optional.of(Stage.CAMERA))) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, "You may not talk.");
            }
        }
    }

    /** A camera that plays what it is sent, or does not take it. */
    private static final class Speaker implements CameraTalk {
        final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
        /** What the next frame comes upon: then the talk is over. */
        volatile Optional<DriverException> breaks = Optional.empty();

        volatile boolean full;
        volatile boolean closed;
        private volatile Optional<DriverException> over = Optional.empty();

        @Override
        public boolean play(byte[] frame) throws DriverException {
            if (breaks.isPresent()) {
                over = breaks;
                throw breaks.get();
            }
            return !full && heard.add(frame);
        }

        @Override
        public Optional<DriverException> over() {
            return over;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final Guard guard = new Guard();
    private final Speaker speaker = new Speaker();
    private volatile Optional<Exception> refusal = Optional.empty();
    private volatile String asked = "";
    private final HttpClient client = HttpClient.newHttpClient();
    private final TalkServlet servlet = new TalkServlet(guard, control());
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));

    private CameraControl control() {
        return (CameraControl) Proxy.newProxyInstance(
                TalkServletTest.class.getClassLoader(),
                new Class<?>[] {CameraControl.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("talk")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    asked = arguments[1] + " by " + arguments[2];
                    if (refusal.isPresent()) {
                        throw refusal.get();
                    }
                    return speaker;
                });
    }

    @BeforeEach
    void start() throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath("/ws/v1");
        LiveContext security = new LiveContext(guard);
        Filter door = (request, response, chain) -> {
            if (security.handleSecurity((HttpServletRequest) request, (HttpServletResponse) response)) {
                chain.doFilter(request, response);
            }
        };
        context.addFilter(new FilterHolder(door), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(servlet), "/talk/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        servlet.stop();
        server.stop();
    }

    private TestSocket connect(String path) {
        TestSocket listener = new TestSocket();
        listener.socket = client.newWebSocketBuilder()
                .header("Authorization", "Bearer good")
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort()
                                + path),
                        listener)
                .join();
        return listener;
    }

    private void assertRefused(String path, int status) {
        assertThatThrownBy(() -> connect(path))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(status));
    }

    @Test
    void eachMessageIsAFrameAndTheEndOfTheSocketIsTheEndOfTheTalk() throws Exception {
        TestSocket talker = connect(PATH + "&sampleRateHz=16000");
        assertThat(talker.text()).isEqualTo("{\"type\":\"talking\"}");
        assertThat(asked).isEqualTo(new AudioOut.Format(AudioOut.Codec.PCMU, 16_000, 1) + " by olga");
        for (byte i = 0; i < 20; i++) {
            talker.socket.sendBinary(ByteBuffer.wrap(new byte[] {i, i}), true).join();
        }
        for (byte i = 0; i < 20; i++) {
            assertThat(speaker.heard.poll(30, TimeUnit.SECONDS)).containsExactly(i, i);
        }
        speaker.full = true;
        talker.socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();
        assertThat(talker.text()).isEqualTo("{\"type\":\"late\",\"frames\":1}");
        talker.socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        Awaiting.until("the talk is over", () -> speaker.closed);
    }

    @Test
    void whoMayNotTalkAnyMoreGivesTheCameraBackWithoutSayingAWord() throws Exception {
        TestSocket talker = connect(PATH);
        assertThat(talker.text()).contains("talking");

        guard.operator = false;

        assertThat(talker.closeCode()).isEqualTo(4403);
        Awaiting.until("the talk is over", () -> speaker.closed);
    }

    @Test
    void whyATalkDoesNotBeginOrGoOnIsACloseCode() throws Exception {
        refusal = Optional.of(new DriverException(Kind.BUSY, "boris talks through the camera."));
        TestSocket second = connect(PATH);
        assertThat(second.closeCode()).isEqualTo(4423);
        assertThat(second.closeReason).isEqualTo("boris talks through the camera.");
        refusal = Optional.of(new DriverException(Kind.UNSUPPORTED, "It has no loudspeaker."));
        assertThat(connect(PATH).closeCode()).isEqualTo(4422);
        refusal = Optional.of(new NoSuchResourceException("There is no camera."));
        assertThat(connect(PATH).closeCode()).isEqualTo(4404);
        refusal = Optional.empty();
        guard.operator = false;
        asked = "";
        assertThat(connect(PATH).closeCode()).isEqualTo(4403);
        assertThat(asked).as("the camera is not asked for who may not").isEmpty();
        guard.operator = true;

        TestSocket talker = connect(PATH);
        assertThat(talker.text()).contains("talking");
        speaker.breaks = Optional.of(new DriverException(Kind.UNREACHABLE, "The camera went away."));
        talker.socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();
        assertThat(talker.closeCode()).isEqualTo(4422);
        assertThat(talker.closeReason).isEqualTo("The camera went away.");
        Awaiting.until("the talk is over", () -> speaker.closed);
    }

    @Test
    void nonsenseEndsTheSocketAndBadAddressesAreRefused() throws Exception {
        TestSocket talker = connect(PATH);
        assertThat(talker.text()).contains("talking");
        talker.socket.sendText("hello", true).join();
        assertThat(talker.closeCode()).isEqualTo(1008);
        TestSocket loud = connect(PATH);
        assertThat(loud.text()).contains("talking");
        loud.socket
                .sendBinary(ByteBuffer.allocate(AudioOut.FRAME_BYTES_MAX + 1), true)
                .join();
        assertThat(loud.closeCode()).isEqualTo(1009);
        assertRefused("/ws/v1/talk/nobody?codec=pcmu", 404);
        assertRefused("/ws/v1/talk/" + Stage.CAMERA, 400);
        assertRefused("/ws/v1/talk/" + Stage.CAMERA + "?codec=mp3", 400);
        assertRefused(PATH + "&sampleRateHz=1", 400);
        assertRefused(PATH + "&volume=11", 400);
    }

    @Test
    void aStoppingServerEndsTheTalk() throws Exception {
        TestSocket talker = connect(PATH);
        assertThat(talker.text()).contains("talking");
        servlet.stop();
        assertThat(talker.closeCode()).isEqualTo(1001);
        Awaiting.until("the talk is over", () -> speaker.closed);
    }
}
