// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Ports on loopback that are no camera: closed, silent, or speaking something else. */
final class Sockets implements AutoCloseable {
    private final List<ServerSocket> open = new ArrayList<>();

    /** {@return the first of three ports in a row that are free now} */
    static int threeInARow() throws IOException {
        while (true) {
            try (ServerSocket first = listen();
                    ServerSocket second = new ServerSocket(first.getLocalPort() + 1);
                    ServerSocket third = new ServerSocket(first.getLocalPort() + 2)) {
                if (second.isBound() && third.isBound()) {
                    return first.getLocalPort();
                }
            } catch (java.net.BindException | IllegalArgumentException taken) {
                // The next try begins at another port.
                continue;
            }
        }
    }

    int closed() throws IOException {
        try (ServerSocket socket = listen()) {
            return socket.getLocalPort();
        }
    }

    /** Accepts and never says a word. */
    int silent() throws IOException {
        ServerSocket socket = listen();
        open.add(socket);
        return socket.getLocalPort();
    }

    /** Answers each request as a web server would that has been asked nonsense. */
    int notRtsp() throws IOException {
        ServerSocket server = listen();
        open.add(server);
        Thread thread = new Thread(() -> serve(server), "not-rtsp");
        thread.setDaemon(true);
        thread.start();
        return server.getLocalPort();
    }

    private static void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept();
                    InputStream in = socket.getInputStream()) {
                if (in.read() >= 0) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // The next connection is served, or the server socket was closed and the loop ends.
                continue;
            }
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket socket : open) {
            socket.close();
        }
    }
}
