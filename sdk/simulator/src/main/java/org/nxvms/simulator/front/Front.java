// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.front;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections for a camera, a thread or two each: a door for a few clients, not for a load test. */
abstract class Front implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final int CONNECTIONS_MAX = 64;
    private static final int BUFFER_BYTES = 64 << 10;

    private final ServerSocket server;
    private final InetSocketAddress camera;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Front(ServerSocket server, InetSocketAddress camera) {
        this.server = server;
        this.camera = camera;
    }

    final void start() {
        thread("accept", this::accept);
    }

    public final int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.removeIf(Socket::isClosed);
                if (open.size() >= 2 * CONNECTIONS_MAX) {
                    client.close();
                    continue;
                }
                open.add(client);
                client.setTcpNoDelay(true);
                thread("serve", () -> guarded(client));
            } catch (IOException closed) {
                LOG.debug("accepting: {}", closed.getMessage());
            }
        }
    }

    private void guarded(Socket client) {
        try {
            serve(client);
        } catch (IOException gone) {
            LOG.debug("a connection ends: {}", gone.getMessage());
            close(client);
        }
    }

    /** Serves one client; returns when it needs this thread no more. */
    abstract void serve(Socket client) throws IOException;

    final Socket camera() throws IOException {
        Socket socket = new Socket(camera.getAddress(), camera.getPort());
        socket.setTcpNoDelay(true);
        open.add(socket);
        return socket;
    }

    /** Hands bytes on until either side ends, then ends both. */
    final void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException gone) {
            LOG.debug("a connection ends: {}", gone.getMessage());
        } finally {
            close(from);
            close(to);
        }
    }

    static void thread(String what, Runnable task) {
        Thread thread = new Thread(task, "simulator-front-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            LOG.debug("closing: {}", alreadyGone.getMessage());
        }
    }

    @Override
    public final void close() throws IOException {
        server.close();
        open.forEach(Front::close);
    }
}
