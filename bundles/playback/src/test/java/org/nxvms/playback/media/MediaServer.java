// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.Map;
import javax.servlet.DispatcherType;
import javax.servlet.http.HttpServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.test.kit.SilentContainer;
import org.nxvms.test.kit.Whiteboard;

/** The media context on the distribution's web server, on a loopback port of its own. */
final class MediaServer {
    private final HttpClient client = HttpClient.newHttpClient();
    private final SilentContainer container = new SilentContainer();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));

    MediaServer(AccessGuard guard, Map<String, ? extends HttpServlet> servlets) throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath("/media/v1");
        MediaContext security = new MediaContext(guard);
        FilterHolder told = new FilterHolder(container);
        told.setAsyncSupported(true);
        context.addFilter(told, "/*", EnumSet.of(DispatcherType.REQUEST));
        FilterHolder holder = new FilterHolder(Whiteboard.door(security));
        holder.setAsyncSupported(true);
        context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
        servlets.forEach((pattern, servlet) -> {
            String path = pattern.replace("/*", "");
            if (MediaContext.PATHS.contains(path)) {
                security.serve(Whiteboard.bundle(() -> {}), servlet, path);
            }
            ServletHolder each = new ServletHolder(servlet);
            each.setAsyncSupported(true);
            context.addServlet(each, pattern);
        });
        HttpServlet nothing = new NoMedia(() -> guard);
        security.serve(Whiteboard.bundle(() -> {}), nothing, MediaContext.ALL);
        context.addServlet(new ServletHolder(nothing), "/*");
        server.setHandler(context);
        server.start();
    }

    int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    /** Cuts those of the clients that are connected now which take nothing for this long. */
    void idleTimeout(long ms) {
        server.getConnectors()[0].getConnectedEndPoints().forEach(client -> client.setIdleTimeout(ms));
    }

    /** Answers are told no more when they are over. */
    void silence() {
        container.silence();
    }

    HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    HttpResponse<byte[]> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port() + "/media/v1" + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer good");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    void close() throws Exception {
        server.stop();
    }
}
