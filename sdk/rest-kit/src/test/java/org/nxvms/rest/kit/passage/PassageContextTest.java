// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.passage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.DispatcherType;
import javax.servlet.http.HttpServlet;
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
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.test.kit.Awaiting;
import org.nxvms.test.kit.Whiteboard;

/** Two servlets of one context come and go, each by itself, on the distribution's own web server. */
class PassageContextTest {
    private static final AccessGuard ANYBODY = new AccessGuard() {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) {
            return new AuthenticatedUser(new UUID(1, 1), "vera", "viewer", false);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, "Nobody asks here.");
        }
    };

    /** Nobody waits so long: the test would say that it stands still. */
    private final PassageContext security =
            new PassageContext("test", "Things are", Set.of("/short", "/long"), Duration.ofMinutes(10)) {
                @Override
                protected AccessGuard guard() {
                    return ANYBODY;
                }
            };

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger within = new AtomicInteger();
    private final HttpServlet shortly = new Answering(false);
    private final HttpServlet atLength = new Answering(true);
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));

    /** Answers when it may; one that takes long says first that it has been reached. */
    private final class Answering extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final boolean takesLong;

        Answering(boolean takesLong) {
            this.takesLong = takesLong;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (takesLong) {
                PassageContext.arrived(request);
            }
            within.incrementAndGet();
            try {
                assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    @BeforeEach
    void start() throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        context.addFilter(new FilterHolder(Whiteboard.door(security)), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(shortly), "/short/*");
        context.addServlet(new ServletHolder(atLength), "/long/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        server.stop();
    }

    private CompletableFuture<Integer> ask(String path) {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient()
                .sendAsync(request, BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    private int status(String path) throws Exception {
        return ask(path).get(60, TimeUnit.SECONDS);
    }

    @Test
    void eachPathIsToldToComeAgainUntilItsServletIsThereAndWhatIsNoPathIsNot() throws Exception {
        goOn.countDown();
        assertThat(status("/short/1")).isEqualTo(503);
        assertThat(status("/other")).isEqualTo(404);
        Runnable away = security.serve(Whiteboard.bundle(() -> {}), shortly, "/short");
        assertThat(status("/short")).isEqualTo(204);
        assertThat(status("/short/1/2")).isEqualTo(204);
        assertThat(status("/shorter")).isEqualTo(404);
        assertThat(status("/long/1")).isEqualTo(503);
        away.run();
        assertThat(status("/short/1")).isEqualTo(503);
    }

    /** As what cameras send for hours, which goes on while its bundle is exchanged. */
    @Test
    void whoSaysThatItIsReachedIsNotWaitedForAndOthersAre() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        Runnable longAway = security.serve(Whiteboard.bundle(taken::incrementAndGet), atLength, "/long");
        Runnable shortAway = security.serve(Whiteboard.bundle(taken::incrementAndGet), shortly, "/short");
        CompletableFuture<Integer> lasting = ask("/long/1");
        CompletableFuture<Integer> passing = ask("/short/1");
        Awaiting.until("both are within", () -> within.get() == 2);

        longAway.run();
        assertThat(taken).as("it went at once").hasValue(1);
        CompletableFuture<Void> going = CompletableFuture.runAsync(shortAway);
        Awaiting.until("who comes now is refused", () -> ask("/short/2").join() == 503);
        assertThat(taken).as("one is on the way").hasValue(1);

        goOn.countDown();
        going.get(60, TimeUnit.SECONDS);
        assertThat(taken).hasValue(2);
        assertThat(passing.get(60, TimeUnit.SECONDS)).isEqualTo(204);
        assertThat(lasting.get(60, TimeUnit.SECONDS)).isEqualTo(204);
    }
}
