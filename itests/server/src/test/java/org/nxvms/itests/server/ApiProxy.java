// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.nxvms.itests.harness.ApiWitness;
import org.nxvms.itests.harness.ApiWitness.Exchange;
import org.nxvms.itests.harness.PackedServer;

/**
 * Stands before a server and shows the witnesses what passes, for programs that are not ours: browsers, clients in other
 * languages. Every byte goes on as it came, WebSockets and ends of connections too, so nothing behaves otherwise than without
 * it.
 */
final class ApiProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1_024;

    private final int serverPort;
    private final List<ApiWitness> witnesses;
    private final ServerSocket door;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "api-proxy");
        thread.setDaemon(true);
        return thread;
    });

    private ApiProxy(int serverPort, List<ApiWitness> witnesses) throws IOException {
        this.serverPort = serverPort;
        this.witnesses = witnesses;
        this.door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    static ApiProxy before(PackedServer server) throws IOException {
        return new ApiProxy(server.httpPort(), ApiWitness.all());
    }

    /** @param witnesses are told of each exchange, by any thread */
    static ApiProxy before(int serverPort, List<ApiWitness> witnesses) throws IOException {
        return new ApiProxy(serverPort, witnesses);
    }

    /** {@return what to use in the place of the server's own address} */
    String base() {
        return "http://127.0.0.1:" + door.getLocalPort();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                open.add(client);
                threads.execute(() -> connect(client));
            } catch (IOException e) {
                // It was closed; or who asked has gone before it was heard.
            }
        }
    }

    private void connect(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            HttpTap tap = new HttpTap("http://127.0.0.1:" + serverPort);
            threads.execute(() -> pass(client, server, (bytes, length) -> {
                tap.sent(bytes, length);
                return List.of();
            }));
            pass(server, client, tap::received);
            show(tap.ended());
            open.remove(server);
        } catch (IOException e) {
            // Nobody listens behind: the client is told by the end of its connection.
        } finally {
            open.remove(client);
        }
    }

    /** Reads what passes. */
    private interface Reader {
        List<Exchange> read(byte[] bytes, int length);
    }

    /** Until one of both has ended, which the other is told in the same way. */
    private void pass(Socket from, Socket to, Reader reader) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                List<Exchange> whole = reader.read(buffer, length);
                out.write(buffer, 0, length);
                show(whole);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private void show(List<Exchange> exchanges) {
        exchanges.forEach(exchange -> witnesses.forEach(witness -> witness.saw(exchange)));
    }

    private static void close(Closeable one) {
        try {
            one.close();
        } catch (IOException e) {
            // It is gone in any case.
        }
    }

    @Override
    public void close() {
        close(door);
        open.forEach(ApiProxy::close);
        threads.shutdownNow();
    }
}
