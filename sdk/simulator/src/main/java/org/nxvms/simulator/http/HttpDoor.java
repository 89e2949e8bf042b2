// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.rtsp.Authenticator;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.KeptPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP port of one simulated camera: a thread for each of a few connections, no more than a device has. Faults of
 * connections act here as they do on the camera's RTSP port.
 */
public final class HttpDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);
    private static final int CONNECTIONS_MAX = 64;
    private static final int BACKLOG = 50;
    /** RFC 6455 1.3. */
    private static final String WEB_SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Camera camera;
    private final Dialect dialect;
    private final Authenticator authenticator;
    private volatile InetSocketAddress address;
    private int moves;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final Random random = new Random();
    private KeptPort kept;
    private ServerSocket server;
    private boolean halfOpen;
    private boolean portTaken;
    private boolean closed;

    private HttpDoor(Camera camera, Dialect dialect, int port) throws IOException {
        this.camera = camera;
        this.dialect = dialect;
        this.authenticator = new Authenticator(camera.settings(), dialect.realm());
        this.kept = keep(new InetSocketAddress(camera.address().getAddress(), port));
        this.server = listen();
        this.address = (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Opens the port; 0 takes any free one. */
    public static HttpDoor open(Camera camera, Dialect dialect, int port) throws IOException {
        HttpDoor door = new HttpDoor(camera, dialect, port);
        camera.alsoNamed(dialect.streamNames());
        camera.tellFaults(door::follow);
        door.follow(camera.faultSet());
        return door;
    }

    private KeptPort keep(InetSocketAddress where) throws IOException {
        try {
            return new KeptPort(where);
        } catch (IOException taken) {
            throw cannotListen(where, taken);
        }
    }

    private IOException cannotListen(InetSocketAddress where, IOException why) {
        return new IOException(
                "camera " + camera.number() + " cannot listen for HTTP on "
                        + where.getAddress().getHostAddress() + ":" + where.getPort() + ": " + why.getMessage(),
                why);
    }

    private ServerSocket listen() throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(kept.address(), BACKLOG);
        } catch (IOException taken) {
            socket.close();
            throw cannotListen(kept.address(), taken);
        }
        thread("accept", () -> accept(socket));
        return socket;
    }

    /** {@return the device's address without a path: {@code http://127.0.0.1:18080}} */
    public String uri() {
        InetAddress host = address.getAddress();
        String name = host instanceof java.net.Inet6Address ? "[" + host.getHostAddress() + "]" : host.getHostAddress();
        return "http://" + name + ":" + address.getPort();
    }

    private synchronized void follow(FaultSet faults) {
        boolean away = faults.has(FaultKind.REFUSE_CONNECTION) || faults.has(FaultKind.REBOOT);
        try {
            if (away && !server.isClosed()) {
                server.close();
                closeConnections();
            } else if (!away && server.isClosed() && !closed) {
                InetSocketAddress place = place();
                if (!place.equals(kept.address())) {
                    kept.close();
                    kept = keep(place);
                }
                server = listen();
                address = (InetSocketAddress) server.getLocalSocketAddress();
                moves = camera.moves();
                portTaken = false;
            }
        } catch (IOException taken) {
            if (!portTaken) {
                LOG.warn(
                        "camera {} stays away over HTTP until its port is free: {}",
                        camera.number(),
                        taken.getMessage());
            }
            portTaken = true;
        }
        if (faults.has(FaultKind.HALF_OPEN)) {
            if (!halfOpen) {
                for (HttpConnection connection : connections) {
                    hang(connection);
                }
            }
        } else {
            connections.stream().filter(HttpConnection::hangs).toList().forEach(HttpDoor::close);
        }
        halfOpen = faults.has(FaultKind.HALF_OPEN);
    }

    /** Where it was, or where the camera has gone: by the same port where that is another host and it is free there. */
    private InetSocketAddress place() {
        if (moves == camera.moves()) {
            return address;
        }
        InetAddress host = camera.address().getAddress();
        boolean same = host.equals(address.getAddress());
        return new InetSocketAddress(host, same || portTaken ? 0 : address.getPort());
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                admit(from, from.accept());
            } catch (IOException ended) {
                LOG.debug("accepting: {}", ended.getMessage());
            }
        }
    }

    /** A connection may come out of accept although the port has been closed meanwhile. */
    private synchronized void admit(ServerSocket from, Socket client) throws IOException {
        if (from.isClosed() || connections.size() >= CONNECTIONS_MAX) {
            client.close();
            return;
        }
        HttpConnection connection = new HttpConnection(client, camera::faultSet);
        connections.add(connection);
        thread("serve", () -> serve(connection));
    }

    private void serve(HttpConnection connection) {
        try (connection) {
            try {
                for (boolean more = exchange(connection, true); more; ) {
                    more = exchange(connection, false);
                }
            } catch (HttpRequest.Malformed noRequest) {
                HttpAnswer answer = HttpAnswer.text(noRequest.status(), noRequest.getMessage() + "\r\n");
                connection.send(answer.with("Connection", "close").toBytes());
                connection.leave();
            }
        } catch (IOException gone) {
            LOG.debug("camera {}: an HTTP connection ends: {}", camera.number(), gone.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    /** One request and its answer; {@return whether the connection stays}. */
    private boolean exchange(HttpConnection connection, boolean first) throws IOException, InterruptedException {
        HttpRequest head = HttpRequest.readHead(connection.in()).orElse(null);
        if (head == null) {
            return false;
        }
        FaultSet faults = connection.faults();
        Optional<Dialect.Upload> upload = dialect.upload(head);
        if (upload.isPresent() && !faults.has(FaultKind.SILENT) && !faults.has(FaultKind.ANSWER_GARBAGE)) {
            return take(connection, head, upload.get());
        }
        if (head.expectsContinue() && !faults.has(FaultKind.SILENT)) {
            connection.send(HttpAnswer.empty(100).toBytes());
        }
        HttpRequest request = head.withBody(connection.in());
        if (faults.has(FaultKind.SILENT)) {
            return true;
        }
        if (faults.has(FaultKind.CLOSE_KEPT) && !first) {
            return false;
        }
        if (faults.has(FaultKind.ANSWER_GARBAGE)) {
            byte[] garbage = new byte[(int) faults.value(FaultKind.ANSWER_GARBAGE)];
            random.nextBytes(garbage);
            connection.send(garbage);
            return true;
        }
        Optional<HttpAnswer> refusal = refusal(request, faults);
        Optional<Dialect.Link> link = refusal.isPresent() ? Optional.empty() : dialect.link(request);
        if (link.isPresent()) {
            connection.send(upgrade(request).toBytes());
            connection.stayOpen();
            link.get().hold(new WebSocketLink(connection));
            return false;
        }
        HttpAnswer answer = refusal.isPresent() ? refusal.get() : dialect.answer(request);
        if (answer == HttpAnswer.NONE) {
            return true;
        }
        answer = faults.has(FaultKind.PACKED_ANSWERS) && request.takesGzip() ? answer.packed() : answer;
        boolean stays = !request.header("connection").orElse("").equalsIgnoreCase("close");
        connection.send((stays ? answer : answer.with("Connection", "close")).toBytes());
        if (answer.stream().isPresent()) {
            answer.stream().get().to(part -> connection.send(chunk(part)));
            connection.send(chunk(new byte[0]));
        }
        answer.after().run();
        return stays;
    }

    /** Lets a body be taken as it comes, unless it is refused before it is sent; the connection ends with it. */
    private boolean take(HttpConnection connection, HttpRequest head, Dialect.Upload upload)
            throws IOException, InterruptedException {
        Optional<HttpAnswer> refusal = refusal(head, connection.faults()).or(upload::refusal);
        if (refusal.isEmpty() && head.contentLength().isEmpty()) {
            refusal = Optional.of(HttpAnswer.text(411, "send Content-Length\r\n"));
        }
        if (refusal.isPresent()) {
            connection.send(refusal.get().with("Connection", "close").toBytes());
            connection.leave();
            return false;
        }
        if (head.expectsContinue()) {
            connection.send(HttpAnswer.empty(100).toBytes());
        }
        InputStream body = new LimitedBody(connection.in(), head.contentLength().getAsLong());
        connection.send(upload.taker().take(body).with("Connection", "close").toBytes());
        connection.leave();
        return false;
    }

    /** A part of a body (RFC 9112 7.1); an empty one ends it. */
    private static byte[] chunk(byte[] part) {
        byte[] size = (Integer.toHexString(part.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] chunk = Arrays.copyOf(size, size.length + part.length + 2);
        System.arraycopy(part, 0, chunk, size.length, part.length);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        return chunk;
    }

    private Optional<HttpAnswer> refusal(HttpRequest request, FaultSet faults) {
        if (dialect.isOpen(request) && !faults.has(FaultKind.UNAUTHORIZED)) {
            return Optional.empty();
        }
        long nonceUses = faults.has(FaultKind.STALE_NONCE) ? faults.value(FaultKind.STALE_NONCE) : -1;
        Authenticator.Verdict verdict = authenticator.check(
                request.method(),
                request.target(),
                request.header("authorization").orElse(""),
                nonceUses);
        if (verdict == Authenticator.Verdict.PASSED && !faults.has(FaultKind.UNAUTHORIZED)) {
            return Optional.empty();
        }
        return Optional.of(HttpAnswer.text(401, "Unauthorized\r\n")
                .with("WWW-Authenticate", authenticator.challenge(verdict == Authenticator.Verdict.STALE)));
    }

    /** The answer that begins a WebSocket (RFC 6455 4.2.2). */
    private static HttpAnswer upgrade(HttpRequest request) {
        String key = request.header("sec-websocket-key").orElse("");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + WEB_SOCKET_GUID).getBytes(StandardCharsets.ISO_8859_1));
            return HttpAnswer.empty(101)
                    .with("Upgrade", "websocket")
                    .with("Connection", "Upgrade")
                    .with("Sec-WebSocket-Accept", Base64.getEncoder().encodeToString(hash));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-1", impossible);
        }
    }

    private static void thread(String what, Runnable task) {
        Thread thread = new Thread(task, "simulator-http-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    private static void hang(HttpConnection connection) {
        try {
            connection.hang();
        } catch (IOException gone) {
            LOG.debug("a connection ended before it could hang: {}", gone.getMessage());
        }
    }

    private void closeConnections() {
        connections.forEach(HttpDoor::close);
    }

    private static void close(HttpConnection connection) {
        try {
            connection.close();
        } catch (IOException gone) {
            LOG.debug("closing: {}", gone.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            server.close();
            kept.close();
        }
        closeConnections();
        dialect.close();
    }
}
