// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.nowhere;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumSet;
import java.util.List;
import javax.servlet.DispatcherType;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.test.kit.Whiteboard;

/** What is said below /media when nobody serves it, on the distribution's own web server. */
class AwayMediaTest {
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));

    @BeforeEach
    void start() throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath(MediaContext.PATH);
        context.addFilter(
                new FilterHolder(Whiteboard.door(new MediaContext(Nowhere.GUARD))),
                "/*",
                EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new AwayMedia()), "/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private HttpResponse<String> ask(String method, String path, String token) throws Exception {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/media" + path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        BodyHandlers.ofString());
    }

    @Test
    void whoAsksForMediaIsToldToComeAgain() throws Exception {
        for (String path : List.of("/v1/segments/x", "/v1/archive/x/index.m3u8", "/v1/exports/x", "/v1/live/x/y.m4s")) {
            for (String method : List.of("GET", "POST")) {
                HttpResponse<String> answer = ask(method, path, "good");
                assertThat(answer.statusCode()).as(path).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).as(path).contains("1");
                assertThat(answer.body()).as(path).contains("Try again in a second");
            }
        }
    }

    @Test
    void whatIsNoMediaIsNotThereAndStrangersAreToldNothing() throws Exception {
        assertThat(ask("GET", "/v1/segmentsx", "good").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/v2/segments/x", "good").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/v1/segments/x", "bad").statusCode()).isEqualTo(401);
    }
}
