// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.server;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Something that answers on a loopback port. */
final class OtherServer implements AutoCloseable {
    /** What it was asked, path and headers. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    private OtherServer(int status, String... headers) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().keySet());
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    /** One of this kind, healthy with 200, else with 503. */
    static OtherServer nxvms(int status) throws IOException {
        return new OtherServer(status, "X-NXvms-Server-Time", "1800000000000");
    }

    static OtherServer web(int status, String... headers) throws IOException {
        return new OtherServer(status, headers);
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
