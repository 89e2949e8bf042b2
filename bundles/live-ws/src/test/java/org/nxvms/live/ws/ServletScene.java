// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.util.EnumSet;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
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
import org.nxvms.media.StreamHub;
import org.nxvms.test.kit.Awaiting;

/** The servlet behind its guarded context on the distribution's own web server. */
abstract class ServletScene {
    final StreamHub hub = Stage.hub();
    final Services.Guard guard = new Services.Guard();
    final HttpClient client = HttpClient.newHttpClient();
    final LiveServlet servlet;
    final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));

    ServletScene(LivePump.Limits limits) {
        this(limits, () -> System.nanoTime() / 1_000_000);
    }

    /** @param nowMs the clock of what is due when */
    ServletScene(LivePump.Limits limits, LongSupplier nowMs) {
        servlet = new LiveServlet(hub, guard, new Services.Registry().service(), limits, nowMs);
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
        context.addServlet(new ServletHolder(servlet), "/live/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        servlet.stop();
        server.stop();
    }

    String address() {
        return "127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    TestSocket connect(String path, String token) {
        TestSocket listener = new TestSocket();
        listener.socket = client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(URI.create("ws://" + address() + path), listener)
                .join();
        return listener;
    }

    /** A place is given back when the server hears of the end, which the viewer may hear of first. */
    void untilPlacesAre(int places) {
        Awaiting.until(places + " places are taken", () -> servlet.pump().places() == places);
    }

    void assertRefused(String path, String token, int status) {
        assertThatThrownBy(() -> connect(path, token))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(status));
    }
}
