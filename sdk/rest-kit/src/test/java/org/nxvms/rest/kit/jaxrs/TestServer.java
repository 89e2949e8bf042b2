// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.ws.rs.core.Application;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.HandlerWrapper;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;

/** An application on the engine and web server of the distribution, on a loopback port of its own. */
final class TestServer {
    /** No caller here is too slow, however slow the machine is. */
    private static final long IDLE_MS = 120_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final Counting handler = new Counting();
    private final URI base;

    /** Knows when requests are done with. */
    private static final class Counting extends HandlerWrapper {
        private int running;

        @Override
        public void handle(String target, Request base, HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            synchronized (this) {
                running++;
            }
            try {
                super.handle(target, base, request, response);
            } finally {
                synchronized (this) {
                    running--;
                    notifyAll();
                }
            }
        }

        synchronized void awaitIdle() throws InterruptedException {
            while (running > 0) {
                wait();
            }
        }
    }

    TestServer(Application application, String path) throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        ServletHolder holder = new ServletHolder(new CXFNonSpringJaxrsServlet(application));
        context.addServlet(holder, path + "/*");
        handler.setHandler(context);
        server.setHandler(handler);
        ServerConnector connector = (ServerConnector) server.getConnectors()[0];
        connector.setIdleTimeout(IDLE_MS);
        server.start();
        int port = connector.getLocalPort();
        base = URI.create("http://127.0.0.1:" + port + path);
    }

    /** {@return a connection whose end the test decides} */
    Socket connect() throws IOException {
        return new Socket(base.getHost(), base.getPort());
    }

    /** From now on who says nothing is cut soon: shorter than the distribution's, as a test waits for it. */
    void hurry() {
        for (EndPoint caller : ((ServerConnector) server.getConnectors()[0]).getConnectedEndPoints()) {
            caller.setIdleTimeout(200);
        }
    }

    void awaitIdle() throws InterruptedException {
        handler.awaitIdle();
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/json";
        return send("POST", path, body, all);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    void close() throws Exception {
        server.stop();
    }
}
