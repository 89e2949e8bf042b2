// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The only way from FFmpeg to a host by HTTP and TLS: a forward proxy on loopback, within FFmpeg's own process. FFmpeg looks
 * nothing up; where each connection leads, also those of redirects, playlists, segments and keys, the {@link Door} says. A
 * random credential keeps other programs of this machine out.
 */
final class Proxy implements AutoCloseable {
    /** A playlist of many qualities opens a segment of each at the start. */
    private static final int CONNECTIONS_MAX = 64;

    private static final int TOKEN_BYTES = 24;
    private static final String USER = "nxvms";

    private final Door door;
    private final int timeoutMs;
    private final ServerSocket listener;
    private final String token;
    private final byte[] credentials;
    private final Semaphore free = new Semaphore(CONNECTIONS_MAX);
    private volatile SourceFailure failure;

    /** @param timeoutMs for each of: a request's head, the answer of the door, a connect */
    Proxy(Door door, int timeoutMs) throws IOException {
        this.door = door;
        this.timeoutMs = timeoutMs;
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        token = HexFormat.of().formatHex(random);
        credentials = ("Basic "
                        + Base64.getEncoder().encodeToString((USER + ":" + token).getBytes(StandardCharsets.US_ASCII)))
                .getBytes(StandardCharsets.US_ASCII);
        listener = new ServerSocket(0, CONNECTIONS_MAX, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        thread(this::listen, "proxy").start();
    }

    /** {@return what FFmpeg is told; a secret} */
    String url() {
        return "http://" + USER + ":" + token + "@127.0.0.1:" + listener.getLocalPort();
    }

    /** {@return why the last connection could not be made, unless a later one could} */
    Optional<SourceFailure> takeFailure() {
        SourceFailure last = failure;
        failure = null;
        return Optional.ofNullable(last);
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (free.tryAcquire()) {
                    thread(() -> serve(client), "proxied").start();
                } else {
                    client.close();
                }
            } catch (IOException closed) {
                // Looked at above.
            }
        }
    }

    private void serve(Socket client) {
        try (Proxied connection = new Proxied(this, client)) {
            connection.run();
        } catch (IOException broken) {
            // FFmpeg has noticed, and says what it makes of it.
        } finally {
            free.release();
        }
    }

    // ---- asked by connections ----

    boolean knows(String shown) {
        return MessageDigest.isEqual(credentials, shown.getBytes(StandardCharsets.ISO_8859_1));
    }

    Door door() {
        return door;
    }

    int timeoutMs() {
        return timeoutMs;
    }

    void failed(SourceFailure why) {
        failure = why;
    }

    void connected() {
        failure = null;
    }

    /** What is open ends with its own streams. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException closedAnyway) {
            // Nobody is accepted any more.
        }
    }
}
