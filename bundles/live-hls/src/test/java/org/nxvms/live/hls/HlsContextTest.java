// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

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
import javax.servlet.Filter;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The context while its bundle comes and goes, on the distribution's own web server. */
class HlsContextTest {
    private static final List<String> ADDRESSES = List.of("/" + Stage.CAMERA + "/index.m3u8", "/x", "/");

    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final ServletContextHandler context = new ServletContextHandler();

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private void start() throws Exception {
        context.setContextPath(HlsContext.PATH);
        HlsContext security = new HlsContext(new Services.Guard());
        Filter door = (request, response, chain) -> {
            if (security.handleSecurity((HttpServletRequest) request, (HttpServletResponse) response)) {
                chain.doFilter(request, response);
            }
        };
        context.addFilter(new FilterHolder(door), "/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(context);
        server.start();
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + HlsContext.PATH + path))
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    /** Players take 404 for the end of a stream, and come again after 503. */
    @Test
    void whileItsServletIsNotThereAPlayerIsToldToComeAgain() throws Exception {
        start();
        for (String address : ADDRESSES) {
            HttpResponse<String> answer = get(address, "good");
            assertThat(answer.statusCode()).as(address).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).as(address).contains("1");
            assertThat(answer.body()).as(address).contains("Try again in a second");
            assertThat(get(address, "bad").statusCode()).as(address).isEqualTo(401);
        }
    }

    @Test
    void whatItsServletServesReachesIt() throws Exception {
        context.addServlet(
                new ServletHolder(new HttpServlet() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                    }
                }),
                "/*");
        start();
        for (String address : ADDRESSES) {
            assertThat(get(address, "good").statusCode()).as(address).isEqualTo(204);
        }
    }
}
