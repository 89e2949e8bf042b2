// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.nxvms.media.worker.wire.EndReason;

/**
 * One connection of FFmpeg through the proxy, to one host for as long as it lasts: a tunnel, or requests that are handed on
 * without what is the proxy's. What comes back is not looked at.
 */
final class Proxied implements AutoCloseable {
    private static final int COPY_BYTES = 32 << 10;

    private final Proxy proxy;
    private final Socket client;
    private final InputStream asked;
    private Socket host;

    Proxied(Proxy proxy, Socket client) throws IOException {
        this.proxy = proxy;
        this.client = client;
        asked = new BufferedInputStream(client.getInputStream());
    }

    void run() throws IOException {
        client.setTcpNoDelay(true);
        client.setSoTimeout(proxy.timeoutMs());
        RequestHead head;
        try {
            head = RequestHead.read(asked);
        } catch (IOException odd) {
            answer("400 Bad Request", "");
            return;
        }
        if (head == null) {
            return;
        }
        if (!proxy.knows(head.credentials())) {
            answer("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"nxvms\"\r\n");
            return;
        }
        try {
            host = connect(head);
        } catch (SourceFailure unreachable) {
            proxy.failed(unreachable);
            answer("502 Bad Gateway", "");
            return;
        }
        proxy.connected();
        // From here on whoever reads keeps the time.
        client.setSoTimeout(0);
        Thread back = new Thread(this::back, "proxied-back");
        back.setDaemon(true);
        if (head.tunnel()) {
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            back.start();
            copy(asked, host.getOutputStream());
        } else {
            back.start();
            requests(head);
        }
    }

    private void answer(String status, String header) throws IOException {
        client.getOutputStream()
                .write(("HTTP/1.1 " + status + "\r\n" + header + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private Socket connect(RequestHead head) throws SourceFailure {
        List<InetAddress> addresses = proxy.door().addresses(head.host(), proxy.timeoutMs());
        long deadlineNs = System.nanoTime() + proxy.timeoutMs() * 1_000_000L;
        SourceFailure failure = null;
        for (int i = 0; i < addresses.size(); i++) {
            long leftMs = Math.max(1, (deadlineNs - System.nanoTime()) / 1_000_000);
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(
                        new InetSocketAddress(addresses.get(i), head.port()),
                        Math.toIntExact(Math.max(1, leftMs / (addresses.size() - i))));
                return socket;
            } catch (IOException unreachable) {
                failure = new SourceFailure(EndReason.UNREACHABLE, words(unreachable));
                close(socket);
            }
        }
        throw failure;
    }

    private static String words(IOException unreachable) {
        if (unreachable instanceof SocketTimeoutException) {
            return "the host does not answer";
        }
        if (unreachable instanceof NoRouteToHostException) {
            return "there is no route to the host";
        }
        return unreachable instanceof ConnectException
                ? "the connection was refused; check address and port"
                : "the connection cannot be made: " + unreachable.getMessage();
    }

    /** FFmpeg asks the same host again on a connection that it keeps. */
    private void requests(RequestHead first) throws IOException {
        OutputStream out = host.getOutputStream();
        RequestHead head = first;
        while (head != null
                && !head.tunnel()
                && head.host().equals(first.host())
                && head.port() == first.port()
                && proxy.knows(head.credentials())) {
            out.write(head.forward());
            head = RequestHead.read(asked);
        }
    }

    private void back() {
        try {
            copy(host.getInputStream(), client.getOutputStream());
            // FFmpeg reads to this end, and then closes.
            client.shutdownOutput();
        } catch (IOException broken) {
            close(client);
            close(host);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] bytes = new byte[COPY_BYTES];
        int length = in.read(bytes);
        while (length >= 0) {
            out.write(bytes, 0, length);
            length = in.read(bytes);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException closedAnyway) {
            // It is.
        }
    }

    @Override
    public void close() {
        close(client);
        if (host != null) {
            close(host);
        }
    }
}
