// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.stage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Something on a port of this machine that is no good device. Counts who came, what they said, and how much they took. */
public final class Hostile implements AutoCloseable {
    /** More than any answer of a device needs, and than the buffers of a connection hold. */
    public static final long TAKEN_MAX = 32L << 20;

    private static final long SENT_MAX = 2 * TAKEN_MAX;
    private static final int CONNECTIONS_MAX = 64;
    private static final int REQUESTS_MAX = 200;
    private static final int REQUEST_BYTES_MAX = 1 << 14;
    private static final int READ_MS = 70_000;
    private static final long DRIP_MS = 100;

    /** What it does with each request. */
    @FunctionalInterface
    public interface Manner {
        /** {@return whether another request on this connection is read} */
        boolean answer(Exchange exchange) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Manner manner;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();

    public Hostile(Manner manner) throws IOException {
        this.manner = manner;
        server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CONNECTIONS_MAX);
        thread(this::accept);
    }

    /** One request and the way back. */
    public final class Exchange {
        private final Socket client;
        private final String request;

        private Exchange(Socket client, String request) {
            this.client = client;
            this.request = request;
        }

        public String request() {
            return request;
        }

        public void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void send(byte[] bytes) throws IOException {
            OutputStream out = client.getOutputStream();
            out.write(bytes);
            out.flush();
            sent.addAndGet(bytes.length);
        }

        /** The same again and again, until nobody takes it or it is too much for anybody. */
        public boolean endless(String text) throws IOException {
            byte[] piece = text.repeat(Math.max(1, (1 << 16) / text.length())).getBytes(StandardCharsets.ISO_8859_1);
            while (sent.get() < SENT_MAX) {
                send(piece);
            }
            return false;
        }

        public boolean drip(String text) throws IOException, InterruptedException {
            while (true) {
                send(text);
                new CountDownLatch(1).await(DRIP_MS, TimeUnit.MILLISECONDS);
            }
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    public int connections() {
        return connections.get();
    }

    /** {@return bytes that went out, at most those in a connection's buffers more than were taken} */
    public long sent() {
        return sent.get();
    }

    public List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                connections.incrementAndGet();
                clients.add(client);
                if (clients.size() > CONNECTIONS_MAX) {
                    leave(client);
                } else {
                    thread(() -> serve(client));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try {
            client.setSoTimeout(READ_MS);
            InputStream in = client.getInputStream();
            boolean more = true;
            while (more) {
                String request = read(in);
                if (request.isEmpty()) {
                    return;
                }
                synchronized (requests) {
                    if (requests.size() < REQUESTS_MAX) {
                        requests.add(request);
                    }
                }
                more = manner.answer(new Exchange(client, request));
            }
        } catch (IOException | InterruptedException left) {
            // the driver left, or the rule is over
        } finally {
            leave(client);
        }
    }

    /** Up to an empty line; what does not speak in lines counts as said when it pauses. A body counts as another request. */
    private static String read(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < REQUEST_BYTES_MAX) {
            int one = in.read();
            if (one < 0) {
                return text.toString();
            }
            text.append((char) one);
            if (in.available() == 0
                    || text.length() >= 4 && text.substring(text.length() - 4).equals("\r\n\r\n")) {
                break;
            }
        }
        if (in.available() > 0) {
            in.skipNBytes(Math.min(in.available(), REQUEST_BYTES_MAX)); // a body
        }
        return text.toString();
    }

    private void leave(Socket client) {
        clients.remove(client);
        try {
            client.close();
        } catch (IOException gone) {
            // then it is closed
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "tck-hostile");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException gone) {
            // then it is closed
        }
        List.copyOf(clients).forEach(this::leave);
    }

    // ---- manners ----

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n";

    private static String ok(String type, String rest) {
        return String.format(OK, type) + rest;
    }

    /** Reads and never answers. */
    public static boolean silent(Exchange exchange) {
        return true;
    }

    /** Answers for ever, a byte at a time, so that each single read succeeds. */
    public static boolean drip(Exchange exchange) throws IOException, InterruptedException {
        exchange.send(ok("text/plain", "Content-Length: 1000000\r\n\r\n"));
        return exchange.drip("a");
    }

    /** Random bytes. */
    public static boolean garbage(Exchange exchange) throws IOException {
        byte[] bytes = new byte[1 << 16];
        new Random(7).nextBytes(bytes);
        exchange.send(bytes);
        return false;
    }

    public static boolean endlessBody(Exchange exchange) throws IOException {
        exchange.send(ok("text/plain", "\r\n"));
        return exchange.endless("root.Brand.Brand=AXIS and more\r\n");
    }

    public static boolean endlessHeader(Exchange exchange) throws IOException {
        exchange.send("HTTP/1.1 200 OK\r\nX-Long: ");
        return exchange.endless("a");
    }

    public static boolean endlessHeaders(Exchange exchange) throws IOException {
        exchange.send("HTTP/1.1 200 OK\r\n");
        return exchange.endless("X-Many: a\r\n");
    }

    /** Says that more will come than any memory holds. */
    public static boolean falseLength(Exchange exchange) throws IOException {
        exchange.send(ok("text/plain", "Content-Length: 2147483647\r\n\r\nshort"));
        return true;
    }

    public static boolean deepJson(Exchange exchange) throws IOException {
        return whole(exchange, "application/json", "{\"data\":" + "[".repeat(200_000));
    }

    public static boolean deepXml(Exchange exchange) throws IOException {
        return whole(exchange, "text/xml", "<?xml version=\"1.0\"?>" + "<a>".repeat(200_000));
    }

    public static boolean whole(Exchange exchange, String type, String body) throws IOException {
        exchange.send(ok(type, "Content-Length: " + body.length() + "\r\n\r\n" + body));
        return true;
    }

    /** Breaks off amid its answer. */
    public static boolean breakOff(Exchange exchange) throws IOException {
        exchange.send(ok("text/plain", "Content-Length: 1000\r\n\r\nroot.Br"));
        return false;
    }

    /** Never takes a login, and asks with a nonce of its own each time. */
    public static boolean locked(Exchange exchange) throws IOException {
        exchange.send("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"kit\", qop=\"auth\", nonce=\""
                + Long.toHexString(System.nanoTime()) + "\"\r\nContent-Length: 0\r\n\r\n");
        return true;
    }

    /** Asks for the password itself. */
    public static boolean curious(Exchange exchange) throws IOException {
        exchange.send(
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"kit\"\r\nContent-Length: 0\r\n\r\n");
        return true;
    }

    /** Asks for a login in the clear, and sends who gives it on to somebody else. */
    public static Manner leadingTo(int port) {
        return exchange -> {
            exchange.send(
                    exchange.request().contains("Authorization: ")
                            ? "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + port
                                    + "/elsewhere\r\nContent-Length: 0\r\n\r\n"
                            : "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"kit\"\r\n"
                                    + "Content-Length: 0\r\n\r\n");
            return true;
        };
    }

    /** XML that would have the reader fetch something elsewhere. */
    public static Manner pointingTo(int port) {
        return exchange -> whole(
                exchange,
                "text/xml",
                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"http://127.0.0.1:" + port
                        + "/entity\">]><a>&x;</a>");
    }
}
